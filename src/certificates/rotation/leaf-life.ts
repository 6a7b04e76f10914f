import { coversName } from "../check-key-pair.js";
import { renewalTime } from "../renewal-time.js";
import type { Authority } from "./authority.js";
import type { Leaf } from "./read-secret.js";
import type { RotationOptions } from "./rotation-options.js";
import type { RotationPolicy } from "./rotation-policy.js";

const dayMs = 86_400_000;

/** From when to when a certificate may be relied on, with every clock as far off as is tolerated. */
export function reliable(
  { info }: Pick<Authority, "info">,
  { clockToleranceMs }: RotationPolicy,
): { readonly from: number; readonly to: number } {
  return { from: info.notBefore + 2 * clockToleranceMs, to: info.notAfter - 2 * clockToleranceMs };
}

/** Tells whether a certificate may be relied on now. */
export function isReliable(
  certificate: Pick<Authority, "info">,
  policy: RotationPolicy,
  time: number,
): boolean {
  const { from, to } = reliable(certificate, policy);
  return from <= time && time <= to;
}

/** Tells whether a leaf may be served: it and its authority hold now, and it is for the name the API server calls. */
export function isServable(leaf: Leaf, { names, policy }: RotationOptions, time: number): boolean {
  const [first] = names;
  return (
    isReliable(leaf, policy, time) &&
    isReliable(leaf.authority, policy, time) &&
    (first === undefined || coversName(leaf.certificate, first))
  );
}

/** Tells whether a leaf should be replaced by a new one of this authority. */
export function isDue(leaf: Leaf, signing: Authority, options: RotationOptions, time: number): boolean {
  return (
    !isServable(leaf, options, time) ||
    leaf.authority.info.fingerprint !== signing.info.fingerprint ||
    !options.names.every((name) => coversName(leaf.certificate, name)) ||
    time >= renewalTime(leaf.info)
  );
}

/** How long a leaf lives, milliseconds. */
export function lifeOfLeaf({ leafDays }: RotationPolicy): number {
  return leafDays * dayMs;
}

/** When no leaf that was signed up to now can be in use any more, whoever's clock it was signed and is read by. */
export function endOfLeaves(policy: RotationPolicy, time: number): number {
  return time + lifeOfLeaf(policy) + 4 * policy.clockToleranceMs;
}
