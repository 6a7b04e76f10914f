import { isLoopback, parsePrefix } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";
import type { CaptureSettings } from "./capture-settings.js";
import { splitList, splitRanges } from "./list-value.js";

/** More groups than this Istio refuses in the include list. */
export const ownerGroupLimit = 64;

function invalid(message: string): InterceptionError {
  return new InterceptionError("setting-invalid", message);
}

/** Refuses an include list of more than 64 groups; the exclude list is not limited. */
export function validateOwnerGroups(include: string): void {
  const groups = include === "*" ? 0 : splitList(include).length;
  if (groups > ownerGroupLimit)
    throw invalid(
      `ISTIO_OUTBOUND_OWNER_GROUPS lists ${groups} groups; at most ${ownerGroupLimit} are possible`,
    );
}

/** Refuses anything but a prefix of length 8 to 32 inside 127.0.0.0/8. */
export function validateLoopbackCidr(text: string): void {
  const prefix = parsePrefix(text);
  const good =
    prefix !== undefined && prefix.address.family === 4 && isLoopback(prefix.address) && prefix.length >= 8;
  if (!good)
    throw invalid(
      `ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR is ${JSON.stringify(text)}; it must be a CIDR inside 127.0.0.0/8, such as 127.0.0.1/32`,
    );
}

/** Refuses anything but `legacy`, `nft` and the empty text. */
export function validateBinary(name: string): void {
  if (name !== "" && name !== "legacy" && name !== "nft")
    throw invalid(`--force-iptables-binary is ${JSON.stringify(name)}; it takes legacy, nft or nothing`);
}

/**
 * The checks istio-iptables makes before it does anything. CNI mode makes only those of the CIDR lists.
 * @throws InterceptionError `setting-invalid` naming the setting.
 */
export function validateSettings(
  settings: CaptureSettings,
  execution: { forceBinary: string; cniMode: boolean },
): void {
  if (!execution.cniMode) {
    validateOwnerGroups(settings.ownerGroups);
    validateBinary(execution.forceBinary);
    validateLoopbackCidr(settings.loopbackCidr);
  }
  splitRanges("--istio-service-exclude-cidr", settings.outboundRangesExclude, false);
  splitRanges("--istio-service-cidr", settings.outboundRanges, true);
}
