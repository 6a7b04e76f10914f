import type { ConfigErrorPlace } from "../injection/index.js";

/** The steps a candidate goes through, in order. A metric label: the set is closed. */
export const reloadStages = [
  "read",
  "parse",
  "templates",
  "values",
  "mesh",
  "objects",
  "samples",
  "workers",
] as const;

/** The step that refused a candidate. */
export type ReloadStage = (typeof reloadStages)[number];

/** Thrown when a configuration cannot be taken. Its message names file, line, column and key as far as they are known. */
export class ReloadError extends Error {
  override readonly name = "ReloadError";
  constructor(
    readonly stage: ReloadStage,
    message: string,
    readonly place: ConfigErrorPlace = {},
    options?: { cause?: unknown },
  ) {
    super(`${placeText(place)}${message}`, options);
  }
}

function placeText({ source, line, column, key }: ConfigErrorPlace): string {
  const position = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`);
  const where = source === undefined ? "" : `${source}${position.join("")}: `;
  return key === undefined ? where : `${where}${key}: `;
}
