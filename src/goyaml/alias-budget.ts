/**
 * Counts nodes as go-yaml does, to stop aliases of aliases that would grow without bounds: a few lines of YAML can stand for
 * more than any memory holds.
 */
export class AliasBudget {
  #nodes = 0;
  #aliasNodes = 0;

  /** Counts a node that stands in the text. */
  addNode(): void {
    this.#nodes++;
  }

  /** Counts the nodes that an alias stands for. Tells whether the document may have so many. */
  addAlias(size: number): boolean {
    this.#nodes += size + 1;
    this.#aliasNodes += size;
    // Small documents may do as they like.
    if (this.#aliasNodes <= 100 || this.#nodes <= 1000) return true;
    return this.#aliasNodes / this.#nodes <= allowedRatio(this.#nodes);
  }
}

/**
 * The part of all nodes that may come from aliases, as go-yaml allows it: nearly all in a document of up to 400,000 nodes,
 * a tenth from 4,000,000 on, and in between less the larger it is.
 */
function allowedRatio(nodes: number): number {
  const low = 400_000;
  const high = 4_000_000;
  if (nodes <= low) return 0.99;
  if (nodes >= high) return 0.1;
  return 0.99 - 0.89 * ((nodes - low) / (high - low));
}
