import { type PictureBox, type PictureRow, pictureBoxes } from "./picture-rows.js";
import type { Trace, Verdict } from "./trace.js";
import { placeText } from "./verdict-text.js";

/** Pixels. Text is monospaced, so a character's width is known without measuring it: 0.6 of its size. */
const width = 920;
const margin = 32;
const boxLeft = margin + 28;
const boxWidth = width - boxLeft - margin;
const lineHeight = 20;
const fontSize = 13;
const columns = (depth: number, size: number) => Math.floor((boxWidth - 40 - depth * 24) / (size * 0.602));

const style = `
  .page { fill: #ffffff } .way { stroke: #7a8699; stroke-width: 3; fill: none } .tip { fill: #7a8699 }
  .box { fill: #f4f6f9; stroke: #c3cad5 } .station { fill: #ffffff; stroke: #7a8699 }
  text { font: ${fontSize}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1d2633 }
  .title { font-weight: bold; font-size: 15px } .soft { fill: #5b6677 } .table { fill: #3a4a63; font-weight: bold }
  .chain { fill: #6a3fa0; font-weight: bold } .effect { fill: #14614f } .guide { stroke: #c3cad5 }
  .decider { fill: #fff1c9; stroke: #c98a00 } .deciding { font-weight: bold; fill: #5c3d00 }
  .captured { fill: #14614f } .passed { fill: #2456a6 } .dropped { fill: #a32020 } .end { fill: #ffffff; font-weight: bold; font-size: 15px }
  .endsoft { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12161d } .way { stroke: #8b98ad } .tip { fill: #8b98ad } .box { fill: #1b222d; stroke: #3a4656 }
    .station { fill: #12161d; stroke: #8b98ad } text { fill: #e4e9f1 } .soft { fill: #9aa7ba } .table { fill: #b8c6dc }
    .chain { fill: #c3a4f0 } .effect { fill: #7fd6bd } .guide { stroke: #3a4656 }
    .decider { fill: #463508; stroke: #e0a52c } .deciding { fill: #ffe3a1 }
    .captured { fill: #1d7a64 } .passed { fill: #2f66c0 } .dropped { fill: #b83232 }
  }`;

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll(/[^\t\n -\uffff]/g, "?");
}

/** Breaks a text into lines of at most so many characters, at blanks where it can. */
function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const blank = rest.lastIndexOf(" ", most);
    const at = blank > most / 3 ? blank : most;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  lines.push(rest);
  return lines;
}

function textAt(x: number, y: number, className: string, text: string): string {
  return `<text x="${x}" y="${y}" class="${className}">${escapeXml(text)}</text>`;
}

/** Draws boxes from top to bottom along one line, the packet's way. */
class Drawing {
  readonly #parts: string[] = [];
  #y = margin;

  constructor(
    private readonly verdict: Verdict,
    private readonly label: string,
  ) {}

  add(box: PictureBox): void {
    if (box.kind === "verdict") this.#verdict(box);
    else if (box.kind === "hook") this.#hook(box);
    else this.#station(box);
    this.#y += 18;
  }

