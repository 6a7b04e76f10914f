/**
 * So many characters of somebody's text a message quotes. A list of addresses or a template's name is whole within
 * them; what is longer is seen better where it was written.
 */
const mostQuoted = 200;

/**
 * A text of a user as a message quotes it: whole, or its begin with its length. Every message that quotes what somebody
 * wrote has it from here, so that a megabyte in an annotation is not three in an answer and in the log.
 *
 * @param most the most UTF-16 units that are kept; a character of two is not cut in half
 */
export function excerpt(text: string, most: number = mostQuoted): string {
  if (text.length <= most) return text;
  const begin = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return `${begin}… (${text.length} characters)`;
}
