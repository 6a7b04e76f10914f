import type { ChainEnd } from "./trace.js";

const texts: Readonly<Record<ChainEnd, string>> = {
  accept: "accepted",
  drop: "dropped",
  return: "back to the calling chain",
  end: "end of the chain, back to the calling one",
  captured: "captured",
  policy: "end of the chain: the policy accepts",
};

/** How a packet left a chain, in words. */
export function endText(end: ChainEnd): string {
  return texts[end];
}
