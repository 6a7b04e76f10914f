const day = 86_400_000;

/** When something is good, in milliseconds since 1970. */
export interface Life {
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Whether a certificate should have been renewed by now. Pillion, and cert-manager by its defaults, renew at two thirds of
 * a life, so less than a quarter of it left means that nobody does. What lives for years is renewed by hand: 30 days.
 */
export function endsSoon({ notBefore, notAfter }: Life, now: number): boolean {
  return notAfter - now < Math.min(30 * day, (notAfter - notBefore) / 4);
}

/** A date as people read it, and time zones do not matter. */
export function dateText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
