/** Characters that stand for themselves in a JSON string. */
const simple = /^[ !#-[\]-~]*$/;

/** The JSON text of a string, as JSON.stringify writes it: most need no escapes, and a test for them is quicker. */
export function jsonText(text: string): string {
  return simple.test(text) ? `"${text}"` : JSON.stringify(text);
}
