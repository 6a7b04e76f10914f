// Kubernetes may cut a warning over 256 characters, and drops all beyond 4096 characters in total.
const longest = 256;
const total = 4096;

/** Shapes messages into the warnings that kubectl shows: single lines, none of which Kubernetes would cut or drop. */
export function reviewWarnings(messages: readonly string[]): string[] {
  const warnings: string[] = [];
  let used = 0;
  for (const message of messages) {
    const warning = shorten(message.replace(/[\s\p{Cc}]+/gu, " ").trim());
    used += warning.length;
    if (used > total) break;
    warnings.push(warning);
  }
  return warnings;
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
