import { MeshError } from "../../src/mesh/index.js";

/** The MeshError that a call throws; any other outcome is a failure. */
export function meshErrorOf(call: () => unknown): MeshError {
  try {
    call();
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
  throw new Error("expected a MeshError, but nothing was thrown");
}
