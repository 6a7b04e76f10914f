import { describe, expect, it } from "vitest";
import {
  createContext,
  type FunctionMap,
  GoFunction,
  GoTemplateError,
  type GoTemplateErrorCode,
  type Node,
  nodeText,
  parseTemplate,
  TemplateSet,
  type Value,
} from "../../src/gotemplate/index.js";
import { setOwn } from "../../src/json/index.js";

const none: FunctionMap = new Map();

function context() {
  return createContext({ now: () => 0, random: () => 0 });
}

function render(text: string, data?: Value, functions = none): string {
  return parseTemplate("page", text, { functions }).execute(data, context());
}

function failure(run: () => unknown): GoTemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof GoTemplateError) return error;
    throw error;
  }
  throw new Error("there was no error");
}

function functionsOf(...list: GoFunction[]): FunctionMap {
  return new Map(list.map((one) => [one.name, one]));
}

describe("a template", () => {
  it("reads a tree of JSON as it stands, and leaves it as it was", () => {
    const data = Object.freeze({ a: Object.freeze({ b: Object.freeze([1, "x", null]) }) });
    expect(render("{{ index .a.b 1 }}{{ range .a.b }}[{{ . }}]{{ end }}", data)).toBe("x[1][x][<no value>]");
  });

  it("gives the same output every time it is executed", () => {
    const template = parseTemplate("page", "{{ $x := .n }}{{ range .l }}{{ $x = . }}{{ end }}{{ $x }}", {
      functions: none,
    });
    expect(template.execute({ n: "a", l: ["b"] }, context())).toBe("b");
    expect(template.execute({ n: "a", l: [] }, context())).toBe("a");
    expect(template.execute({ n: "a", l: ["b"] }, context())).toBe("b");
  });

  it("gives its name and its tree, whose nodes print as template text", () => {
    const template = parseTemplate(
      "page",
      "a{{- if eq .x 1 -}} {{ $y := .z | print }} {{- else -}} b {{- end }}",
      {
        functions: none,
      },
    );
    expect(template.name).toBe("page");
    expect(template.tree.root.nodes.map((node: Node) => node.type)).toEqual(["text", "if"]);
    expect(nodeText(template.tree.root)).toBe("a{{if eq .x 1}}{{$y := .z | print}}{{else}}b{{end}}");
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "takes %s for an ordinary key",
    (key) => {
      const map: Record<string, Value> = {};
      setOwn(map, key, "own");
      const text = `{{ .${key} }} {{ index . "${key}" }} {{ range $k, $v := . }}{{ $k }}={{ $v }}{{ end }} {{ . }}`;
      expect(render(text, map)).toBe(`own own ${key}=own map[${key}:own]`);
      expect(render(`{{ .${key} }} {{ index . "${key}" }} {{ if .${key} }}x{{ end }}`, {})).toBe(
        "<no value> <no value> ",
      );
    },
  );

  it("takes such words for unknown functions and variables, too", () => {
    expect(failure(() => render("{{ constructor }}")).message).toContain(
      'function "constructor" not defined',
    );
    expect(failure(() => render("{{ $toString }}")).message).toContain('undefined variable "$toString"');
    expect(render("{{ define `__proto__` }}x{{ end }}{{ template `__proto__` }}")).toBe("x");
  });

  it("hands functions their arguments and the context of the execution", () => {
    const seen: Value[][] = [];
    const shout = new GoFunction(
      "shout",
      "reads clock",
      ["string", "any"],
      true,
      ([first, ...rest], { warn, now }) => {
        seen.push(rest);
        warn(`at ${now()}`);
        return String(first).toUpperCase();
      },
    );
    const warnings: string[] = [];
    const template = parseTemplate("page", '{{ .a | shout "x" 1 2.5 nil .none }}', {
      functions: functionsOf(shout),
    });
    const world = createContext({ now: () => 7, random: () => 0, warn: (text) => warnings.push(text) });
    expect(template.execute({ a: null }, world)).toBe("X");
    expect(seen).toEqual([[1n, 2.5, null, null, null]]);
    expect(warnings).toEqual(["at 7"]);
  });

  it("lets functions take over the names of the built-in ones, which then evaluate all arguments", () => {
    const and = new GoFunction("and", "pure", ["any"], true, (args) => args.length);
    const fails = new GoFunction("fails", "pure", [], false, () => {
      throw new Error("evaluated");
    });
    expect(render("{{ and 0 1 }}", {}, functionsOf(and))).toBe("2");
    expect(failure(() => render("{{ and 0 fails }}", {}, functionsOf(and, fails))).message).toContain(
      "evaluated",
    );
    expect(render("{{ and 0 fails }}", {}, functionsOf(fails))).toBe("0");
  });

  it("keeps bytes that are no UTF-8 until they are whole characters again", () => {
    expect(render('{{ slice "é" 0 1 }}{{ slice "é" 1 }}')).toBe("é");
    expect(render('{{ slice "é" 0 1 | len }}{{ print (slice "é" 0 1) (slice "é" 1) | len }}')).toBe("12");
  });
});

describe("a template error", () => {
  const cases: readonly [GoTemplateErrorCode, string, string, Partial<GoTemplateError>][] = [
    ["parse", "a\n{{ if }}", "template: page:2: missing value for if", { line: 2, column: 6 }],
    ["parse", "é{{ nope }}", 'template: page:1: function "nope" not defined', { line: 1, column: 5 }],
    [
      "exec",
      "a\né{{ .s.x }}",
      'template: page:2:7: executing "page" at <.s.x>: can\'t evaluate field x in type interface {}',
      { line: 2, column: 7, action: ".s.x" },
    ],
    [
      "exec",
      '{{ template "t" . }}{{ define "t" }}\n{{ index .l 3 }}{{ end }}',
      'template: page:2:3: executing "t" at <index .l 3>: error calling index: index out of range: 3',
      { template: "t", line: 2, column: 3, action: "index .l 3" },
    ],
  ];
  it.each(cases)("has a code, Go's words and a place: %s %j", (code, text, message, place) => {
    const error = failure(() => render(text, { s: "text", l: [] }));
    expect(error).toMatchObject({ name: "GoTemplateError", code, message, template: "page", ...place });
  });

  it("keeps the error of a function as its cause", () => {
    const cause = new TypeError("no luck");
    const fails = new GoFunction("fails", "pure", [], false, () => {
      throw cause;
    });
    const error = failure(() => render("{{ fails | printf }}", {}, functionsOf(fails)));
    expect(error.cause).toBe(cause);
    expect(error.message).toBe(
      'template: page:1:3: executing "page" at <fails>: error calling fails: no luck',
    );
  });

  it("does not repeat a value of any size", () => {
    const error = failure(() => render("{{ range . }}{{ end }}", "x".repeat(100_000)));
    expect(error.message.length).toBeLessThan(5000);
  });
});

describe("a set of templates", () => {
  const set = () => new TemplateSet("root", { functions: none });

  it("finds what was parsed and what was defined", () => {
    const templates = set();
    templates.parse("a", '{{ define "x" }}{{ . }}{{ end }}A');
    templates.parse("b", '{{ template "x" .v }}{{ template "a" }}');
    expect(templates.execute("b", { v: 5n }, context())).toBe("5A");
    expect(templates.lookup("x")?.execute("direct", context())).toBe("direct");
    expect(templates.lookup("y")).toBeUndefined();
  });

  it("lets a later text replace a template, and callers see the new one", () => {
    const templates = set();
    const page = templates.parse("page", '{{ block "body" . }}old{{ end }}');
    templates.parse("other", '{{ define "body" }}new{{ end }}');
    templates.parse("empty", '{{ define "body" }} {{ end }}');
    expect(page.execute(undefined, context())).toBe("new");
    expect(nodeText(templates.lookup("body")?.tree.root ?? page.tree.root)).toBe("new");
  });

  it("is as before when a text is refused", () => {
    const templates = set();
    templates.parse("a", "one");
    expect(failure(() => templates.parse("a", "two{{ define `b` }}x{{ end }}{{ nope }}")).code).toBe("parse");
    expect(templates.execute("a", undefined, context())).toBe("one");
    expect(templates.lookup("b")).toBeUndefined();
  });

  it("says which template is missing", () => {
    expect(failure(() => set().execute("nope", undefined, context()))).toMatchObject({
      code: "exec",
      message: 'template: no template "nope" associated with template "root"',
    });
  });
});
