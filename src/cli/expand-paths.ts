import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";

const manifestFile = /\.(ya?ml|json)$/i;

/**
 * The files that paths name: a directory stands for the YAML and JSON files in it and below it, and `*`, `?` and `**`
 * are globs. Each file comes once, in the order in which it is named first. Throws CliError when a path names nothing.
 */
export async function expandPaths(paths: readonly string[], io: CliIo): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) for (const file of await expand(path, io)) found.add(file);
  return [...found];
}

async function expand(path: string, io: CliIo): Promise<readonly string[]> {
  if (path === "-") return [path];
  const files = await io.listFiles(path);
  if (files !== undefined) {
    const manifests = files.filter((file) => manifestFile.test(file));
    if (manifests.length > 0) return manifests;
    throw new CliError("file", `Cannot use the directory ${path}: it holds no .yaml, .yml or .json file`);
  }
  const glob = /[*?]/.exec(path);
  if (glob === null) return [path];
  const slash = path.lastIndexOf("/", glob.index);
  const folder = slash < 0 ? "." : path.slice(0, slash) || "/";
  const matches = (await io.listFiles(folder))?.filter((file) =>
    matchesGlob(file, slash < 0 ? `./${path}` : path),
  );
  if (matches !== undefined && matches.length > 0)
    return slash < 0 ? matches.map((file) => file.replace(/^\.\//, "")) : matches;
  throw new CliError("file", `Cannot use -f ${path}: no file matches`);
}

/** Whether a path matches a glob: `*` and `?` stay within a folder, `**` does not. */
function matchesGlob(path: string, glob: string): boolean {
  return matchParts(path.split("/"), glob.split("/"));
}

function matchParts(path: readonly string[], glob: readonly string[]): boolean {
  const [part, ...rest] = glob;
  if (part === undefined) return path.length === 0;
  if (part === "**") return matchParts(path, rest) || (path.length > 0 && matchParts(path.slice(1), glob));
  return path[0] !== undefined && matchName(path[0], part) && matchParts(path.slice(1), rest);
}

/** One name against one pattern, in linear time for each star: the last star alone is tried again. */
function matchName(name: string, pattern: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  let p = 0;
  while (at < name.length) {
    if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[at]) && pattern[p] !== "*") {
      at++;
      p++;
    } else if (pattern[p] === "*") {
      star = p++;
      mark = at;
    } else if (star >= 0) {
      p = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
