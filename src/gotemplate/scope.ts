import { GoValue, type Value } from "./value.js";

/** A variable as the compiler knows it. */
export interface Binding {
  readonly name: string;
  readonly slot: number;
  /**
   * The slot that says whether the variable holds an element of a list or map of interface {}: Go's
   * messages then name the type `interface {}`. Undefined when it holds the value of a pipeline.
   */
  readonly looseSlot: number | undefined;
  /** Whether the declaration may not have been executed when the variable is read. */
  readonly mayBeUnset: boolean;
}

/** A declaration that only happens when `and` or `or` get as far as its argument. */
export interface ConditionalDeclaration {
  readonly slot: number;
  /** The variable of the same name that is seen until then. */
  readonly outer: Binding | undefined;
}

class Unset extends GoValue {
  readonly kind = "invalid";
  readonly type = "<unset>";
}

/** What the slot of a variable holds that was not declared after all. */
export const unset: GoValue = new Unset();

/** The variables that a place in a template sees, as slots. Each template has one scope with its own slots. */
export class Scope {
  /** The slot that says whether dot is an element of a list or map of interface {}. */
  dotLooseSlot: number | undefined;
  private readonly visible = new Map<string, Binding[]>();
  private readonly declared: string[] = [];
  private conditional: ConditionalDeclaration[] | undefined;
  private slots = 1;

  constructor() {
    this.visible.set("$", [{ name: "$", slot: 0, looseSlot: undefined, mayBeUnset: false }]);
  }

  /** How many slots the template needs. */
  get slotCount(): number {
    return this.slots;
  }

  newSlot(): number {
    this.slots += 1;
    return this.slots - 1;
  }

  lookup(name: string): Binding | undefined {
    return this.visible.get(name)?.at(-1);
  }

  declare(name: string, looseSlot?: number): Binding {
    const outer = this.lookup(name);
    const slot = this.newSlot();
    this.conditional?.push({ slot, outer });
    const mayBeUnset = this.conditional !== undefined && (outer === undefined || outer.mayBeUnset);
    const binding = { name, slot, looseSlot, mayBeUnset };
    const hidden = this.visible.get(name);
    if (hidden === undefined) this.visible.set(name, [binding]);
    else hidden.push(binding);
    this.declared.push(name);
    return binding;
  }

  /** Compiles what Go executes between marking and popping its variables. */
  within<T>(compile: () => T): T {
    const { length } = this.declared;
    const result = compile();
    for (const name of this.declared.splice(length)) this.visible.get(name)?.pop();
    return result;
  }

  /** Compiles something with a dot of its own. */
  withDot<T>(looseSlot: number | undefined, compile: () => T): T {
    const outer = this.dotLooseSlot;
    this.dotLooseSlot = looseSlot;
    const result = compile();
    this.dotLooseSlot = outer;
    return result;
  }

  /** Compiles something that may not be executed, and tells what it declares. */
  conditionally<T>(compile: () => T): { result: T; declared: readonly ConditionalDeclaration[] } {
    const outer = this.conditional;
    const declared: ConditionalDeclaration[] = [];
    this.conditional = declared;
    const result = compile();
    this.conditional = outer;
    outer?.push(...declared);
    return { result, declared };
  }
}

/** Prepares the slots of declarations that may not happen. */
export function prepareSlots(variables: Value[], declared: readonly ConditionalDeclaration[]): void {
  for (const { slot, outer } of declared)
    variables[slot] = outer === undefined ? unset : variables[outer.slot];
}
