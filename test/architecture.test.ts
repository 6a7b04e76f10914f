import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./support/peer.js";

/** Floor 0: the words of Go and of JSON, and how texts are quoted. Every folder above may import them. */
const ground = ["go", "json", "text"];
/** Which other folders of src a folder may import, as docs/architecture.md says. */
const mayImport: Record<string, readonly string[]> = {
  text: [],
  json: [],
  go: ["json", "text"],
  gotemplate: [],
  goyaml: [],
  jsonpatch: [],
  kube: [],
  certificates: [],
  telemetry: [],
  sprig: ["gotemplate"],
  strategicmerge: ["kube"],
  interception: ["kube"],
  mesh: ["goyaml"],
  injection: ["gotemplate", "sprig", "goyaml", "jsonpatch", "strategicmerge", "mesh", "interception", "kube"],
  admission: ["injection", "goyaml"],
  manifests: ["injection", "jsonpatch", "kube", "goyaml"],
  config: ["injection", "certificates", "goyaml", "telemetry"],
  server: ["admission", "certificates", "config", "telemetry"],
  cluster: ["injection", "mesh", "kube", "certificates", "config", "telemetry"],
  netfilter: ["interception", "telemetry"],
};
const everything = [...Object.keys(mayImport), "cli"];
const topLevel = ["cli", "index.ts", "main.ts"];
const pure = everything.slice(0, everything.indexOf("injection") + 1);
const forbiddenToPure = /^(node:)?(fs|net|http|https|http2|tls|child_process|cluster|dgram|dns)(\/|$)/;
const serverLibraries = ["fastify", "@kubernetes/client-node", "pino", "prom-client"];

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function readImports(text: string): Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?["']([^"']+)["']/gm;
  for (const match of text.matchAll(statement)) {
    found.push({ from: match[2] ?? "", typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) {
    found.push({ from: match[1] ?? "", typeOnly: false });
  }
  return found;
}

const src = join(root, "src");
const sources: Source[] = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const text = readFileSync(join(src, path), "utf8");
    return { path, folder: path.split("/")[0] ?? path, text, imports: readImports(text) };
  });

/** What a folder above the ground may import. Those of the ground import only what their row says. */
function allowedTo(folder: string): readonly string[] {
  const above = mayImport[folder] ?? [];
  return ground.includes(folder) ? above : [...ground, ...above];
}

/** The path below src that a relative import names, undefined for a package. */
function target(source: Source, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  return relative(src, join(src, source.path, "..", from));
}

/** All that can be reached from a node over one edge or more. */
function reachedFrom(graph: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(next);
    }
  }
  return reached;
}

const imported = new Map(
  sources.map((source) => [
    source.path,
    source.imports.flatMap(({ from }) => target(source, from)?.replace(/\.js$/, ".ts") ?? []),
  ]),
);
/** All files that a file needs, by way of others too. */
const reached = new Map(sources.map(({ path }) => [path, reachedFrom(imported, path)]));

describe("the architecture", () => {
  it("finds sources and their imports", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(20);
  });

  it("has no folder that the table does not know", () => {
    const unknown = sources.filter((s) => !everything.includes(s.folder) && !topLevel.includes(s.folder));
    expect(unknown.map((s) => s.path)).toEqual([]);
  });

  it("imports point one way, and no folder is imported past its index", () => {
    const offences: string[] = [];
    for (const source of sources) {
      for (const { from } of source.imports) {
        const to = target(source, from);
        if (to === undefined) continue;
        const folder = to.split("/")[0] ?? "";
        if (folder === source.folder) continue;
        const allowed = topLevel.includes(source.folder) ? everything : allowedTo(source.folder);
        if (!allowed.includes(folder) && !(source.folder === "main.ts" && folder === "cli"))
          offences.push(`${source.path} may not import ${folder}`);
        if (to !== `${folder}/index.js`)
          offences.push(`${source.path} imports ${to}, past the index of ${folder}`);
      }
    }
    expect(offences).toEqual([]);
  });

  it("allows no import that nobody makes", () => {
    const made = new Set(
      sources.flatMap((source) =>
        source.imports.map(({ from }) => `${source.folder} ${target(source, from)?.split("/")[0]}`),
      ),
    );
    const unused = Object.entries(mayImport).flatMap(([folder, others]) =>
      others.filter((other) => !made.has(`${folder} ${other}`)).map((other) => `${folder} ${other}`),
    );
    expect(unused).toEqual([]);
  });

  it("has no circle of files", () => {
    const circles = [...reached].filter(([path, others]) => others.has(path)).map(([path]) => path);
    expect(circles).toEqual([]);
  });

  it("has no circle of folders beside one another", () => {
    const below = (inner: string, outer: string) => outer === "." || inner.startsWith(`${outer}/`);
    const needs = new Map<string, Set<string>>();
    for (const [path, others] of reached) {
      const folder = dirname(path);
      const known = needs.get(folder) ?? new Set();
      for (const other of others) known.add(dirname(other));
      needs.set(folder, known);
    }
    const circles: string[] = [];
    for (const [one, others] of needs) {
      for (const other of others) {
        if (one < other && !below(one, other) && !below(other, one) && needs.get(other)?.has(one))
          circles.push(`${one} and ${other} need each other`);
      }
    }
    expect(circles).toEqual([]);
  });

  it("finds a circle where there is one", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
    ]);
    expect([...reachedFrom(graph, "a")].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...reachedFrom(graph, "d")]).toEqual([]);
  });

  it("floors 0 to 3 do no I/O and load no server or client library", () => {
    const offences = sources
      .filter((source) => pure.includes(source.folder))
      .flatMap((source) =>
        source.imports
          .filter(
            ({ from, typeOnly }) =>
              forbiddenToPure.test(from) || (!typeOnly && serverLibraries.includes(from)),
          )
          .map(({ from }) => `${source.path} imports ${from}`),
      );
    expect(offences).toEqual([]);
  });

  it("only config and main read the environment and the arguments", () => {
    const offences = sources
      .filter((source) => source.folder !== "config" && source.path !== "main.ts")
      .filter((source) => /\bprocess\s*\.\s*(env|argv)\b|from "node:process"/.test(source.text))
      .map((source) => source.path);
    expect(offences).toEqual([]);
  });

  it("only main ends the process, and the watchdog one that hangs", () => {
    const may = ["main.ts", "server/watchdog/end-process.ts"];
    const offences = sources
      .filter((source) => !may.includes(source.path) && /\bprocess\s*\.\s*exit\b/.test(source.text))
      .map((source) => source.path);
    expect(offences).toEqual([]);
  });

  it("an index is an export list by name", () => {
    const offences = sources
      .filter((source) => source.path.endsWith("/index.ts"))
      .filter(
        (source) => /export\s+\*/.test(source.text) || /^(const|function|class|let)\b/m.test(source.text),
      )
      .map((source) => source.path);
    expect(offences).toEqual([]);
  });
});
