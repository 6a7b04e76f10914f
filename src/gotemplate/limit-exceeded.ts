/** Thrown where a bound of an execution is passed. The executor gives it a place and the code `limit`. */
export class LimitExceeded extends Error {
  override readonly name = "LimitExceeded";
}
