import { getOwn, isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import { deactivatedLabel, neverMatch, type WebhookConfiguration } from "../webhook-configuration.js";
import { editEntries, withAnnotation } from "./edit-entries.js";
import { defaultName, tagEntries } from "./tag-entries.js";
import { TagError } from "./tag-error.js";

/** Holds the selectors of a configuration that was switched off: JSON, by the names of the entries. */
export const savedSelectorsAnnotation = "pillion.dev/selectors-before-handover";

const never = { matchLabels: { [deactivatedLabel]: neverMatch } };

/** Whether some entry can match. */
export function isActive({ entries }: WebhookConfiguration): boolean {
  return entries.some(({ deactivated }) => !deactivated);
}

/** Whether some entry is switched off. */
export function isDeactivated({ entries }: WebhookConfiguration): boolean {
  return entries.some(({ deactivated }) => deactivated);
}

/** The configuration switched off as istioctl does it (docs/behaviour.md#revision-tags), with its selectors kept in an annotation. */
export function deactivate(configuration: WebhookConfiguration): JsonObject {
  const saved = savedSelectors(configuration);
  for (const { name, deactivated, namespaceSelector, objectSelector } of configuration.entries)
    if (!deactivated) saved.set(name, { namespaceSelector, objectSelector });
  const source = editEntries(configuration.source, (entry) => ({
    ...entry,
    namespaceSelector: never,
    objectSelector: never,
  }));
  return withAnnotation(source, savedSelectorsAnnotation, JSON.stringify(Object.fromEntries(saved)));
}

/**
 * The configuration with its selectors as they were. Where istioctl switched it off nothing was kept, and an entry gets
 * back the selectors that Istio's chart gives to its name. @throws TagError `absent` for an entry of another name
 */
export function reactivate(configuration: WebhookConfiguration): JsonObject {
  const saved = savedSelectors(configuration);
  const usual = new Map(
    tagEntries(defaultName, true).map(({ name, ...selectors }): [string, JsonObject] => [
      name,
      { ...selectors },
    ]),
  );
  const off = new Set(configuration.entries.filter(({ deactivated }) => deactivated).map(({ name }) => name));
  const source = editEntries(configuration.source, (entry) => {
    const name = String(entry.name);
    if (!off.has(name)) return entry;
    const selectors = saved.get(name) ?? usual.get(name);
    if (selectors !== undefined) return { ...entry, ...selectors };
    throw new TagError(
      "absent",
      `the entry ${name} of MutatingWebhookConfiguration ${configuration.name} is switched off, and what it selected is ` +
        `not in the annotation ${savedSelectorsAnnotation}. Install it again with the tool that made it`,
    );
  });
  return withAnnotation(source, savedSelectorsAnnotation, undefined);
}

/** What the annotation keeps. One that somebody broke keeps nothing. */
function savedSelectors({ annotations }: WebhookConfiguration): Map<string, JsonObject> {
  const saved = parse(getOwn(annotations, savedSelectorsAnnotation) ?? "{}");
  const found = new Map<string, JsonObject>();
  if (!isObject(saved)) return found;
  for (const [name, selectors] of Object.entries(saved)) {
    if (!isObject(selectors)) continue;
    const { namespaceSelector, objectSelector } = selectors;
    if (isObject(namespaceSelector) && isObject(objectSelector))
      found.set(name, { namespaceSelector, objectSelector });
  }
  return found;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
