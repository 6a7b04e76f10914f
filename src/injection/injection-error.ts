import { type FailureCode, failureCodes } from "./code.js";

/** Thrown when a pod that should be injected cannot be. The message is Istio's where Istio has one. */
export class InjectionError extends Error {
  override readonly name = "InjectionError";
  constructor(
    readonly code: FailureCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
  /** The sentence of the code, for people. */
  get sentence(): string {
    return failureCodes[this.code];
  }
}
