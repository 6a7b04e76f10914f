/** What can go wrong while rules are programmed. */
export type NetfilterErrorCode =
  /** A program that is needed is not there. */
  | "tool-missing"
  /** No usable iptables binary. */
  | "detection-failed"
  /** iptables, nft or ip refused. */
  | "command-failed"
  /** The machine's addresses or name servers cannot be read. */
  | "host-unreadable"
  /** Traffic is not captured. */
  | "validation-failed";

/** Every error of `src/netfilter`. The code is the contract, the message is for people. */
export class NetfilterError extends Error {
  override readonly name = "NetfilterError";

  constructor(
    readonly code: NetfilterErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  /** What the process ends with: 126 tells Istio's repair controller that rules are missing. */
  get exitCode(): number {
    return this.code === "validation-failed" ? 126 : 1;
  }
}
