import type { Operation } from "./operation.js";

/** A patch while it is made. */
export interface PatchDraft {
  readonly operations: Operation[];
  /** Counts items and members that are compared. It may throw, and then there is no patch. */
  readonly spend: (steps: number) => void;
}
