import { excerpt } from "../../text/index.js";
import { InterceptionError } from "../interception-error.js";
import type { CaptureSettings, SettingName } from "./capture-settings.js";
import { splitList } from "./list-value.js";

/** Settings whose elements become words of a rule, with the flag or variable that people know them by. */
const listSettings: readonly (readonly [SettingName, string])[] = [
  ["proxyUids", "--proxy-uid"],
  ["proxyGids", "--proxy-gid"],
  ["inboundPorts", "--istio-inbound-ports"],
  ["inboundPortsExclude", "--istio-local-exclude-ports"],
  ["excludeInterfaces", "--istio-exclude-interfaces"],
  ["outboundPorts", "--istio-outbound-ports"],
  ["outboundPortsExclude", "--istio-local-outbound-ports-exclude"],
  ["rerouteInterfaces", "--kube-virt-interfaces"],
  ["ownerGroups", "ISTIO_OUTBOUND_OWNER_GROUPS"],
  ["ownerGroupsExclude", "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE"],
];

/** Settings that are one word as a whole. */
const singleSettings: readonly (readonly [SettingName, string])[] = [
  ["outboundPort", "--envoy-port"],
  ["inboundPort", "--inbound-capture-port"],
  ["tunnelPort", "--inbound-tunnel-port"],
  ["tproxyMark", "--istio-inbound-tproxy-mark"],
  ["tproxyRouteTable", "--istio-inbound-tproxy-route-table"],
  ["loopbackCidr", "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR"],
];

// One word of a restore line or an nft script: nothing that quotes, separates, comments, negates or starts an option.
const safeWord = /^[A-Za-z0-9_.:@%+~/*][A-Za-z0-9_.:@%+~/*-]*$/;

/**
 * Makes sure that no setting can become more than one word of one rule: restore text and nft scripts are languages of
 * their own, where a blank, a semicolon or a new line would smuggle in another rule. Whether a word is a port or an
 * interface is for iptables to say, as in Istio.
 * @throws InterceptionError `setting-unsafe` naming setting and element.
 *
 * Decided in ADR 0107.
 */
export function checkSafeWords(settings: CaptureSettings): void {
  for (const [setting, name] of singleSettings) check(name, String(settings[setting]));
  for (const [setting, name] of listSettings) {
    for (const element of splitList(String(settings[setting]))) check(name, element);
  }
}

function check(name: string, word: string): void {
  if (safeWord.test(word) && word.length <= 255) return;
  throw new InterceptionError(
    "setting-unsafe",
    `${name} holds ${JSON.stringify(excerpt(word, 80))}, which is no port, interface, id or CIDR; remove blanks and special characters`,
  );
}
