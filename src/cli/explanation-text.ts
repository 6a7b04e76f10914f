import { decisionCodes, type Explanation, type Origin, type WebhookVerdict } from "../injection/index.js";
import { wrapText } from "./wrap-text.js";

/** Fits every terminal. */
const width = 80;

/** An explanation for people, in 80 columns. */
export function explanationText(title: string, explanation: Explanation): string {
  return [
    `${title}\n`,
    webhookText(explanation),
    decisionText(explanation),
    errorText(explanation),
    templatesText(explanation),
    originsText(explanation.origins),
    list("Annotations whose values were checked:", explanation.validated),
    list(
      "Warnings:",
      explanation.warnings.map(({ message }) => message),
    ),
  ].join("");
}

function webhookText({ webhooks, called }: Explanation): string {
  if (webhooks === undefined)
    return "\nWould the API server call the injector? Not known without --webhook-config.\n";
  const head = `\nWould the API server call the injector? ${called ? "Yes" : "No"}.\n`;
  const callers = webhooks.filter((one) => one.called);
  const several =
    callers.length > 1
      ? `  More than one will: ${callers.map((one) => one.configuration).join(", ")}.\n`
      : "";
  return head + several + webhooks.map(verdictText).join("");
}

function verdictText({ configuration, revision, called, reason, entries }: WebhookVerdict): string {
  const mark = called ? "calls" : "does not call";
  const lines = entries.map((entry) => {
    const yes = (value: boolean): string => (value ? "yes" : "no");
    const rules = entry.coversPods ? "" : ", rules do not cover pods";
    const conditions = entry.matchConditions
      .map((text) => wrapText(`only if ${text}`, width, "        "))
      .join("");
    const labels = [entry.namespaceLabel, entry.podLabel].filter((one) => one !== undefined).join(", ");
    return (
      wrapText(`${entry.name}`, width, "    ") +
      wrapText(
        `namespace ${yes(entry.namespaceMatches)}, pod ${yes(entry.objectMatches)}${rules}${labels === "" ? "" : ` (${labels})`}`,
        width,
        "      ",
      ) +
      conditions
    );
  });
  return (
    wrapText(`${configuration} (revision ${revision || "none"}) ${mark}: ${reason}`, width, "  ", "    ") +
    lines.join("")
  );
}

function decisionText({ decision, overruled }: Explanation): string {
  if (decision === undefined) return "";
  const head = wrapText(
    `${decision.inject ? "Yes" : "No"}: ${decisionCodes[decision.code]}.`,
    width,
    "Would the injector inject? ",
    "  ",
  );
  const over = overruled.map((text) => wrapText(`overruled: ${text}`, width, "  "));
  return `\n${head}${decision.rules.map((one, index) => ruleLine(index, one.rule, one.applies, one.detail)).join("")}${over.join("")}`;
}

function ruleLine(index: number, rule: string, applies: boolean, detail: string): string {
  const head = `  ${index + 1}. ${rule.padEnd(22)} ${applies ? "yes" : "no "} `;
  return wrapText(detail, width, head);
}

function errorText({ error }: Explanation): string {
  if (error === undefined) return "";
  const lines = error.message.trimEnd().split("\n");
  return `\nInjection fails:\n${lines.map((line) => wrapText(line.trim(), width, "  ")).join("")}`;
}

function templatesText({ result }: Explanation): string {
  if (result === undefined || result.decision === "skip") return "";
  return `\n${wrapText(result.templates.join(", "), width, "Templates: ")}`;
}

function originsText(origins: readonly Origin[]): string {
  if (origins.length === 0) return "";
  return `\nWhat is added or changed, and where it comes from:\n${origins.map(originText).join("")}`;
}

function originText({ path, templates, from }: Origin): string {
  const by = templates.length === 0 ? "the injector itself" : `template ${templates.join(", ")}`;
  const depends = from.length === 0 ? "" : `; ${groupCauses(from)}`;
  const line = `  ${path}: ${by}${depends}`;
  return line.length <= width ? `${line}\n` : `  ${path}:\n${wrapText(by + depends, width, "      ")}`;
}

/** `values a, values b` as `values a, b`. */
function groupCauses(causes: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const cause of causes) {
    const at = cause.startsWith("mesh config ") ? "mesh config".length : cause.indexOf(" ");
    const [kind, name] = at < 0 ? [cause, ""] : [cause.slice(0, at), cause.slice(at + 1)];
    groups.set(kind, [...(groups.get(kind) ?? []), ...(name === "" ? [] : [name])]);
  }
  return [...groups].map(([kind, names]) => `${kind} ${names.join(", ")}`.trimEnd()).join("; ");
}

function list(head: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return `\n${head}\n${items.map((item) => wrapText(item, width, "  ", "    ")).join("")}`;
}
