const special = /[&<>"'\0]/g;
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
  "\0": "\ufffd",
};

/** Text for HTML, as template.HTMLEscapeString writes it. */
export function escapeHtml(text: string): string {
  return text.replace(special, (character) => escapes[character] ?? character);
}
