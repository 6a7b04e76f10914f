import { ClusterError } from "../cluster-error.js";

/** Why something could not be read. */
export interface Unread {
  readonly kind: "absent" | "forbidden" | "failed";
  /** The right it takes, such as `list pods in all namespaces`. */
  readonly right: string;
  /** What the API server said, without a full stop. */
  readonly message: string;
}

/** The answer of the API server, or why there is none. */
export type Reading<T> = { readonly kind: "read"; readonly value: T } | Unread;

/** Reads, and keeps what goes wrong: a missing right must degrade one line, not end the check. */
export async function reading<T>(right: string, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: "read", value: await read() };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const message = error.message.replace(/\.$/, "");
    if (error.status === 403 || error.status === 401) return { kind: "forbidden", right, message };
    return { kind: error.status === 404 ? "absent" : "failed", right, message };
  }
}

/** The value, or undefined. */
export function readValue<T>(from: Reading<T> | undefined): T | undefined {
  return from?.kind === "read" ? from.value : undefined;
}
