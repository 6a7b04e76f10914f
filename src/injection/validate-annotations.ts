import { parseGoBool, parseUint, prefixFault, quoteExcerpt } from "../go/index.js";
import { parseQuantity } from "../kube/index.js";
import { checkProxyConfigAnnotation, formatMultiError } from "../mesh/index.js";
import { excerpt } from "../text/index.js";
import { InjectionError } from "./injection-error.js";
import { names } from "./names.js";

/** Throws an Error that says what is wrong with a value. */
type Validator = (value: string) => void;

function reject(cause: string): never {
  throw new Error(cause);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const interceptionMode: Validator = (value) => {
  if (!["REDIRECT", "TPROXY", "NONE"].includes(value))
    reject(`interceptionMode invalid, use REDIRECT,TPROXY,NONE: ${excerpt(value)}`);
};

const unsigned32: Validator = (value) => {
  parseUint(value, 32);
};

function checkPort(value: string): void {
  try {
    parseUint(value.trim(), 16);
  } catch (error) {
    reject(`failed parsing port '${excerpt(value)}': ${message(error)}`);
  }
}

/** Puts the name of the setting before what is wrong with it, as Istio does. */
function about(setting: string, check: Validator): Validator {
  return (value) => {
    try {
      check(value);
    } catch (error) {
      reject(`${setting} invalid: ${message(error)}`);
    }
  };
}

const portList: Validator = (value) => {
  const list = value.trim();
  if (list !== "") list.split(",").forEach(checkPort);
};

/** Items are not trimmed: a space before an address is an error in Istio too. */
const cidrList: Validator = (value) => {
  if (value === "") return;
  for (const item of value.split(",")) {
    const fault = prefixFault(item);
    if (fault !== undefined) reject(`failed parsing cidr '${excerpt(item)}': ${fault}`);
  }
};

function orAll(check: Validator): Validator {
  return (value) => {
    if (value !== "*") check(value);
  };
}

/** The kernel's limit for the name of an interface, without the closing zero. */
const longestInterfaceName = 15;

const interfaceList: Validator = (value) => {
  if (value === "") return;
  for (const item of value.split(",")) {
    const name = item.trim();
    if (name === "") reject("empty interface name");
    if (Buffer.byteLength(name) > longestInterfaceName)
      reject(`interface name ${quoteExcerpt(name)} too long (max ${longestInterfaceName} chars)`);
    if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name))
      reject(`interface name ${quoteExcerpt(name)} contains invalid characters`);
  }
};

const bool: Validator = (value) => {
  if (parseGoBool(value) === undefined)
    reject(`strconv.ParseBool: parsing ${quoteExcerpt(value)}: invalid syntax`);
};

const quantity: Validator = (value) => {
  if (/\p{Cc}/u.test(value)) reject("value contains control characters");
  parseQuantity(value);
};

/** Which annotations are looked at, and how (docs/behaviour.md#annotations-that-are-checked). */
const validators: ReadonlyMap<string, Validator> = new Map<string, Validator>([
  [names.interceptionMode, interceptionMode],
  [names.statusPort, about("excludeInboundPorts", checkPort)],
  ["readiness.status.sidecar.istio.io/initialDelaySeconds", unsigned32],
  ["readiness.status.sidecar.istio.io/periodSeconds", unsigned32],
  ["readiness.status.sidecar.istio.io/failureThreshold", unsigned32],
  ["traffic.sidecar.istio.io/includeOutboundIPRanges", about("includeIPRanges", orAll(cidrList))],
  ["traffic.sidecar.istio.io/excludeOutboundIPRanges", about("excludeIPRanges", cidrList)],
  ["traffic.sidecar.istio.io/includeInboundPorts", about("includeInboundPorts", orAll(portList))],
  ["traffic.sidecar.istio.io/excludeInboundPorts", about("excludeInboundPorts", portList)],
  ["traffic.sidecar.istio.io/excludeOutboundPorts", about("excludeOutboundPorts", portList)],
  ["traffic.sidecar.istio.io/excludeInterfaces", interfaceList],
  ["traffic.sidecar.istio.io/kubevirtInterfaces", interfaceList],
  ["istio.io/reroute-virtual-interfaces", interfaceList],
  [names.mergeMetrics, bool],
  [names.proxyConfig, checkProxyConfigAnnotation],
  ["sidecar.istio.io/proxyCPU", quantity],
  ["sidecar.istio.io/proxyMemory", quantity],
  ["sidecar.istio.io/proxyCPULimit", quantity],
  ["sidecar.istio.io/proxyMemoryLimit", quantity],
]);

/** One setting of few characters, such as `concurrency: many`. */
const shortSetting = /^[a-z]+ *: *[\w.:-]{1,24}$/i;
/** A setting whose value may be a secret. */
const secretSetting = /metadata|token|secret|password|key/i;

/**
 * A value as a message quotes it. The settings of a proxy may hold tokens and passwords, so that no more than one short
 * setting of them is shown; what is wrong with them names the key and the position.
 */
function quotable(name: string, value: string): string {
  if (name !== names.proxyConfig || (shortSetting.test(value) && !secretSetting.test(value)))
    return excerpt(value);
  return `… (${value.length} characters)`;
}

/** The annotations that injection checks before it does anything. */
export const validatedAnnotations: readonly string[] = [...validators.keys()];

/**
 * Checks a pod's annotations, all at once, in Istio's words. Errors come in the order of the annotations' names.
 * Throws InjectionError `annotation-invalid`.
 */
export function validateAnnotations(annotations: Readonly<Record<string, string>>): void {
  const faults: string[] = [];
  const checked = Object.keys(annotations).filter((name) => validators.has(name));
  for (const name of checked.sort()) {
    const value = annotations[name] ?? "";
    try {
      validators.get(name)?.(value);
    } catch (error) {
      faults.push(`invalid value '${quotable(name, value)}' for annotation '${name}': ${message(error)}`);
    }
  }
  if (faults.length > 0) throw new InjectionError("annotation-invalid", formatMultiError(faults));
}
