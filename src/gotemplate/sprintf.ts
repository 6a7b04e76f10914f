import { joinRawBytes } from "../go/index.js";
import { type FormatFlags, plainFlags } from "./format-flags.js";
import { typeOf } from "./kind.js";
import { Printer } from "./printer.js";
import { GoScalar, type Value } from "./value.js";

// Go takes a larger width or precision for a mistake.
const tooLarge = 1_000_000;

/**
 * Formats as fmt.Sprintf does: every verb, flag, width, precision and argument index, and its notes
 * within the text where format and arguments disagree, such as `%!d(string=x)` and `%!(EXTRA int=1)`.
 * Throws LimitExceeded for a value nested more than a thousand levels or a text longer than 4 Mi characters.
 */
export function goSprintf(format: string, args: readonly Value[]): string {
  return withTexts(format, args) ?? new Formatter(format, args).run();
}

/** A longer text is for the printer, which may refuse it. */
const shortText = 1024;

/** The text where the arguments are short texts for a plain `%s` each, as most are; undefined otherwise. */
function withTexts(format: string, args: readonly Value[]): string | undefined {
  let text = "";
  let from = 0;
  for (const argument of args) {
    if (typeof argument !== "string" || text.length + argument.length > shortText) return undefined;
    const percent = format.indexOf("%", from);
    if (percent < 0 || format[percent + 1] !== "s") return undefined;
    text += format.slice(from, percent) + argument;
    from = percent + 2;
  }
  return format.includes("%", from) ? undefined : joinRawBytes(text + format.slice(from));
}

class Formatter {
  private readonly printer = new Printer();
  private result = "";
  private at = 0;
  private argument = 0;
  private reordered = false;
  private afterIndex = false;
  private goodIndex = true;
  private flags: { -readonly [K in keyof FormatFlags]: FormatFlags[K] } = { ...plainFlags };

  constructor(
    private readonly format: string,
    private readonly args: readonly Value[],
  ) {}

  run(): string {
    for (;;) {
      const percent = this.format.indexOf("%", this.at);
      if (percent < 0) break;
      this.result += this.format.slice(this.at, percent);
      this.at = percent + 1;
      this.directive();
    }
    this.result += this.format.slice(this.at);
    if (!this.reordered && this.argument < this.args.length) this.result += this.extra();
    return joinRawBytes(this.result);
  }

  private directive(): void {
    if (isLetter(this.format.charCodeAt(this.at))) this.plainDirective(this.format.charAt(this.at++));
    else this.fullDirective();
  }

  /** A verb with nothing before it, which most are. */
  private plainDirective(verb: string): void {
    const value = this.args[this.argument];
    if (this.argument >= this.args.length) this.result += `%!${verb}(MISSING)`;
    else if (typeof value === "string" && (verb === "s" || verb === "v"))
      this.result += this.printer.count(value);
    else this.result += this.printer.print(value, verb, plainFlags);
    this.argument += 1;
  }

  private fullDirective(): void {
    this.flags = { ...plainFlags };
    this.goodIndex = true;
    this.readFlags();
    this.readIndex();
    this.readWidth();
    this.readPrecision();
    if (!this.afterIndex) this.readIndex();
    const rune = this.format.codePointAt(this.at);
    const verb = rune === undefined ? "" : String.fromCodePoint(rune);
    this.at += verb.length;
    this.result += verb === "" ? "%!(NOVERB)" : this.operand(verb);
  }

  private operand(verb: string): string {
    if (verb === "%") return "%";
    if (!this.goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.argument >= this.args.length) return `%!${verb}(MISSING)`;
    if (verb === "v") {
      this.flags.sharpV = this.flags.sharp;
      this.flags.plusV = this.flags.plus;
      this.flags.sharp = false;
      this.flags.plus = false;
    }
    return this.printer.print(this.args[this.argument++], verb, this.flags);
  }

  private readFlags(): void {
    for (; ; this.at++) {
      const character = this.format[this.at];
      if (character === "#") this.flags.sharp = true;
      else if (character === "0") this.flags.zero = true;
      else if (character === "+") this.flags.plus = true;
      else if (character === "-") this.flags.minus = true;
      else if (character === " ") this.flags.space = true;
      else return;
    }
  }

  /** Reads `[3]`: the next operand is the third argument. */
  private readIndex(): void {
    this.afterIndex = false;
    if (this.format[this.at] !== "[") return;
    this.reordered = true;
    const end = this.format.indexOf("]", this.at + 1);
    const number = end < 0 ? undefined : parseIndex(this.format.slice(this.at + 1, end));
    this.at = end < 0 ? this.at + 1 : end + 1;
    if (number === undefined || number < 1 || number > this.args.length) {
      this.goodIndex = false;
      return;
    }
    this.argument = number - 1;
    this.afterIndex = true;
  }

  private readWidth(): void {
    if (this.format[this.at] !== "*") {
      const width = this.readNumber();
      if (width === undefined) return;
      this.flags.width = width;
      if (this.afterIndex) this.goodIndex = false;
      return;
    }
    this.at += 1;
    const width = this.integerArgument();
    if (width === undefined) this.result += "%!(BADWIDTH)";
    else if (width < 0) {
      this.flags.minus = true;
      this.flags.zero = false;
      this.flags.width = -width;
    } else this.flags.width = width;
    this.afterIndex = false;
  }

  private readPrecision(): void {
    if (this.format[this.at] !== ".") return;
    this.at += 1;
    if (this.afterIndex) this.goodIndex = false;
    this.readIndex();
    if (this.format[this.at] !== "*") {
      this.flags.precision = this.readNumber() ?? 0;
      return;
    }
    this.at += 1;
    const precision = this.integerArgument();
    if (precision === undefined || precision < 0) this.result += "%!(BADPREC)";
    else this.flags.precision = precision;
    this.afterIndex = false;
  }

  /** A width or precision from the arguments; undefined when there is no fitting one. */
  private integerArgument(): number | undefined {
    if (this.argument >= this.args.length) return undefined;
    const argument = this.args[this.argument++];
    const value = argument instanceof GoScalar ? argument.value : argument;
    if (typeof value !== "bigint" || value > tooLarge || value < -tooLarge) return undefined;
    return Number(value);
  }

  private readNumber(): number | undefined {
    const start = this.at;
    while (isDigit(this.format.charCodeAt(this.at))) this.at += 1;
    if (this.at === start) return undefined;
    const number = Number(this.format.slice(start, this.at));
    if (Math.floor(number / 10) <= tooLarge) return number;
    // Go gives up on the rest of the format.
    this.at = this.format.length;
    return undefined;
  }

  private extra(): string {
    const texts = this.args.slice(this.argument).map((value) => {
      if (value === null || value === undefined) return "<nil>";
      return `${typeOf(value)}=${this.printer.print(value, "v", plainFlags)}`;
    });
    return `%!(EXTRA ${texts.join(", ")})`;
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function parseIndex(text: string): number | undefined {
  return /^[0-9]{1,7}$/.test(text) ? Number(text) : undefined;
}
