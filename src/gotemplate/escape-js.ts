import { isPrint } from "../go/index.js";

const special = /[\\'"<>&=]|\p{Cc}|[^\0-\x7f]/gu;
const quoted = "\\'\"";

/** Text for a string literal of JavaScript, as template.JSEscapeString writes it. */
export function escapeJs(text: string): string {
  return text.replace(special, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (quoted.includes(character)) return `\\${character}`;
  const codePoint = character.codePointAt(0) ?? 0;
  const isPlain = codePoint === 0x7f || (codePoint >= 0x80 && isPrint(codePoint));
  return isPlain ? character : `\\u${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}
