import { type RequestCode, requestCodes } from "./code.js";

/** Thrown when a body is no review that can be answered with a patch. It becomes a response. */
export class AdmissionError extends Error {
  override readonly name = "AdmissionError";
  constructor(
    readonly code: RequestCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
  /** The sentence of the code, for people. */
  get sentence(): string {
    return requestCodes[this.code];
  }
}
