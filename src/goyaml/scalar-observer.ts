import type { Resolved } from "./resolve-scalar.js";
import type { ScalarSpan } from "./token.js";

/** A scalar that was read, and where it stands. */
export interface PlacedScalar {
  /** Where it starts. */
  readonly at: number;
  readonly span: ScalarSpan;
  /** It has no quotes and no `|` or `>`. */
  readonly plain: boolean;
  /** It has no tag, and is no key nor part of one. */
  readonly bare: boolean;
  readonly value: Resolved["value"];
}

/** Is shown the scalars of a text in their order; what it gives back takes the place of the scalar's value. */
export type ScalarObserver = (scalar: PlacedScalar) => Resolved["value"];
