import { type GoRegexp, groupAt, type MatchPlaces } from "./go-regexp.js";

/** One piece of a replacement: text, or a reference to a group by number or name. */
type Piece = { readonly text: string } | { readonly group: string };

/**
 * Go's replacement templates: `$1`, `$name` and `${name}` are the group's text, `$$` is a dollar. A name is
 * as long as letters, digits and underscores go, so `$1x` is the group `1x`. Any other `$` stands for itself.
 */
export class RegexpTemplate {
  private readonly pieces: readonly Piece[];

  constructor(template: string) {
    this.pieces = parse(template);
  }

  /** The template with the groups of a match filled in; a group that is unknown or took no part is "". */
  expand(regexp: GoRegexp, text: string, match: MatchPlaces): string {
    return this.pieces
      .map((piece) => ("text" in piece ? piece.text : groupText(piece.group, regexp, text, match)))
      .join("");
  }
}

const reference = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

function parse(template: string): Piece[] {
  const pieces: Piece[] = [];
  let copied = 0;
  for (const match of template.matchAll(reference)) {
    const [whole, dollar, plain, braced] = match;
    pieces.push({ text: template.slice(copied, match.index) + (dollar ?? "") });
    const group = plain ?? braced;
    if (group !== undefined) pieces.push({ group });
    copied = match.index + whole.length;
  }
  pieces.push({ text: template.slice(copied) });
  return pieces;
}

/** A name of digits without a leading zero is a number; Go gives up at 10^8. */
function groupText(name: string, regexp: GoRegexp, text: string, match: MatchPlaces): string {
  const numbered = /^(?:0|[1-9][0-9]{0,7})$/.test(name);
  return (numbered ? groupAt(Number(name), text, match) : regexp.groupText(name, text, match)) ?? "";
}