  finish(): string {
    const height = this.#y + margin - 18;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(this.label)}">`,
      `<title>${escapeXml(this.label)}</title><style>${style}</style>`,
      `<rect class="page" width="${width}" height="${height}"/>`,
      ...this.#parts,
      "</svg>\n",
    ].join("\n");
  }

  /** A piece of the way along a box, ending in an arrow into the next. */
  #way(top: number, bottom: number): void {
    const x = margin + 6;
    this.#parts.push(`<path class="way" d="M${x} ${top}V${bottom}"/>`);
  }

  #arrow(y: number): void {
    const x = margin + 6;
    this.#parts.push(
      `<path class="tip" d="M${x + 8} ${y - 6}l12 6l-12 6z"/><path class="way" d="M${x} ${y}h10"/>`,
    );
  }

  #station(box: PictureBox): void {
    const lines = wrap(box.title, columns(0, fontSize));
    const height = lines.length * lineHeight + 12;
    this.#way(this.#y + height / 2 - (box.kind === "start" ? 0 : height / 2 + 18), this.#y + height + 18);
    this.#parts.push(
      `<rect class="station" x="${margin}" y="${this.#y}" width="${boxLeft - margin + boxWidth}" height="${height}" rx="4"/>`,
      ...lines.map((line, index) => textAt(margin + 16, this.#y + 20 + index * lineHeight, "soft", line)),
    );
    this.#y += height;
  }

  #hook(box: PictureBox): void {
    const top = this.#y;
    const at = this.#parts.length;
    this.#parts.push(
      `<text x="${boxLeft + 16}" y="${top + 24}"><tspan class="title">${box.title}</tspan><tspan class="soft" dx="10">${escapeXml(box.subtitle)}</tspan></text>`,
    );
    this.#y += 36;
    for (const row of box.rows) this.#row(row);
    if (box.rows.length > 0) this.#y += 8;
    const frame = `<rect class="box" x="${boxLeft}" y="${top}" width="${boxWidth}" height="${this.#y - top}" rx="8"/>`;
    this.#parts.splice(at, 0, frame);
    this.#way(top - 18, this.#y + 18);
    this.#arrow(top + 19);
  }

  #row(row: PictureRow): void {
    const x = boxLeft + 16 + row.depth * 24 + (row.kind === "effect" ? 18 : 0);
    const lines = wrap(this.#rowText(row), columns(row.depth, fontSize) - (row.kind === "effect" ? 3 : 0));
    const height = lines.length * lineHeight;
    if (row.kind === "table") this.#y += 4;
    if (row.depth > 0) this.#guide(row.depth, height);
    if (row.kind === "decider")
      this.#parts.push(
        `<rect class="decider" x="${x - 6}" y="${this.#y}" width="${boxLeft + boxWidth - x - 6}" height="${height + 2}" rx="4"/>`,
      );
    const className = {
      table: "table",
      chain: "chain",
      rule: "",
      decider: "deciding",
      effect: "effect",
      quiet: "soft",
    }[row.kind];
    for (const [index, line] of lines.entries())
      this.#parts.push(textAt(x, this.#y + 15 + index * lineHeight, className, line));
    this.#y += height + (row.kind === "decider" ? 4 : 0);
  }

  #rowText(row: PictureRow): string {
    if (row.kind === "table") return `table ${row.text}`;
    if (row.kind === "chain") return `into ${row.text}`;
    if (row.kind === "decider") return `${row.text} ◀ decides`;
    return row.kind === "effect" ? `→ ${row.text}` : row.text;
  }

  #guide(depth: number, height: number): void {
    for (let level = 1; level <= depth; level++) {
      const x = boxLeft + 4 + level * 24;
      this.#parts.push(`<path class="guide" d="M${x} ${this.#y}v${height}"/>`);
    }
  }

  #verdict(box: PictureBox): void {
    const { decidedBy, kind } = this.verdict;
    const colour = kind === "passed" || kind === "dropped" ? kind : "captured";
    const why = decidedBy === undefined ? "no rule decided" : `decided by ${placeText(decidedBy)}`;
    const lines = wrap(why, columns(0, fontSize));
    const height = 36 + lines.length * lineHeight;
    this.#parts.push(
      `<rect class="${colour}" x="${margin}" y="${this.#y}" width="${boxLeft - margin + boxWidth}" height="${height}" rx="10"/>`,
      textAt(margin + 16, this.#y + 26, "end", box.title),
      ...lines.map((line, index) => textAt(margin + 16, this.#y + 47 + index * lineHeight, "endsoft", line)),
    );
    this.#y += height;
  }
}

/**
 * Draws a trace as a picture: the packet's way from top to bottom through hooks, tables and chains, the deciding rule
 * framed, the verdict at the end. It follows the reader's light or dark setting.
 */
export function traceSvg(trace: Trace): string {
  const boxes = pictureBoxes(trace);
  const drawing = new Drawing(trace.verdict, boxes.at(-1)?.title ?? "");
  for (const box of boxes) drawing.add(box);
  return drawing.finish();
}
