import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { labelKeyFault, labelValueFault } from "./label-syntax.js";

/** Labels as an object; a value that is no string matches nothing. */
export type Labels = Readonly<Record<string, JsonValue>>;

/** A checked selector, or a sentence that says what is wrong with it. */
export type SelectorResult =
  | {
      readonly ok: true;
      /** The selector has no requirement, so it matches everything. */
      readonly empty: boolean;
      /** As `kubectl` writes it: `a=b,c in (d,e),!f`, keys in order. */
      readonly text: string;
      readonly matches: (labels: Labels) => boolean;
    }
  | { readonly ok: false; readonly error: string };

interface Requirement {
  readonly key: string;
  readonly text: string;
  readonly holds: (value: string | undefined) => boolean;
}

class Fault extends Error {}

/**
 * Reads a Kubernetes LabelSelector (`matchLabels`, `matchExpressions`); all requirements must hold.
 * `NotIn` and `DoesNotExist` hold where the key is missing. Keys, values and operators are checked as the API server does.
 */
export function compileSelector(selector: JsonValue): SelectorResult {
  try {
    if (!isObject(selector)) throw new Fault("a label selector must be a mapping");
    const requirements = [...readLabels(selector), ...readExpressions(selector)];
    requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return {
      ok: true,
      empty: requirements.length === 0,
      text: requirements.map((requirement) => requirement.text).join(","),
      matches: (labels) => requirements.every(({ key, holds }) => holds(labelValue(labels, key))),
    };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, error: error.message };
    throw error;
  }
}

function labelValue(labels: Labels, key: string): string | undefined {
  const value = getOwn(labels, key);
  return typeof value === "string" ? value : undefined;
}

function readLabels(selector: JsonObject): Requirement[] {
  const labels = getOwn(selector, "matchLabels") ?? {};
  if (!isObject(labels)) throw new Fault("matchLabels must be a mapping");
  return Object.keys(labels).map((key) => {
    const value = getOwn(labels, key) ?? "";
    if (typeof value !== "string")
      throw new Fault(`matchLabels: the value of ${quote(key)} must be a string`);
    checkKey(key, "matchLabels");
    checkValue(value, `matchLabels: the value ${quote(value)} of ${quote(key)}`);
    return { key, text: `${key}=${value}`, holds: (found) => found === value };
  });
}

function readExpressions(selector: JsonObject): Requirement[] {
  const expressions = getOwn(selector, "matchExpressions") ?? [];
  if (!Array.isArray(expressions)) throw new Fault("matchExpressions must be a list");
  return expressions.map((expression, index) => readExpression(expression, `matchExpressions[${index}]`));
}

function readExpression(expression: JsonValue, place: string): Requirement {
  if (!isObject(expression)) throw new Fault(`${place} must be a mapping`);
  const key = getOwn(expression, "key") ?? "";
  const operator = getOwn(expression, "operator") ?? "";
  if (typeof key !== "string") throw new Fault(`${place}: key must be a string`);
  if (typeof operator !== "string") throw new Fault(`${place}: operator must be a string`);
  const values = readValues(getOwn(expression, "values") ?? [], place);
  const requirement = requirementOf(key, operator, values, place);
  checkKey(key, place);
  for (const value of values) checkValue(value, `${place}: the value ${quote(value)}`);
  return requirement;
}

function readValues(values: JsonValue, place: string): string[] {
  if (!Array.isArray(values)) throw new Fault(`${place}: values must be a list`);
  return values.map((value) => {
    if (value === null) return "";
    if (typeof value !== "string") throw new Fault(`${place}: values must be strings`);
    return value;
  });
}

function requirementOf(key: string, operator: string, values: readonly string[], place: string): Requirement {
  const set = new Set(values);
  const list = `(${[...set].sort().join(",")})`;
  switch (operator) {
    case "In":
    case "NotIn": {
      if (set.size === 0) throw new Fault(`${place}: ${operator} needs at least one value`);
      const wanted = operator === "In";
      const holds = (found: string | undefined) => (found !== undefined && set.has(found)) === wanted;
      return { key, text: `${key} ${wanted ? "in" : "notin"} ${list}`, holds };
    }
    case "Exists":
    case "DoesNotExist": {
      if (set.size > 0) throw new Fault(`${place}: ${operator} takes no values`);
      const wanted = operator === "Exists";
      return { key, text: wanted ? key : `!${key}`, holds: (found) => (found !== undefined) === wanted };
    }
    default:
      throw new Fault(
        `${place}: ${quote(operator)} is not an operator; use In, NotIn, Exists or DoesNotExist`,
      );
  }
}

function checkKey(key: string, place: string): void {
  const fault = labelKeyFault(key);
  if (fault !== undefined) throw new Fault(`${place}: the key ${quote(key)} is not valid: ${fault}`);
}

function checkValue(value: string, subject: string): void {
  const fault = labelValueFault(value);
  if (fault !== undefined) throw new Fault(`${subject} is not valid: ${fault}`);
}

function quote(text: string): string {
  return JSON.stringify(excerpt(text));
}
