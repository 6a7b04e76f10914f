import type { GoStruct, RepeatableExecution, Template } from "../../gotemplate/index.js";
import { executeRepeatably, executeTemplate, templateContext, type World } from "../execute-template.js";
import { InjectionError } from "../injection-error.js";
import { readPartialPod } from "../read-partial-pod.js";
import { findHarm, keepsNone, type Rendition } from "./find-harm.js";
import { ValueFitter } from "./fit-value.js";
import type { PodSources, PodTexts } from "./pod-texts.js";
import type { TextGuard } from "./text-guard.js";
import { findUnreadable } from "./find-unreadable.js";
import { type Keeps, WordBook } from "./word-book.js";
import { placesOf } from "./word-places.js";

/** A pod as templates see it, and as they would see it with other texts. */
export interface GuardedSubject {
  readonly data: GoStruct;
  /** The texts that templates could write. */
  readonly texts: PodTexts;
  /** The data of a pod that is made of these. */
  dataOf(sources: PodSources): GoStruct;
}

/** The texts of a pod, as one template writes them: whether they may stay. */
export class GuardedTexts {
  #trusted: boolean | undefined;
  #accepted: boolean | undefined;
  #execution: RepeatableExecution | undefined;
  /** What the template drew by chance, for its repetitions. */
  readonly #drawn: number[] = [];

  constructor(
    private readonly template: Template,
    private readonly subject: GuardedSubject,
    private readonly settings: World & { readonly guard: TextGuard },
  ) {}

  /** Whether no text of the pod can be structure, wherever the template writes it; or nobody wants to know. */
  areTrusted(): boolean {
    const { mode } = this.settings.guard;
    this.#trusted ??= mode === "off" || (!this.#isInventive && this.subject.texts.areTame());
    return this.#trusted;
  }

  /**
   * Whether no text changes the structure of what the template writes. Where one does, the guard warns of it or throws
   * InjectionError `text-changes-structure`.
   */
  areAccepted(): boolean {
    this.#accepted ??= this.areTrusted() || this.#judge();
    return this.#accepted;
  }

  /** What the template writes, by an execution that can be repeated: once only, as it may write something else each time. */
  text(): string {
    this.#execution ??= this.#execute(this.settings.warn);
    return this.#execution.pieces.join("");
  }

  /** The error that says that what the template wrote is no pod, with the names of the texts that make it so. */
  blame(error: InjectionError): InjectionError {
    const book = new WordBook(true);
    const guilty = findUnreadable(this.#rendition(book), error.cause);
    if (guilty.length === 0) return error;
    const { code, message, cause } = error;
    return new InjectionError(code, `${message}; this is ${listed(book, guilty)}`, { cause });
  }

  get #isInventive(): boolean {
    return this.settings.guard.inventive.has(this.template);
  }

  #judge(): boolean {
    const book = new WordBook(this.#isInventive);
    const rendition = this.#rendition(book);
    const guilty = findHarm(rendition);
    if (guilty.length === 0) return true;
    const places = placesOf(guilty, rendition.harmless(keepsNone).join(""));
    const where = places.length === 0 ? "" : ` (at ${places.join(", ")})`;
    const message = `${listed(book, guilty)} would change the structure of what template ${this.template.name} makes${where}; remove quotes, line breaks and other YAML syntax from it`;
    if (this.settings.guard.mode === "enforce") throw new InjectionError("text-changes-structure", message);
    this.settings.warn(message);
    return false;
  }

  #rendition(book: WordBook): Rendition {
    const { pieces, repeat } = this.#executed;
    const { fit } = new ValueFitter(book.everything);
    const dataOf = (keeps: Keeps) => this.subject.dataOf(this.subject.texts.harmless(book, keeps));
    const harmless = (keeps: Keeps) => repeat(dataOf(keeps), templateContext(this.#repetitionWorld()), fit);
    let allHarmless: readonly string[] | undefined;
    return {
      pieces,
      harmless: (keeps) => {
        if (keeps !== keepsNone) return harmless(keeps);
        allHarmless ??= harmless(keeps);
        return allHarmless;
      },
      anyWay: (keeps) => this.#attempt(dataOf(keeps)),
      texts: () => book.numbers,
      read: (text) => readPartialPod(this.template, text),
      pay: (...looked) => this.settings.budget.spend(lengthOf(looked) / charactersPerStep),
    };
  }

  /** Where the template has written its text elsewhere, what it warns of has been said there. */
  get #executed(): RepeatableExecution {
    this.#execution ??= this.#execute(() => {});
    return this.#execution;
  }

  #execute(warn: World["warn"]): RepeatableExecution {
    const { context } = this.settings;
    const draw = context.random ?? Math.random;
    const random = () => {
      const number = draw();
      this.#drawn.push(number);
      return number;
    };
    return executeRepeatably(this.template, this.subject.data, {
      ...this.settings,
      context: { ...context, random },
      warn,
    });
  }

  #attempt(data: GoStruct): string | undefined {
    try {
      return executeTemplate(this.template, data, this.#repetitionWorld());
    } catch (error) {
      if (error instanceof InjectionError && error.code === "template-failed") return undefined;
      throw error;
    }
  }

  #repetitionWorld(): World {
    let next = 0;
    const random = () => this.#drawn[next++] ?? 0;
    return { ...this.settings, context: { ...this.settings.context, random }, warn: () => {} };
  }
}

/** Scanning takes some 50 ns a character, a step of a template a tenth to half a microsecond. */
const charactersPerStep = 4;

function lengthOf(texts: readonly (readonly string[])[]): number {
  return texts.flat().reduce((length, piece) => length + piece.length, 0);
}

/** More names make no sentence. */
const mostNamed = 4;

function listed(book: WordBook, numbers: readonly number[]): string {
  const named = numbers.slice(0, mostNamed).map((number) => book.nameOf(number));
  const rest = numbers.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} other texts`] : [])].join(" and ");
}
