/** Text that takes the place of what stands between two offsets. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Thrown when edits contradict each other; the caller then writes the document anew. */
export class EditConflict extends Error {
  override readonly name = "EditConflict";
}

/**
 * Applies edits to the part of a text between two offsets and returns the new part. Edits at one place keep the order in
 * which they were made. Throws EditConflict when two of them overlap.
 */
export function applyEdits(text: string, edits: readonly TextEdit[], start = 0, end = text.length): string {
  const parts: string[] = [];
  let at = start;
  const inside = edits.filter((edit) => edit.start >= start && edit.end <= end);
  // An insertion goes before a replacement that begins where it stands, so that what it follows is still there.
  const order = (edit: TextEdit): number => (edit.start === edit.end ? 0 : 1);
  for (const edit of inside.toSorted((a, b) => a.start - b.start || order(a) - order(b))) {
    if (edit.start < at) throw new EditConflict(`edits overlap at offset ${edit.start}`);
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at, end));
  return parts.join("");
}
