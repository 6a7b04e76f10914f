import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createContext,
  GoStruct,
  GoTemplateError,
  joined,
  type LooseMap,
  noField,
  parseTemplate,
  type Template,
  TypedMap,
  type Traces,
  type Value,
} from "../../src/gotemplate/index.js";
import { sprigFunctions } from "../../src/sprig/index.js";
import { root } from "../support/peer.js";
import { functions, world } from "./world.js";

const world0 = { now: () => 0, random: () => 0, warn: () => {} };
const context = () => createContext(world0);
/** The world of what is recorded and replayed. */
const steady = () => createContext({ ...world0, repeatable: true });

const lookups = new Map([
  ["index", (value: Value) => (value instanceof TypedMap && value.zero === "" ? value.entries : undefined)],
]);

function tracesOf(template: Template, fixed: readonly string[] = []): Traces<string> | undefined {
  return template.traces<string>({
    mapFunction: "dict",
    lookups,
    isFixed: (field) => fixed.includes(field),
  });
}

class Data extends GoStruct {
  readonly kind = "struct";
  readonly type = "data";
  constructor(private readonly fields: LooseMap) {
    super();
  }
  fieldNames(): readonly string[] {
    return Object.keys(this.fields);
  }
  field(name: string): Value | typeof noField {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : noField;
  }
}

/** What the template writes, or undefined where it fails. */
function executed(template: Template, data: Value): string | undefined {
  try {
    return template.execute(data, context());
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return undefined;
  }
}

function replayed(traces: Traces<string> | undefined, data: Value): string | undefined {
  const replay = traces?.replay(data, steady());
  return replay && joined(replay.path.fixed, replay.dynamic);
}

