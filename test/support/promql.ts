/** A label matcher, such as `result=~"failed|shed"`. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** One place where a query asks for series. */
export interface SeriesSelector {
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

/** What a query of Prometheus names. */
export interface QueryNames {
  readonly selectors: readonly SeriesSelector[];
  /** The labels by which it groups and joins. */
  readonly grouping: readonly string[];
}

const token = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[A-Za-z_:][\w:]*|\d[\w.]*|=~|!~|!=|==|>=|<=|\S/g;
const groupings = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);
const operators = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan", ...groupings]);

/**
 * Reads which metrics and labels a query names, without understanding what it works out: promtool knows whether it is a
 * query at all. A name before a parenthesis is a function.
 */
export function queryNames(query: string): QueryNames {
  const tokens = [...query.matchAll(token)].map(([text]) => text);
  const selectors: SeriesSelector[] = [];
  const grouping: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const text = tokens[index] ?? "";
    const next = tokens[index + 1];
    if (groupings.has(text)) {
      const end = next === "(" ? tokens.indexOf(")", index) : index;
      grouping.push(...tokens.slice(index + 2, end).filter((each) => each !== ","));
      index = end;
    } else if (/^[A-Za-z_:]/.test(text) && !operators.has(text) && !isAggregation(tokens, index)) {
      const end = next === "{" ? tokens.indexOf("}", index) : index;
      selectors.push({ metric: text, matchers: matchersOf(tokens.slice(index + 2, end)) });
      index = end;
    }
  }
  return { selectors, grouping };
}

/** `sum (x)`, `sum by (a) (x)`: a function, and no metric. */
function isAggregation(tokens: readonly string[], index: number): boolean {
  const next = tokens[index + 1] ?? "";
  return next === "(" || next === "by" || next === "without";
}

function matchersOf(tokens: readonly string[]): LabelMatcher[] {
  const matchers: LabelMatcher[] = [];
  for (let index = 0; index + 2 < tokens.length; index += 4) {
    const [label = "", operator = "", value = ""] = tokens.slice(index);
    if (operator !== "=" && operator !== "!=" && operator !== "=~" && operator !== "!~")
      throw new Error(`not a label matcher: ${tokens.join(" ")}`);
    matchers.push({ label, operator, value: value.slice(1, -1) });
  }
  return matchers;
}
