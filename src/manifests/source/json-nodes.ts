import type { SourceNode, SourcePair, SourceSlot } from "./source-node.js";

/** A JSON value of a stream of values. */
export interface JsonDocumentNodes {
  readonly start: number;
  readonly end: number;
  readonly root: SourceSlot;
}

const maxDepth = 1000;

/**
 * Finds the values of a text that holds one JSON object after another, as `kubectl -o json` and `jq` write them.
 * Undefined when the text is something else, YAML for example.
 */
export function readJsonNodes(text: string): readonly JsonDocumentNodes[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const reader = new JsonReader(text);
  const found: JsonDocumentNodes[] = [];
  try {
    for (reader.space(); !reader.done(); reader.space()) {
      const value = reader.value(0);
      found.push({
        start: value.start,
        end: value.end,
        root: { start: value.start, head: value.start, value },
      });
    }
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
  return found;
}

class NotJson extends Error {}

class JsonReader {
  private at: number;
  constructor(private readonly text: string) {
    // A byte order mark.
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  done(): boolean {
    return this.at >= this.text.length;
  }

  space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at++;
  }

  value(depth: number): SourceNode {
    if (depth > maxDepth) throw new NotJson();
    const first = this.text[this.at];
    if (first === "{") return this.map(depth);
    if (first === "[") return this.list(depth);
    const start = this.at;
    if (first === '"') this.string();
    else this.word();
    return { kind: "scalar", style: first === '"' ? "double" : "plain", start, end: this.at };
  }

  private word(): void {
    wordToken.lastIndex = this.at;
    const found = wordToken.exec(this.text)?.[0];
    if (found === undefined) throw new NotJson();
    this.at += found.length;
  }

  /** Takes a string. Whether its escapes are right is for the parser of values to say. */
  private string(): string {
    const start = this.at;
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (this.done()) throw new NotJson();
      if (this.text[this.at] === "\\") this.at++;
    }
    this.at++;
    return this.text.slice(start, this.at);
  }

  private take(char: string): boolean {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private expect(char: string): void {
    if (!this.take(char)) throw new NotJson();
  }

  /** Entries up to the closing bracket, which is taken too. */
  private entries<T>(close: string, read: () => T): T[] {
    this.at++;
    const found: T[] = [];
    if (this.take(close)) return found;
    do {
      this.space();
      found.push(read());
    } while (this.take(","));
    this.expect(close);
    return found;
  }

  private map(depth: number): SourceNode {
    const start = this.at;
    const entries = this.entries("}", (): SourcePair => {
      const begin = this.at;
      if (this.text[begin] !== '"') throw new NotJson();
      const key = readKey(this.string());
      this.expect(":");
      const head = this.at;
      this.space();
      return { start: begin, head, key, merge: false, value: this.value(depth + 1) };
    });
    return { kind: "map", flow: true, opaque: false, entries, start, end: this.at };
  }

  private list(depth: number): SourceNode {
    const start = this.at;
    const entries = this.entries("]", (): SourceSlot => {
      const begin = this.at;
      return { start: begin, head: begin, value: this.value(depth + 1) };
    });
    return { kind: "list", flow: true, opaque: false, entries, start, end: this.at };
  }
}

function readKey(source: string): string {
  try {
    return String(JSON.parse(source));
  } catch {
    throw new NotJson();
  }
}

const wordToken = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
