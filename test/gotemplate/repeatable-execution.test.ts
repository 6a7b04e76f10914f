import { describe, expect, it } from "vitest";
import {
  createContext,
  GoFunction,
  GoTemplateError,
  isTrue,
  parseTemplate,
  type Value,
} from "../../src/gotemplate/index.js";

const functions = new Map(
  [
    new GoFunction("lower", "pure", ["string"], false, ([text]) => String(text).toLowerCase()),
    new GoFunction("words", "pure", ["string"], false, ([text]) => String(text).split(" ")),
    new GoFunction("fussy", "pure", ["string"], false, ([text]) => {
      if (text === "w") throw new Error("too short");
      return text;
    }),
    new GoFunction("put", "writes", ["any", "string", "any"], false, ([map, key, value]) => {
      Object.assign(map as object, { [String(key)]: value });
      return map;
    }),
    new GoFunction("map", "pure", [], false, () => ({})),
  ].map((one) => [one.name, one]),
);

function sizeOf(value: Value): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : Number(isTrue(value));
}

/** What the template writes of `first`, and then of `again` the same way. */
function both(text: string, first: Value, again: Value, maxSteps = 10_000): readonly string[] {
  const template = parseTemplate("t", text, { functions });
  const context = () => createContext({ now: () => 0, random: () => 0, maxSteps });
  const execution = template.executeRepeatably(first, context());
  expect(execution.pieces.join("")).toBe(template.execute(first, context()));
  const fit = (was: Value, now: { readonly value: Value } | undefined): Value =>
    now === undefined || sizeOf(now.value) !== sizeOf(was) ? was : now.value;
  const repeated = execution.repeat(again, context(), fit);
  expect(repeated.length).toBe(execution.pieces.length);
  return [execution.pieces.join("|"), repeated.join("|")];
}

describe("an execution that is repeated with other data", () => {
  it.each([
    ["writes other texts at the same places", "a {{ .x }} b {{ .x | lower }}", "a |V| b |v", "a |w| b |w"],
    ["takes the same branch", '{{ if eq .x "V" }}yes {{ .x }}{{ else }}no{{ end }}', "yes |V", "yes |w"],
    [
      "takes the same branch of and and or",
      '{{ if and (eq .x "V") .x }}yes{{ end }}{{ or (eq .x "w") "c" }}',
      "yes|c",
      "yes|c",
    ],
    ["turns as often", "{{ range words .l }}[{{ . }}]{{ end }}", "[|a|]|[|b|]", "[|a|]|[|b|]"],
    [
      "breaks where the first did",
      '{{ range words .l }}{{ if eq $.x "V" }}{{ break }}{{ end }}{{ . }}{{ end }}-',
      "-",
      "-",
    ],
    ["goes on where a function takes no such data", "{{ fussy .x }}{{ .x }}", "V|V", "V|w"],
    ["calls the same templates", '{{ define "d" }}<{{ . }}>{{ end }}{{ template "d" .x }}', "<|V|>", "<|w|>"],
    [
      "keeps variables",
      "{{ $v := .x }}{{ with $v }}{{ . }}{{ end }}{{ $v = lower $v }}{{ $v }}",
      "V|v",
      "w|w",
    ],
    [
      "changes maps of its own",
      '{{ $m := map }}{{ $m = put $m "k" .x }}{{ if $m }}{{ $m.k }}{{ end }}',
      "V",
      "w",
    ],
  ])("%s", (_, text, first, again) => {
    expect(both(text, { x: "V", l: "a b" }, { x: "w", l: "c" })).toEqual([first, again]);
  });

  it("does not change the map that the first one ranges over", () => {
    const text =
      '{{ $m := map }}{{ $m = put $m "a" .x }}{{ range $k, $v := $m }}{{ $k }}{{ $n := put $m "b" 1 }}{{ end }}{{ $m.b }}';
    expect(both(text, { x: "V" }, { x: "w" })).toEqual(["a|1", "a|1"]);
  });

  it("is bounded as any other", () => {
    const attempt = () =>
      both("{{ range words .l }}{{ . }}{{ end }}", { l: "a ".repeat(100) }, { l: "b" }, 50);
    expect(attempt).toThrow(GoTemplateError);
    expect(attempt).toThrow("took more than 50 steps");
  });

  it("tells whether a template calls only certain functions, also in what it calls", () => {
    const callsOnly = (text: string) =>
      parseTemplate("t", text, { functions }).callsOnly((name) => name !== "lower");
    expect(callsOnly("{{ .x | words }}")).toBe(true);
    expect(callsOnly("{{ if .x }}{{ (lower .x) }}{{ end }}")).toBe(false);
    expect(callsOnly('{{ define "d" }}{{ lower . }}{{ end }}{{ template "d" .x }}')).toBe(false);
  });
});
