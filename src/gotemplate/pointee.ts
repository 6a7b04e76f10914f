import { GoStruct, type noField, type Value } from "./value.js";

/** The struct that a pointer points to, without the methods that only the pointer has. */
class Pointee extends GoStruct {
  readonly kind = "struct";
  readonly type: string;
  constructor(private readonly pointer: GoStruct) {
    super();
    this.type = pointer.type.replace(/^\*/, "");
  }
  fieldNames(): readonly string[] {
    return this.pointer.fieldNames();
  }
  field(name: string): Value | typeof noField {
    return this.pointer.field(name);
  }
}

/** Follows a pointer to a struct; other values are returned as they are. */
export function pointee(value: Value): Value {
  return value instanceof GoStruct && value.kind === "ptr" ? new Pointee(value) : value;
}

/** What Go prints for a value in a template: the struct behind a pointer, unless the pointer has a text of its own. */
export function printable(value: Value): Value {
  return value instanceof GoStruct && value.toText() === undefined ? pointee(value) : value;
}
