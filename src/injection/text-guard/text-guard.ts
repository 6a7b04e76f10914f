import type { Template } from "../../gotemplate/index.js";
import { isInert } from "./inert-functions.js";

/** What becomes of a pod whose text changes the structure of what a template makes: ADR 0009. */
export type TextGuardMode = "enforce" | "warn" | "off";

/** How the texts of pods are watched, for the templates of a snapshot. */
export interface TextGuard {
  readonly mode: TextGuardMode;
  /** The templates that can make YAML of texts without any in them: they cut, join, decode or replace. */
  readonly inventive: ReadonlySet<Template>;
}

/** The guard of these templates. */
export function textGuardOf(mode: TextGuardMode, templates: Iterable<Template>): TextGuard {
  const inventive = [...templates].filter((template) => !template.callsOnly(isInert));
  return { mode, inventive: new Set(inventive) };
}
