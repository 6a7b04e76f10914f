import { InterceptionError } from "../interception-error.js";
import type { CaptureSettings, SettingName } from "./capture-settings.js";
import { splitList } from "./list-value.js";

/** Settings whose elements become words of a rule, with the flag or variable that people know them by. */
const wordSettings: readonly (readonly [SettingName, string])[] = [
  ["outboundPort", "--envoy-port"],
  ["inboundPort", "--inbound-capture-port"],
  ["tunnelPort", "--inbound-tunnel-port"],
  ["proxyUids", "--proxy-uid"],
  ["proxyGids", "--proxy-gid"],
  ["tproxyMark", "--istio-inbound-tproxy-mark"],
  ["tproxyRouteTable", "--istio-inbound-tproxy-route-table"],
  ["inboundPorts", "--istio-inbound-ports"],
  ["inboundPortsExclude", "--istio-local-exclude-ports"],
  ["excludeInterfaces", "--istio-exclude-interfaces"],
  ["outboundPorts", "--istio-outbound-ports"],
  ["outboundPortsExclude", "--istio-local-outbound-ports-exclude"],
  ["rerouteInterfaces", "--kube-virt-interfaces"],
  ["ownerGroups", "ISTIO_OUTBOUND_OWNER_GROUPS"],
  ["ownerGroupsExclude", "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE"],
  ["loopbackCidr", "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR"],
];

// One word of a restore line or an nft script: nothing that quotes, separates, comments, negates or starts an option.
const safeWord = /^[A-Za-z0-9_.:@%+~/*][A-Za-z0-9_.:@%+~/*-]*$/;

/**
 * Makes sure that no setting can become more than one word of one rule: restore text and nft scripts are languages of
 * their own, where a blank, a semicolon or a new line would smuggle in another rule. Whether a word is a port or an
 * interface is for iptables to say, as in Istio.
 * @throws InterceptionError `setting-unsafe` naming setting and element.
 */
export function checkSafeWords(settings: CaptureSettings): void {
  for (const [setting, name] of wordSettings) {
    for (const element of splitList(String(settings[setting]))) {
      if (safeWord.test(element) && element.length <= 255) continue;
      throw new InterceptionError(
        "setting-unsafe",
        `${name} holds ${JSON.stringify(element.slice(0, 80))}, which is no port, interface, id or CIDR; remove blanks and special characters`,
      );
    }
  }
}
