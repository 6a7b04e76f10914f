/**
 * Breaks a text at spaces so that no line is longer than the width, indentation included; a word that is longer stands
 * alone. The first line has `first` in front of it, the others as many spaces or `rest`.
 */
export function wrapText(
  text: string,
  width: number,
  first: string,
  rest = " ".repeat(first.length),
): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest + word;
    } else line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].map((one) => `${one.trimEnd()}\n`).join("");
}
