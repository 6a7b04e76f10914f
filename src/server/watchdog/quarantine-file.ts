import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type QuarantinedReview, quarantineLimit, quarantineMs } from "./quarantine.js";

/**
 * Reads the reviews that a process left for the one after it. A file that is not there holds none.
 *
 * @param now milliseconds since 1970
 * @throws the system's error, or SyntaxError when it is no JSON
 */
export function readQuarantineFile(path: string, now: number): readonly QuarantinedReview[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  const tree: unknown = JSON.parse(text);
  const list: readonly unknown[] = Array.isArray(tree) ? tree : [];
  return list.flatMap((item) => readQuarantinedReview(item, now)).slice(-quarantineLimit);
}

/** Writes beside the file and renames, so that nobody reads a part. @throws the system's error */
export function writeQuarantineFile(path: string, reviews: readonly QuarantinedReview[]): void {
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(reviews, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** The review that a value holds, none when it holds no such thing. A clock that was put back prolongs nothing. */
export function readQuarantinedReview(value: unknown, now: number): readonly QuarantinedReview[] {
  if (typeof value !== "object" || value === null) return [];
  const { uid, namespace, kind, fingerprint, bytes, at, until }: Record<string, unknown> = { ...value };
  if (typeof uid !== "string" || typeof namespace !== "string" || typeof kind !== "string") return [];
  if (typeof fingerprint !== "string" || typeof bytes !== "number") return [];
  if (typeof at !== "number" || typeof until !== "number") return [];
  return [{ uid, namespace, kind, fingerprint, bytes, at, until: Math.min(until, now + quarantineMs) }];
}
