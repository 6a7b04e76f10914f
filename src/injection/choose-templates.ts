import type { Template } from "../gotemplate/index.js";
import { excerpt } from "../text/index.js";
import { InjectionError } from "./injection-error.js";
import { names } from "./names.js";
import { nearestName } from "./nearest-name.js";
import type { Snapshot } from "./snapshot.js";

/** Templates, and the name of each. */
export interface ChosenTemplates {
  readonly names: readonly string[];
  readonly templates: readonly Template[];
}

/** The default templates of each snapshot. */
const defaults = new WeakMap<Snapshot, ChosenTemplates>();

/**
 * The templates for a pod: those its annotation names, else the default ones, aliases replaced once: 4.1.
 * Throws InjectionError `template-unknown`, which names the known ones and the nearest, or `too-many-templates`.
 *
 * @param limit how many templates a pod may ask for, after aliases
 */
export function chooseTemplates(
  annotations: Readonly<Record<string, string>>,
  snapshot: Snapshot,
  limit = Number.POSITIVE_INFINITY,
): ChosenTemplates {
  if (Object.hasOwn(annotations, names.templates)) {
    const asked = (annotations[names.templates] ?? "").split(",").map((name) => name.trim());
    // An alias stands for templates, or for none; those it stands for are counted below.
    checkCount(asked.length, limit);
    const chosen = templatesNamed(asked, snapshot);
    checkCount(chosen.names.length, limit);
    return chosen;
  }
  let chosen = defaults.get(snapshot);
  if (chosen === undefined) {
    chosen = templatesNamed(snapshot.defaultTemplates, snapshot);
    defaults.set(snapshot, chosen);
  }
  return chosen;
}

function checkCount(count: number, limit: number): void {
  if (count > limit)
    throw new InjectionError(
      "too-many-templates",
      `the annotation ${names.templates} asks for ${count} templates; ${limit} at most are rendered for a pod`,
    );
}

function templatesNamed(
  asked: readonly string[],
  { templates, templateNames, aliases }: Snapshot,
): ChosenTemplates {
  const named = asked.flatMap((name) => aliases.get(name) ?? [name]);
  return {
    names: named,
    templates: named.map((name) => {
      const template = templates.get(name);
      if (template === undefined) throw unknownTemplate(name, [...templateNames, ...aliases.keys()]);
      return template;
    }),
  };
}

function unknownTemplate(name: string, known: readonly string[]): InjectionError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return new InjectionError(
    "template-unknown",
    `failed to run injection template: requested template "${excerpt(name)}" not found; have ${known.join(", ")}${hint}`,
  );
}
