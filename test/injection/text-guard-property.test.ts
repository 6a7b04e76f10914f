import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileConfig, InjectionError, inject, type Snapshot } from "../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";

/** How many templates. Minutes take a hundred times as many. */
const runs = Number(process.env.PILLION_TEXT_GUARD_TEMPLATES ?? 120);

/** A place of a pod where its author writes a text, and how a template reads it. */
interface Source {
  /** How an error names it. */
  readonly name: string;
  readonly expression: string;
  /** Whether what the template reads there is not the text itself but what it makes of it. */
  readonly write: (pod: Parts, text: string) => void;
}

interface Parts {
  readonly annotations: JsonObject;
  readonly labels: JsonObject;
  readonly container: JsonObject;
  readonly spec: JsonObject;
}

const annotation = 'index .ObjectMeta.Annotations "example.com/x"';
const sources: readonly Source[] = [
  {
    name: "annotation 'example.com/x'",
    expression: annotation,
    write: ({ annotations }, text) => {
      annotations["example.com/x"] = text;
    },
  },
  {
    name: "annotation 'example.com/x'",
    expression: `annotation .ObjectMeta "example.com/x" "none"`,
    write: ({ annotations }, text) => {
      annotations["example.com/x"] = text;
    },
  },
  {
    name: "annotation 'example.com/x'",
    expression: `${annotation} | b64dec`,
    write: ({ annotations }, text) => {
      annotations["example.com/x"] = Buffer.from(text).toString("base64");
    },
  },
  {
    name: "annotation 'example.com/x'",
    expression: `index (fromJson (${annotation})) "k"`,
    write: ({ annotations }, text) => {
      annotations["example.com/x"] = JSON.stringify({ k: text });
    },
  },
  {
    name: "annotation 'example.com/x'",
    expression: `index (fromJSON (${annotation})) 1`,
    write: ({ annotations }, text) => {
      annotations["example.com/x"] = JSON.stringify(["a", text]);
    },
  },
  {
    name: "annotation 'proxy.istio.io/config'",
    expression: "index .ProxyConfig.ProxyMetadata `K`",
    write: ({ annotations }, text) => {
      annotations["proxy.istio.io/config"] = JSON.stringify({ proxyMetadata: { K: text } });
    },
  },
  {
    name: "label 'app'",
    expression: 'index .ObjectMeta.Labels "app"',
    write: ({ labels }, text) => {
      labels.app = text;
    },
  },
  {
    name: "spec.containers[0].env[0].value",
    expression: "(index (index .Spec.Containers 0).Env 0).Value",
    write: ({ container }, text) => {
      container.env = [{ name: "A", value: text }];
    },
  },
  {
    name: "spec.containers[0].workingDir",
    expression: "(index .Spec.Containers 0).WorkingDir",
    write: ({ container }, text) => {
      container.workingDir = text;
    },
  },
  {
    name: "spec.containers[0].image",
    expression: "(index .Spec.Containers 0).Image",
    write: ({ container }, text) => {
      container.image = text;
    },
  },
  {
    name: "spec.containers[0].args[1]",
    expression: "last (index .Spec.Containers 0).Args",
    write: ({ container }, text) => {
      container.args = ["a", text];
    },
  },
  {
    name: "spec.serviceAccountName",
    expression: ".Spec.ServiceAccountName",
    write: ({ spec }, text) => {
      spec.serviceAccountName = text;
    },
  },
];

