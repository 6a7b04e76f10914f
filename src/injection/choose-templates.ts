import type { Template } from "../gotemplate/index.js";
import { InjectionError } from "./injection-error.js";
import { names } from "./names.js";
import { nearestName } from "./nearest-name.js";
import type { Snapshot } from "./snapshot.js";

/** A template under the name by which it was asked for. */
export interface ChosenTemplate {
  readonly name: string;
  readonly template: Template;
}

/**
 * The templates for a pod: those its annotation names, else the default ones, aliases replaced once: 4.1.
 * Throws InjectionError `template-unknown`, which names the known ones and the nearest.
 */
export function chooseTemplates(
  annotations: Readonly<Record<string, string>>,
  { templates, templateNames, defaultTemplates, aliases }: Snapshot,
): readonly ChosenTemplate[] {
  const asked = Object.hasOwn(annotations, names.templates)
    ? (annotations[names.templates] ?? "").split(",").map((name) => name.trim())
    : defaultTemplates;
  return asked
    .flatMap((name) => aliases.get(name) ?? [name])
    .map((name) => {
      const template = templates.get(name);
      if (template === undefined) throw unknownTemplate(name, [...templateNames, ...aliases.keys()]);
      return { name, template };
    });
}

function unknownTemplate(name: string, known: readonly string[]): InjectionError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return new InjectionError(
    "template-unknown",
    `failed to run injection template: requested template "${name}" not found; have ${known.join(", ")}${hint}`,
  );
}
