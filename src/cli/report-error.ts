import { GoYamlError } from "../goyaml/index.js";
import { ConfigError } from "../injection/index.js";
import { ManifestError } from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";

interface Place {
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
}

/** `file:line:column`, as far as it is known. */
function placeText({ source, line, column }: Place): string {
  const position = line === undefined ? "" : column === undefined ? `:${line}` : `:${line}:${column}`;
  return source === undefined ? "" : `${source}${position}: `;
}

/** Longer lines are cut: what matters stands near the column. */
const maxLine = 160;

/** The line of the fault with a mark under its column. */
function excerpt(line: number, column: number | undefined, lineText: string): string {
  const number = ` ${line} | `;
  const from = column !== undefined && column > maxLine ? column - Math.floor(maxLine / 2) : 0;
  const shown = lineText.slice(from, from + maxLine).replaceAll("\t", " ");
  const text = `${number}${shown}\n`;
  if (column === undefined) return text;
  const before = Math.max(0, column - 1 - from);
  return `${text}${" ".repeat(number.length - 2)}| ${" ".repeat(before)}^\n`;
}

/** An error as people read it: place, object, message, and the line itself where it is known. */
export function errorText(error: Error): string {
  if (error instanceof ManifestError) {
    const { place } = error;
    const object = place.object === undefined ? "" : `${place.object}: `;
    const head = `error: ${placeText(place)}${object}${error.message.trimEnd()}\n`;
    if (place.line === undefined || place.lineText === undefined) return head;
    return head + excerpt(place.line, place.column, place.lineText);
  }
  if (error instanceof ConfigError) return configErrorText(error);
  return `error: ${error.message.trimEnd()}\n`;
}

function configErrorText({ place, message, cause }: ConfigError): string {
  const where = placeText(place);
  const key = place.key === undefined || message.includes(place.key) ? "" : `${place.key}: `;
  const broken = cause instanceof GoYamlError ? cause : undefined;
  const said = broken?.reason ?? (message.startsWith(where) ? message.slice(where.length) : message);
  const head = `error: ${where}${key}${said.trimEnd()}\n`;
  return broken === undefined ? head : head + excerpt(broken.line, broken.column, broken.sourceLine);
}

/** Writes errors to standard error and sets the exit code. Others than the known kinds are passed on. */
export function reportErrors(errors: readonly Error[], io: CliIo): void {
  for (const error of errors) io.stderr(errorText(error));
  if (errors.length > 0) io.exitCode(errors.some(isUsage) ? 2 : 1);
}

function isUsage(error: Error): boolean {
  return error instanceof CliError && error.code === "usage";
}

/** Whether an error is one that the user can do something about. */
export function isReportable(error: unknown): error is Error {
  return error instanceof CliError || error instanceof ManifestError || error instanceof ConfigError;
}
