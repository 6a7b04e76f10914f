import type { Random } from "../../equivalence/random-texts.js";

/** What may not happen, however hostile an input is. */
export type FaultKind =
  /** Something was thrown where nothing may be, or the process was about to end. */
  | "crash"
  /** An error that Pillion has no word for: `internal`, 500. */
  | "unforeseen"
  /** More work than inputs of its size may cost. */
  | "over budget"
  /** The fast path and the slow one, or a polluted process and a fresh one, do not agree. */
  | "difference"
  /** An answer that is none, or that does what the input must not bring about. */
  | "wrong";

/** What an input has brought about. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** Inputs of one kind, without end. */
export interface Attack<Input = unknown> {
  /** As the table calls it. */
  readonly name: string;
  /** How many of 1,000 inputs are of this kind. */
  readonly share: number;
  /** Gets ready; called once, before the first input. */
  begin(): Promise<Weapon<Input>> | Weapon<Input>;
}

/** An attack that is ready. */
export interface Weapon<Input = unknown> {
  /** The input with this number. Plain data, bytes allowed; the same for the same numbers of `random`. */
  make(random: Random, index: number): Input;
  /** Tries an input. What it throws is a fault too. */
  try(input: Input): Promise<readonly Fault[]> | readonly Fault[];
  /** As how many an input counts; absent: one. */
  count?(input: Input): number;
  /** Something smaller that may have the same fault, the most promising first. */
  smaller?(input: Input): Iterable<Input>;
  /** What came of the inputs, so that one can see that they got anywhere. Throws where they did not. */
  summary?(): string;
  end?(): Promise<void>;
}

/** The types of an attack's inputs are its own business. */
export function attack<Input>(one: Attack<Input>): Attack {
  return { ...one, begin: async () => forAnyone(await one.begin()) };
}

function forAnyone<Input>(weapon: Weapon<Input>): Weapon {
  // What `try` is given was made by `make`, or read from where such a thing was written.
  const own = (input: unknown) => input as Input;
  return {
    make: (random, index) => weapon.make(random, index),
    try: (input) => weapon.try(own(input)),
    count: (input) => weapon.count?.(own(input)) ?? 1,
    smaller: (input) => weapon.smaller?.(own(input)) ?? [],
    summary: () => weapon.summary?.() ?? "",
    end: async () => weapon.end?.(),
  };
}
