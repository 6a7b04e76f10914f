/** Several errors as one text, as Go's multierror prints them: a heading and an item for each. */
export function formatMultiError(errors: readonly string[]): string {
  const heading = errors.length === 1 ? "1 error occurred:" : `${errors.length} errors occurred:`;
  return `${heading}\n\t${errors.map((error) => `* ${error}`).join("\n\t")}\n\n`;
}