const functions = [
  "trim",
  "lower",
  "upper",
  "title",
  "trunc 60",
  "substr 0 70",
  "nindent 0",
  "nindent 10",
  "indent 10",
  "quote",
  "squote",
  "toJson",
  "toString",
  'printf "%s"',
  'printf "a %s b"',
  'printf "%q"',
  'printf "%v: x"',
  'default "none"',
  'coalesce ""',
  "b64enc",
  "b64enc | b64dec",
  'replace "e" "x"',
  'replace "_" "\\n"',
  'replace "%" ": "',
  'trimSuffix "x"',
  'trimPrefix "x"',
  'trimAll "\\""',
  "nospace",
  "repeat 2",
  'cat "a"',
  'splitList "," | join "\\n"',
  'splitList "," | first',
  "list | toJson",
  "list | last",
  'ternary "yes" "no" true | printf "%s%s" "a"',
  'regexReplaceAll "[b-d]" "-"',
  "html",
  "urlquery",
  "js",
  "swapcase",
  "wrap 20",
  "abbrev 50",
  'dict "k" | toJson',
  "toYaml",
  'hasPrefix "p" | toString',
  "len | toString",
  "sha256sum",
].filter((call) => !call.startsWith("dict") && !call.startsWith("ternary"));

/** Where a template writes it: `@` is the action. */
const places = [
  '    image: "@"',
  "    image: '@'",
  "    image: @",
  "    image: a-@-b",
  '    image: "a/@:@"',
  "    image: @ # a comment",
  "    image: !!str @",
  "    # @\n    image: a",
  "    args:\n    - a\n    - @\n    - b",
  '    args: ["@", b]',
  "    args: [@, b]",
  "    args: [a, '@']",
  "    args:\n    - |\n      @\n    - b",
  "    args:\n    - >-\n      a @ b\n      c",
  "    args:\n    - |-\n      first\n      @",
  "    env:\n    - name: A\n      value: @\n    - {name: B, value: c}",
  '    env:\n    - {name: A, value: "@"}\n    - {name: B, value: c}',
  "    workingDir: @\n    image: i\n    tty: false",
  "    securityContext:\n      privileged: false\n      runAsUser: 1\n    workingDir: @",
  '    workingDir: "@"\n    securityContext: {privileged: false}',
  '    {{ if @! }}image: "@"{{ end }}',
  '    {{ with @! }}image: "{{ . }}"{{ end }}',
  "    {{ $v := @! }}image: {{ $v }}",
  '    args:\n    {{- range list @! "b" }}\n    - {{ . }}\n    {{- end }}',
  '    args:\n    {{- range list @! "b" }}\n    - "{{ . | lower }}"\n    {{- end }}',
  '    image: "{{ template "t" @! }}"',
  "    env:\n    {{- range (index .Spec.Containers 0).Env }}\n    - name: {{ .Name }}\n      value: {{ .Value }}\n    {{- end }}\n    image: @",
  "    lifecycle: {preStop: {exec: {command: [sh, -c, @]}}}",
];

function templateOf(place: string, source: Source, calls: readonly string[]): string {
  const pipeline = [`(${source.expression})`, ...calls].join(" | ");
  const body = place.replaceAll("@!", `(${pipeline})`).replaceAll("@", `{{ ${pipeline} }}`);
  return `{{ define "t" }}{{ . }}{{ end }}spec:\n  containers:\n  - name: istio-proxy\n${body}\n    stdin: false\n  hostPID: false\n`;
}

function podWith(source: Source, text: string): JsonObject {
  const parts: Parts = { annotations: {}, labels: {}, container: { name: "app", image: "a:1" }, spec: {} };
  source.write(parts, text);
  const { annotations, labels, container, spec } = parts;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "shop", annotations, labels },
    spec: { ...spec, containers: [container] },
  };
}

/** The scalars of a tree by their paths. */
function scalars(value: JsonValue, at = "", found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) scalars(item, `${at}/${index}`, found);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) scalars(item, `${at}/${key}`, found);
  else found.set(at, JSON.stringify(value));
  return found;
}

