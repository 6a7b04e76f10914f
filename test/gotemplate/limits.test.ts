import { describe, expect, it } from "vitest";
import {
  type ContextOptions,
  createContext,
  deepEqual,
  type FunctionMap,
  GoFunction,
  GoTemplateError,
  goPrint,
  LimitExceeded,
  parseTemplate,
  type Value,
} from "../../src/gotemplate/index.js";

const none: FunctionMap = new Map();

function limit(text: string, options: Partial<ContextOptions> = {}, data?: Value, functions = none): string {
  try {
    const context = createContext({ now: () => 0, random: () => 0, ...options });
    const output = parseTemplate("page", text, { functions }).execute(data, context);
    throw new Error(`no limit was met: ${output.slice(0, 100)}`);
  } catch (error) {
    if (!(error instanceof GoTemplateError) || error.code !== "limit") throw error;
    return error.message;
  }
}

function nested(levels: number): Value {
  let value: Value = "x";
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** A list of two lists of two lists …: 2^levels items in little memory. */
function doubled(levels: number): Value {
  let value: Value = [];
  for (let level = 0; level < levels; level++) value = [value, value];
  return value;
}

describe("a template that asks for too much ends with an error of code limit", () => {
  it("when templates call one another without end", () => {
    expect(limit('{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}')).toBe(
      'template: page:1:28: executing "r" at <{{template "r" .}}>: exceeded maximum template depth (1000)',
    );
    expect(limit('{{ template "page" }}', { maxDepth: 3 })).toContain("exceeded maximum template depth (3)");
  });

  const wrappers: [string, string, string][] = [
    ["ranges", "{{ range $i, $e := $ }}x", "{{ end }}"],
    ["ifs", "{{ if $ }}x", "{{ end }}"],
    ["withs", "{{ with $ }}x{{ $ }}", "{{ end }}"],
  ];
  it.each(wrappers)("when the calls stand within many %s, before the stack is full", (_name, open, close) => {
    const body = `${open.repeat(60)}{{ template "r" $ }}${close.repeat(60)}`;
    const message = limit(`{{ define "r" }}${body}{{ end }}{{ template "r" . }}`, { maxDepth: 1e6 }, [1n]);
    expect(message).toContain("templates call one another too deep");
  });

  it("when a loop has no end", () => {
    expect(limit("{{ range 1000000000000 }}{{ end }}")).toContain("took more than 2000000 steps");
    expect(limit("{{ range 100 }}{{ range 100 }}{{ . }}{{ end }}{{ end }}", { maxSteps: 500 })).toContain(
      "took more than 500 steps",
    );
  });

  it("when calls multiply", () => {
    const calls =
      '{{ define "r" }}{{ if . }}{{ template "r" (slice . 1) }}{{ template "r" (slice . 1) }}{{ end }}{{ end }}';
    expect(limit(`${calls}{{ template "r" . }}`, {}, "x".repeat(60))).toContain("steps");
  });

  it("when its output grows too long", () => {
    expect(limit("{{ range 1000 }}{{ $ }}{{ end }}", { maxOutput: 5000 }, "0123456789")).toContain(
      "wrote more than 5000 characters",
    );
  });

  it("when its deadline has passed", () => {
    let clock = 0;
    expect(limit("{{ range 1000000 }}{{ end }}", { now: () => clock++, deadline: 50 })).toContain(
      "did not end before its deadline",
    );
    expect(limit("x", { now: () => 51, deadline: 50 })).toContain("did not end before its deadline");
  });

  const growing: [string, string][] = [
    ["printed into itself", "{{ $s := `xxxxxxxx` }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}"],
    ["formatted into itself", "{{ $s := `xxxxxxxx` }}{{ range 60 }}{{ $s = printf `%s%s` $s $s }}{{ end }}"],
    ["escaped again and again", "{{ $s := `<<<<<<<<` }}{{ range 60 }}{{ $s = js $s }}{{ end }}"],
    ["padded again and again", "{{ range 1000000 }}{{ $s := printf `%1000000d` . }}{{ end }}"],
    [
      "read again and again",
      "{{ $s := printf `%1000000d` 1 }}{{ range 1000000 }}{{ $x := len $s }}{{ end }}",
    ],
  ];
  it.each(growing)("when a text is %s", (_name, text) => {
    expect(limit(text)).toMatch(/a text is longer than|took more than/);
  });

  it("when a value is too deep or too large to print", () => {
    expect(limit("{{ . }}", {}, nested(100_000))).toContain("nested more than 1000 levels deep");
    expect(limit("{{ . }}", {}, doubled(60))).toContain("a text is longer than");
    expect(limit("{{ printf `%d` . }}", {}, doubled(60))).toContain("a text is longer than");
  });

  it("when a function charges more than there is", () => {
    const greedy = new GoFunction("greedy", "pure", [], false, (_args, context) => {
      for (;;) context.charge(1);
    });
    expect(limit("{{ if true }}{{ greedy }}{{ end }}", {}, null, new Map([["greedy", greedy]]))).toMatch(
      /at <greedy>: took more than 2000000 steps/,
    );
  });

  it("when a function uses up the stack", () => {
    const endless = (): Value => [endless()];
    const deep = new GoFunction("deep", "pure", [], false, endless);
    expect(limit("{{ deep }}", {}, null, new Map([["deep", deep]]))).toContain(
      "more JavaScript stack than there is",
    );
  });

  const deep: [string, string][] = [
    ["parentheses", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`],
    ["unclosed parentheses", `{{ ${"(".repeat(100_000)}`],
    ["ifs", "{{ if 1 }}".repeat(5000)],
    ["else ifs", `{{ if 1 }}${"{{ else if 1 }}".repeat(5000)}{{ end }}`],
    ["blocks", "{{ block `x` . }}".repeat(5000)],
  ];
  it.each(deep)("when the text nests %s without end", (_name, text) => {
    expect(limit(text)).toContain("nest more than 250 levels deep");
  });
});

describe("what people write stays within the limits", () => {
  it("such as two hundred else ifs and parentheses", () => {
    const chain = Array.from({ length: 200 }, (_, index) => `{{ else if eq . ${index} }}${index}`).join("");
    const text = `{{ if false }}${chain}{{ end }} ${"{{ not (not ("}${"(".repeat(200)}.${")".repeat(200)})) }}`;
    const context = createContext({ now: () => 0, random: () => 0 });
    expect(parseTemplate("page", text, { functions: none }).execute(199n, context)).toBe("199 true");
  });

  it("such as a recursion some hundred calls deep", () => {
    const text =
      '{{ define "r" }}{{ if . }}{{ template "r" (slice . 1) }}{{ end }}.{{ end }}{{ template "r" . }}';
    const context = createContext({ now: () => 0, random: () => 0 });
    const output = parseTemplate("page", text, { functions: none }).execute("x".repeat(600), context);
    expect(output).toBe(".".repeat(601));
  });

  it("executions that share a context share its steps", () => {
    const context = createContext({ now: () => 0, random: () => 0, maxSteps: 120 });
    const template = parseTemplate("page", "{{ range 50 }}{{ end }}", { functions: none });
    expect(template.execute(undefined, context)).toBe("");
    expect(template.execute(undefined, context)).toBe("");
    expect(() => template.execute(undefined, context)).toThrow(GoTemplateError);
  });
});

describe("values that hold themselves many times", () => {
  it("are not printed or compared without end", () => {
    expect(() => goPrint(doubled(60))).toThrow(LimitExceeded);
    expect(() => deepEqual(doubled(60), doubled(60))).toThrow(LimitExceeded);
    expect(deepEqual(doubled(60), [])).toBe(false);
  });

  it("charge the context for what is compared", () => {
    let steps = 0;
    deepEqual([1, 2, [3]], [1, 2, [3]], { charge: (count) => (steps += count) });
    expect(steps).toBeGreaterThan(1);
  });
});
