import {
  type CheckCode,
  type CheckName,
  type CheckStatus,
  type FaultCode,
  faultCodes,
} from "./check-code.js";
import type { Unread } from "./reading.js";

/** One line of the check. */
export interface Finding {
  /** The revision whose injector it is about; absent where it is about none alone. */
  readonly revision?: string;
  readonly check: CheckName;
  readonly status: CheckStatus;
  readonly code: CheckCode;
  /** What it is about, such as `Service istio-system/pillion`. */
  readonly object: string;
  readonly message: string;
  /** What helps: the command, the field or the right. */
  readonly remedy?: string;
  /** The objects that the message counts. */
  readonly items?: readonly string[];
}

/** What a line says beside its code. */
export type FindingText = Pick<Finding, "object" | "message" | "items">;

/** A line on which nothing is wrong. */
export function fine(check: CheckName, text: FindingText): Finding {
  return { check, status: "ok", code: "ok", ...text };
}

/** A line on which something is wrong. Its code says of which check it is, and how bad (ADR 0413). */
export function fault(code: FaultCode, text: FindingText & { readonly remedy: string }): Finding {
  const { check, status } = faultCodes[code];
  return { check, status, code, ...text };
}

/** A line that cannot be told, as what it needs could not be read. */
export function unread(check: CheckName, object: string, { kind, right, message }: Unread): Finding {
  if (kind === "forbidden")
    return {
      check,
      status: "skipped",
      code: "forbidden",
      object,
      message: `Not looked at: you may not ${right}.`,
      remedy: `Ask for the right to ${right}.`,
    };
  return { check, status: "skipped", code: "unreadable", object, message: `Not looked at: ${message}.` };
}

/** A line that cannot be told for another reason. */
export function notKnown(check: CheckName, text: FindingText & { readonly remedy?: string }): Finding {
  return { check, status: "skipped", code: "not-known", ...text };
}

/** A command in a sentence: in backquotes, so that it can be told from the words around it, and is not broken over lines. */
export function command(text: string): string {
  return `\`${text}\``;
}
