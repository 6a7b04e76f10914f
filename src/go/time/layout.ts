/** One element of a Go layout, and the literal text before it. The last one has no element. */
export interface LayoutPart {
  readonly literal: string;
  /** The element as written in the layout, such as `Jan`, `02` or `.000`. */
  readonly element: string | undefined;
}

/** `Jan` and `Mon` are elements only when no lower-case letter follows; `_2006` is `_` and the year. */
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|[345]|PM|pm|[Z-]07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?![0-9])/g;

/** Takes a layout apart as Go's nextStdChunk does. */
export function layoutParts(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let copied = 0;
  for (const match of layout.matchAll(elements)) {
    parts.push({ literal: layout.slice(copied, match.index), element: match[0] });
    copied = match.index + match[0].length;
  }
  return [...parts, { literal: layout.slice(copied), element: undefined }];
}
