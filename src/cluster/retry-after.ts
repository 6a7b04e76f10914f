import type { IncomingHttpHeaders } from "node:http";

/**
 * How long at most a request waits because it was told to, in milliseconds. The API server's own fairness says 1 second; a
 * proxy in front of it that says more than this is better met by the back-off of whoever asked.
 */
export const longestRetryAfter = 10_000;

/** How often a request is sent at most that is told to come later. Half a minute of refusals is news to the caller. */
export const mostAttempts = 4;

/**
 * The milliseconds that the header `Retry-After` of an answer asks to wait: a number of seconds, or a date, which is measured from the
 * answer's own date. Undefined where there is none that can be read. RFC 9110, section 10.2.3.
 */
export function retryAfter(headers: IncomingHttpHeaders, now: number): number | undefined {
  const said = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1000;
  const date = Date.parse(said);
  if (!/^[A-Z][a-z]{2,8},? /.test(said) || Number.isNaN(date)) return undefined;
  const sent = Date.parse(headers.date ?? "");
  return Math.max(0, date - (Number.isNaN(sent) ? now : sent));
}
