import { getOwn, isObject, type JsonObject, type JsonValue, setOwn } from "../json/index.js";
import { CliError } from "./cli-error.js";

/** Helm refuses longer lists too: a wrong index would fill the memory. */
const maxIndex = 65_536;

type Step = string | number;

/**
 * Lays settings such as `global.proxy.logLevel=debug,global.tag=1.2` over values, as Helm's --set does: `true`, `false`,
 * `null` and whole numbers have their type, `{a,b}` is a list, `a[0].b` an element, and a backslash takes the
 * meaning from the character that follows it. A null stays in the values as null. Throws CliError `usage`.
 */
export function setValues(values: JsonObject, setting: string): JsonObject {
  let result: JsonValue = values;
  const reader = new SettingReader(setting);
  while (!reader.done()) {
    const path = reader.path();
    result = put(result, path, reader.value(), setting);
  }
  return isObject(result) ? result : values;
}

class SettingReader {
  private at = 0;
  constructor(private readonly setting: string) {}

  done(): boolean {
    return this.at >= this.setting.length;
  }

  private fail(why: string): never {
    throw new CliError("usage", `Cannot use --set ${this.setting}: ${why}`);
  }

  /** Takes characters up to one of `ends`; escaped ones lose their backslash. */
  private text(ends: string): string {
    let text = "";
    for (; !this.done(); this.at++) {
      const char = this.setting[this.at] ?? "";
      if (ends.includes(char)) break;
      if (char === "\\") this.at++;
      text += this.setting[this.at] ?? "";
    }
    return text;
  }

  path(): Step[] {
    const path: Step[] = [];
    for (;;) {
      const key = this.text(".[=,");
      if (key !== "") path.push(key);
      else if (this.setting[this.at] !== "[" || path.length === 0)
        this.fail("a key is empty; write path=value");
      while (this.setting[this.at] === "[") path.push(this.index());
      const end = this.setting[this.at];
      if (end !== "." && end !== "=") this.fail("there is no value; write path=value");
      this.at++;
      if (end === "=") return path;
    }
  }

  private index(): number {
    this.at++;
    const text = this.text("]=,");
    const index = /^\d{1,6}$/.test(text) ? Number(text) : -1;
    if (this.setting[this.at] !== "]" || index < 0 || index > maxIndex)
      this.fail(`[${text}] is no index of a list`);
    this.at++;
    return index;
  }

  value(): JsonValue {
    if (this.setting[this.at] === "{") return this.list();
    const value = typed(this.text(","), this.setting[this.at - 1] === "\\");
    this.at++;
    return value;
  }

  private list(): JsonValue {
    const items: JsonValue[] = [];
    if (this.setting[this.at + 1] === "}") this.at++;
    else {
      do {
        this.at++;
        items.push(typed(this.text(",}"), false));
      } while (this.setting[this.at] === ",");
    }
    if (this.setting[this.at] !== "}") this.fail("a list begins with { and has no }");
    this.at++;
    if (!this.done() && this.setting[this.at] !== ",") this.fail("after the } of a list a comma must follow");
    this.at++;
    return items;
  }
}

function typed(text: string, escaped: boolean): JsonValue {
  if (escaped) return text;
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null") return null;
  if (!/^(0|-?[1-9]\d*)$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function put(
  tree: JsonValue | undefined,
  path: readonly Step[],
  value: JsonValue,
  setting: string,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    if (tree !== undefined && tree !== null && !Array.isArray(tree))
      throw new CliError(
        "usage",
        `Cannot use --set ${setting}: [${step}] stands behind something that is no list`,
      );
    const list = Array.isArray(tree) ? [...tree] : [];
    while (list.length < step) list.push(null);
    list[step] = put(list[step], rest, value, setting);
    return list;
  }
  const copy: JsonObject = isObject(tree) ? { ...tree } : {};
  setOwn(copy, step, put(getOwn(copy, step), rest, value, setting));
  return copy;
}