describe("recordings", () => {
  it("give what the template gives, for every probe that Go answered", () => {
    const file = join(root, "test", "fixtures", "go-template", "answers.json");
    const probes: readonly { template?: string; options?: unknown; delims?: unknown }[] = JSON.parse(
      readFileSync(file, "utf8"),
    );
    let followed = 0;
    let succeeded = 0;
    for (const { template: text, options, delims } of probes) {
      if (text === undefined || options !== undefined || delims !== undefined) continue;
      const data = world();
      const template = parsed(text);
      const expected = template && executed(template, data);
      if (template === undefined || expected === undefined) continue;
      succeeded += 1;
      const traces = tracesOf(template);
      traces?.record(data, steady(), expected, () => "");
      const again = replayed(traces, data);
      if (again === undefined) continue;
      followed += 1;
      expect.soft(again, text).toBe(expected);
    }
    expect(followed).toBeGreaterThan(succeeded * 0.75);
  });

  /** Templates in which data decide about branches, turns, keys, variables and types. */
  const templates = [
    "{{ .text }}{{ if .text }}-{{ .text | quote }}{{ else }}none{{ end }}",
    "{{ range $i, $x := .list }}{{ if eq $x `b` }}{{ continue }}{{ end }}{{ $i }}={{ $x }};{{ else }}empty{{ end }}",
    "{{ range .list }}{{ if eq . `stop` }}{{ break }}{{ end }}[{{ . }}]{{ end }}",
    "{{ range $k, $v := .map }}{{ $k }}:{{ $v }},{{ end }}",
    "{{ range $k, $v := .ann }}{{ $k }}:{{ $v }},{{ end }}{{ index .ann `a` }}{{ index .ann `b` | default `B` }}",
    "{{ $n := 0 }}{{ range .list }}{{ $n = add $n (len .) }}{{ end }}{{ $n }}",
    "{{ $all := list }}{{ range .list }}{{ $all = append $all . }}{{ end }}{{ join `,` $all }}/{{ len $all }}/{{ first $all }}",
    "{{ define `t` }}<{{ .name }}:{{ .all.text }}{{ with .none }}!{{ end }}>{{ end }}{{ template `t` (dict `name` .text `all` .) }}",
    "{{ define `d` }}{{ .x.y }}{{ .z }}{{ end }}{{ template `d` (dict `x` (dict `y` .text) `z` (index .map `a`)) }}",
    "{{ with .map.a }}{{ . }}{{ else with .text }}{{ . }}{{ else }}no{{ end }}",
    "{{ and .text .list (len .list) }}/{{ or .map.zz .text `end` }}/{{ .text | and .list }}",
    "{{ .number }}{{ if gt .number 2.0 }}many{{ else if eq .number 2.0 }}two{{ end }}{{ printf `%v %q %T` .number .text .map }}",
    "{{ range $i := until (len .list) }}{{ index $.list $i }}{{ end }}",
    "{{ range 3 }}{{ . }}{{ end }}{{ range $i := .int }}{{ $i }}{{ end }}",
    "{{ .map | toJson }}{{ .list | toJson | quote }}{{ fromJson .json | toJson }}",
    "{{ range $k, $v := fromJson .json }}{{ $k }}={{ $v }}{{ end }}",
    "{{ $x := .text }}{{ if .map }}{{ $x = `changed` }}{{ end }}{{ $x }}{{ if not .list }}{{ $x := 1 }}{{ $x }}{{ end }}{{ $x }}",
    "{{ substr 0 1 .text }}{{ index .list 0 }}",
    "{{ mustRegexReplaceAll .text `ab` `x` }}{{ .map.a }}",
    "{{ ternary .text .list (hasKey .map `a`) }}{{ .text | trunc 2 | upper }}{{ coalesce .map.b .text }}",
    "{{ $ignored := index .list 0 }}done",
    "{{ (index .list 1).name }}{{ .fixed.deep }}{{ if .fixed.yes }}{{ .fixed.deep | upper }}{{ end }}",
  ].map((text) => [text] as const);

  const text = fc.oneof(
    fc.constantFrom("", "a", "b", "stop", "true", '"', "{", "é", "😀", "\ud83d", "\udc80", "\n"),
    fc.string({ maxLength: 3, unit: "binary" }),
  );
  const member: fc.Arbitrary<Value> = fc.oneof(
    text,
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.constant(null),
  );
  const map = fc.dictionary(fc.constantFrom("a", "b", "zz", "é"), member, { noNullPrototype: true });
  const data = fc
    .record({
      text,
      list: fc.oneof(fc.array(text, { maxLength: 3 }), fc.array(map, { maxLength: 2 }), fc.constant(null)),
      map,
      ann: fc
        .dictionary(fc.constantFrom("a", "b", "c"), text, { noNullPrototype: true })
        .map((entries) => new TypedMap("map[string]string", entries, "")),
      number: fc.constantFrom(0, 1, 2, 3.5),
      int: fc.constantFrom(0n, 2n),
      json: fc.oneof(fc.constantFrom("{}", "[1]", '{"a":[1,"b"]}', "null", "broken"), text),
    })
    .map((fields): Data => new Data({ ...fields, fixed: { deep: "down", yes: true } }));

  it.each(templates)("give what the template gives, for any data: %s", (source) => {
    const template = parsed(source);
    if (template === undefined) throw new Error("a template of this test is broken");
    const traces = tracesOf(template, ["fixed"]);
    let fast = 0;
    fc.assert(
      fc.property(data, (one) => {
        const expected = executed(template, one);
        const answer = replayed(traces, one);
        if (answer !== undefined) {
          fast += 1;
          expect(answer).toBe(expected);
        } else if (expected !== undefined) {
          traces?.record(one, context(), expected, () => "");
        }
      }),
      { numRuns: 300 },
    );
    expect(fast).toBeGreaterThan(5);
  });

  it.each([
    ["{{ duration 95 }}", true],
    ["{{ durationRound .text }}", true],
    ["{{ dateModify `1h` (toDate `2006` `2007`) | unixEpoch }}", true],
    ["{{ date `2006` (toDate `2006` .text) }}", true],
    ["{{ env `HOME` }}{{ expandenv `$HOME` }}", true],
    ["{{ now | unixEpoch }}", false],
    ["{{ date `2006` .text }}", false],
    ["{{ toDate `2006` `2007` | durationRound }}", false],
    ["{{ ago .text }}", false],
    ["{{ encryptAES `key` .text }}", false],
    ["{{ uuidv4 }}", false],
    ["{{ set .fixed `a` .text }}", false],
    ["{{ call .function }}", false],
  ])("of %s are made as the effects of its functions say: %s", (text, recordable) => {
    const data = new Data({ text: "5m", fixed: {}, function: sprigFunctions.get("uuidv4") ?? null });
    const template = parsed(text);
    const traces = template && tracesOf(template);
    const expected = template && executed(template, data);
    expect(expected).toBeDefined();
    traces?.record(data, steady(), expected ?? "", () => "");
    expect(replayed(traces, data)).toBe(recordable ? expected : undefined);
  });

  it("are not made of templates whose result is not settled by the data, called ones too", () => {
    const repeatable = (source: string) => {
      const template = parsed(source);
      return template !== undefined && tracesOf(template) !== undefined;
    };
    expect(repeatable("{{ .text }}")).toBe(true);
    expect(repeatable("{{ if false }}{{ now }}{{ end }}")).toBe(false);
    expect(repeatable("{{ define `t` }}{{ (list (randAlpha 3)) | toJson }}{{ end }}{{ template `t` }}")).toBe(
      false,
    );
    expect(repeatable("{{ $d := dict }}{{ $_ := set $d `a` .text }}")).toBe(false);
  });

  it("forget the path that was not used for longest", () => {
    const template = parsed("{{ range .list }}.{{ end }}{{ .text }}");
    const traces = template && tracesOf(template);
    const of = (length: number) => new Data({ list: Array(length).fill(""), text: "t" });
    for (const length of [0, 1, 2])
      traces?.record(of(length), context(), `${".".repeat(length)}t`, () => `path ${length}`);
    expect(traces?.replay(of(0), context())?.path.payload).toBe("path 0");
    traces?.evict();
    expect(traces?.size).toBe(2);
    expect([0, 1, 2].map((length) => replayed(traces, of(length)))).toEqual(["t", undefined, "..t"]);
    traces?.evict();
    traces?.evict();
    traces?.evict();
    expect(traces?.size).toBe(0);
    expect(replayed(traces, of(0))).toBeUndefined();
  });

  it("forget one answer of several questions, and keep the others", () => {
    const template = parsed("{{ if .a }}{{ if .b }}both{{ else }}one{{ end }}{{ end }}{{ .text }}");
    const traces = template && tracesOf(template);
    const cases = [[], ["a"], ["a", "b"]].map((set) => {
      const is = (key: string) => (set.includes(key) ? "yes" : "");
      return new Data({ a: is("a"), b: is("b"), text: "t" });
    });
    const texts = ["t", "onet", "botht"];
    const record = () => {
      for (const [at, data] of cases.entries()) traces?.record(data, context(), texts[at] ?? "", () => "");
    };
    for (const gone of [0, 1, 2]) {
      record();
      // All but one are used again.
      const others = texts.map((text, at) => (at === gone ? undefined : text));
      const all = () => cases.map((data, at) => (at === gone ? undefined : replayed(traces, data)));
      expect(all()).toEqual(others);
      traces?.evict();
      expect(cases.map((data) => replayed(traces, data))).toEqual(others);
    }
    for (const _ of texts) traces?.evict();
    expect(traces?.size).toBe(0);
    record();
    expect(cases.map((data) => replayed(traces, data))).toEqual(texts);
  });
});

function parsed(text: string): Template | undefined {
  try {
    return parseTemplate("probe", text, { functions: new Map([...sprigFunctions, ...functions]) });
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error;
    return undefined;
  }
}
