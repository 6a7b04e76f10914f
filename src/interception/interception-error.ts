/** What can be wrong with what interception is given. */
export type InterceptionErrorCode =
  /** A command line that istio-iptables does not take. */
  | "usage"
  /** A setting whose value Istio refuses (owner groups, loopback CIDR, binary, CIDR lists). */
  | "setting-invalid"
  /** A setting that holds characters no port, interface, id or CIDR has. */
  | "setting-unsafe"
  /** A fact about the host that is missing: an address, a name server. */
  | "host-unknown"
  /** An annotation the CNI plugin refuses. */
  | "annotation-invalid"
  /** A pod that cannot be read, or that carries no capture settings. */
  | "pod-invalid"
  /** Rules that cannot be read. */
  | "rules-invalid"
  /** A packet that no machine could send. */
  | "packet-invalid"
  /** A profile, release or strategy that does not exist, or not together. */
  | "profile-unknown";

/** Every error that `src/interception` throws. The code is the contract, the message is for people. */
export class InterceptionError extends Error {
  override readonly name = "InterceptionError";
  readonly code: InterceptionErrorCode;
  /** Line in the text that was read, counted from 1; 0 where no text is involved. */
  readonly line: number;

  constructor(
    code: InterceptionErrorCode,
    message: string,
    options: { line?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.line = options.line ?? 0;
  }
}