/** Whether a function above, or the quotes it is in, can make it empty. An empty value is no path, and nobody can be named for it. */
function canBeEmptied(text: string): boolean {
  const kept = text.replace(/[\s\u0085"'xX\\]/g, "");
  return kept === "" || kept.startsWith(",");
}

type Outcome = ReadonlyMap<string, string> | InjectionError;

function outcome(snapshot: Snapshot, source: Source, text: string): Outcome {
  try {
    return scalars(inject(podWith(source, text), {}, snapshot).pod);
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
}

/** Harmless texts of which a template makes the same, but for themselves. */
const harmless = ["placeholder", "otherword"];

const fragments = [
  '"',
  "'",
  "\n",
  "\n    ",
  "\n      ",
  "\n- ",
  ": ",
  ":",
  " #",
  "#",
  "- ",
  "-",
  "{",
  "}",
  "[",
  "]",
  ", ",
  ",",
  "&a ",
  "*a",
  "!!int ",
  "|",
  ">",
  "%",
  "@",
  "`",
  "\\",
  "\\n",
  "\t",
  "\r",
  "\u0085",
  "\u2028",
  "---",
  "...",
  "~",
  "null",
  "true",
  "1",
  "<<",
  "$patch",
  "name: evil",
  "privileged: true",
  "a",
  "_",
  "é",
  "😀",
  " ",
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
  fc.constantFrom(
    'x"\n    name: "evil',
    "x'\n    name: 'evil",
    "x\n    name: evil",
    'x"\n    securityContext: {privileged: true}\n    workingDir: "y',
    "x\n  hostPID: true",
    "x\n    tty: true",
    "x, y",
    "x]\n    stdin: true\n    args: [y",
    "x}\n    - {name: C, value: d",
    "x\n---\na: b",
    "x\n    - evil",
    "x\n      - evil",
    "x_    stdin: true",
    "x_    stdin%true",
    "evil #",
    '"x"',
    "{a: b}",
    '{"a":"b"}',
    "[a]",
    "- a",
    "a: b",
    "~",
    "null",
    "&a b",
    "*a",
    "!!binary x",
    "|",
    ">-",
    "x\u0000y",
  ),
  fc.string({ maxLength: 20, unit: "binary" }),
);

describe("odd templates and hostile texts", () => {
  it("make the paths of a harmless pod and its scalars, but for those that texts are in, or are rejected by the name of the text", () => {
    const seen = { same: 0, rejected: 0, without: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom(...sources),
        fc.array(fc.constantFrom(...functions), { maxLength: 3 }),
        fc.array(hostile, { minLength: 3, maxLength: 3 }),
        (place, source, calls, texts) => {
          const template = templateOf(place, source, calls);
          const injectConfig = { policy: "enabled", templates: { sidecar: template } };
          const fast = compileConfig({ injectConfig, values: {} });
          const slow = compileConfig({ injectConfig, values: {}, skeletons: false });
          const [plain, other] = harmless.map((text) => outcome(slow, source, text));
          if (!(plain instanceof Map) || !(other instanceof Map)) {
            seen.without++;
            return;
          }
          expect([...other.keys()]).toEqual([...plain.keys()]);
          for (const text of [harmless[0] ?? "", ...texts, harmless[1] ?? "", ...texts]) {
            const done = outcome(slow, source, text);
            // The recordings of earlier pods change nothing.
            const fastDone = outcome(fast, source, text);
            expect(said(fastDone)).toEqual(said(done));
            if (done instanceof InjectionError) {
              if (!canBeEmptied(text)) expect(done.message).toContain(source.name);
              seen.rejected++;
              continue;
            }
            const marked = (path: string) => plain.get(path) !== other.get(path);
            const wanted = [...plain.keys()].filter(
              (path) => done.has(path) || !marked(path) || !canBeEmptied(text),
            );
            expect([...done.keys()].sort()).toEqual(wanted.sort());
            for (const [path, value] of done)
              if (!marked(path)) expect([path, value]).toEqual([path, plain.get(path)]);
            seen.same++;
          }
        },
      ),
      { numRuns: runs },
    );
    expect(seen.same).toBeGreaterThan(runs / 2);
    expect(seen.rejected).toBeGreaterThan(runs / 2);
  });
});

function said(done: Outcome): unknown {
  return done instanceof InjectionError ? { code: done.code, message: done.message } : [...done];
}
