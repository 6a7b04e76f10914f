import { type Command, InvalidArgumentError } from "commander";
import {
  type CustomKind,
  ManifestError,
  type ManifestText,
  parseCustomKind,
  type TransformedManifest,
} from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import { expandPaths } from "./expand-paths.js";
import type { CliIo } from "./io.js";
import { readText, writeText } from "./read-text.js";
import { reportErrors } from "./report-error.js";

/** The flags of the commands that change manifests. */
export interface ManifestFlags {
  readonly filename?: readonly string[];
  readonly output?: string;
  readonly inPlace?: boolean;
  readonly keepGoing?: boolean;
  readonly kind?: readonly CustomKind[];
  readonly namespace?: string;
}

function collectKind(value: string, previous: readonly CustomKind[] | undefined): readonly CustomKind[] {
  const kind = parseCustomKind(value);
  if (kind === undefined) throw new InvalidArgumentError("Write group/Kind, such as argoproj.io/Rollout.");
  return [...(previous ?? []), kind];
}

/** Adds the flags that say which manifests a command reads. */
export function addInputOptions(command: Command): Command {
  return command
    .option(
      "-f, --filename <path>",
      "file, directory, glob, or - for standard input (repeatable)",
      (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
    )
    .option(
      "--kind <group/Kind>",
      "another kind whose spec.template is a pod template (repeatable)",
      collectKind,
    )
    .option("-n, --namespace <name>", "namespace of objects that name none");
}

/** Adds the flags of the commands that change manifests. */
export function addManifestOptions(command: Command): Command {
  return addInputOptions(command)
    .option("-o, --output <file>", "write to this file and not to standard output")
    .option("--in-place", "write every changed file back to where it was read")
    .option("--keep-going", "leave documents that fail as they are, and write the others");
}

/** What the manifests layer takes from the flags. */
export function manifestOptions(flags: ManifestFlags): {
  namespace?: string;
  customKinds: readonly CustomKind[];
} {
  return {
    customKinds: flags.kind ?? [],
    ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
  };
}

/** Reads every manifest that the flags name. Throws CliError. */
export async function readManifests(flags: ManifestFlags, io: CliIo): Promise<readonly ManifestText[]> {
  const named = flags.filename ?? [];
  if (named.length === 0) throw new CliError("usage", "filename not specified (see --filename or -f)");
  if (flags.inPlace && flags.output !== undefined)
    throw new CliError("usage", "--in-place and --output exclude each other");
  if (flags.inPlace && named.includes("-"))
    throw new CliError("usage", "--in-place needs files, and -f - is none");
  const paths = await expandPaths(named, io);
  const files: ManifestText[] = [];
  for (const [index, path] of paths.entries()) {
    progress(index, paths.length, path, io);
    files.push(await readText(path, "-f", io));
  }
  progress(paths.length, paths.length, "", io);
  return files;
}

/** Fewer files are read before anyone could read about them. */
const progressFrom = 20;

/** One line at a terminal that is written over and gone at the end. */
function progress(done: number, all: number, path: string, io: CliIo): void {
  if (!io.isTTY.stderr || all < progressFrom) return;
  const text = done === all ? "" : `${done + 1}/${all} ${path}`.slice(0, 79);
  io.stderr(`\r\u001b[K${text}`);
}

/** A manifest's new text, and what went wrong in it. */
type ChangedText = Pick<TransformedManifest, "text" | "errors">;

/**
 * Changes manifests and writes them: to standard output, to one file, or each back to its own. Errors are reported all
 * together; when there is one, nothing is written unless --keep-going was given.
 */
export async function writeManifests(
  files: readonly ManifestText[],
  flags: ManifestFlags,
  io: CliIo,
  transform: (file: ManifestText) => ChangedText,
): Promise<void> {
  const results = files.map((file) => ({ file, ...attempt(file, transform) }));
  const errors = results.flatMap((result) => result.errors);
  reportErrors(errors, io);
  if (errors.length > 0 && !flags.keepGoing) {
    io.stderr("nothing was written\n");
    return;
  }
  if (flags.inPlace) {
    for (const { file, text } of results) if (text !== file.text) await writeText(file.source, text, io);
    return;
  }
  const text = joined(results.map((result) => result.text));
  if (flags.output === undefined || flags.output === "-") io.stdout(text);
  else await writeText(flags.output, text, io);
}

function attempt(file: ManifestText, transform: (file: ManifestText) => ChangedText): ChangedText {
  try {
    return transform(file);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { text: file.text, errors: [error] };
  }
}

/** Several files as one stream of documents. */
function joined(texts: readonly string[]): string {
  return texts.reduce((all, text) => {
    if (all === "" || text === "") return all + text;
    const open = all.endsWith("\n") ? all : `${all}\n`;
    return /(^|\n)---[ \t]*\r?\n$/.test(open) || /^(---|%)/.test(text) ? open + text : `${open}---\n${text}`;
  }, "");
}
