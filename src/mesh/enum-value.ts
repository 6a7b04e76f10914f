import type { EnumSchema } from "./message-schema.js";

/** A value of an enum. Values that the enum names exist once, so `===` compares them. */
export class EnumValue {
  constructor(
    readonly schema: EnumSchema,
    readonly number: number,
    /** Undefined for a number that the enum does not name. */
    readonly name: string | undefined,
  ) {}

  /** What Go's `String` gives: the name, or the number where there is no name. */
  toString(): string {
    return this.name ?? String(this.number);
  }
}
