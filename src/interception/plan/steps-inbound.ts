import { splitList } from "../settings/list-value.js";
import type { PlanInput } from "./plan-input.js";
import type { StepList, Why } from "./step.js";

/** Inbound capture, in nat or in mangle; nothing if no inbound port is named. */
export function addInbound(input: PlanInput, steps: StepList): void {
  if (input.settings.inboundPorts === "") return;
  if (input.tproxy) addTproxyInbound(input, steps);
  else addRedirectInbound(input, steps);
}

function addExcludedPort(table: "nat" | "mangle", port: string, why: Why, steps: StepList): void {
  steps.append(
    table,
    "ISTIO_INBOUND",
    {
      iptables: `-p tcp --dport ${port} -j RETURN`,
      nft: `meta l4proto tcp tcp dport ${port} counter return`,
    },
    why,
  );
}

function addExcludedPorts(input: PlanInput, table: "nat" | "mangle", steps: StepList): void {
  if (input.features.sshReturn)
    addExcludedPort(table, "22", { purpose: "leaves SSH alone, as releases before 1.13 did" }, steps);
  for (const port of splitList(input.settings.inboundPortsExclude))
    addExcludedPort(
      table,
      port,
      { purpose: `leaves inbound port ${port} alone`, causes: ["inboundPortsExclude"] },
      steps,
    );
}

function addHook(table: "nat" | "mangle", steps: StepList): void {
  steps.append(
    table,
    "PREROUTING",
    { iptables: "-p tcp -j ISTIO_INBOUND", nft: "meta l4proto tcp counter jump istio-inbound" },
    { purpose: "looks at every TCP connection that comes in", causes: ["inboundPorts"] },
  );
}

function addRedirectInbound(input: PlanInput, steps: StepList): void {
  addHook("nat", steps);
  if (input.settings.inboundPorts === "*") {
    addExcludedPorts(input, "nat", steps);
    steps.append(
      "nat",
      "ISTIO_INBOUND",
      { iptables: "-p tcp -j ISTIO_IN_REDIRECT", nft: "meta l4proto tcp counter jump istio-in-redirect" },
      { purpose: "captures every other inbound port", causes: ["inboundPorts"] },
    );
    return;
  }
  for (const port of splitList(input.settings.inboundPorts)) {
    steps.append(
      "nat",
      "ISTIO_INBOUND",
      {
        iptables: `-p tcp --dport ${port} -j ISTIO_IN_REDIRECT`,
        nft: `meta l4proto tcp tcp dport ${port} counter jump istio-in-redirect`,
      },
      { purpose: `captures inbound port ${port}`, causes: ["inboundPorts"] },
    );
  }
}

function addTproxyInbound(input: PlanInput, steps: StepList): void {
  const { tproxyMark: mark, inboundPort } = input.settings;
  steps.append(
    "mangle",
    "ISTIO_DIVERT",
    { iptables: `-j MARK --set-mark ${mark}`, nft: `counter meta mark set ${mark}` },
    {
      purpose: "marks packets of connections the proxy already has, so that they are delivered here",
      causes: ["tproxyMark"],
    },
  );
  steps.append(
    "mangle",
    "ISTIO_DIVERT",
    { iptables: "-j ACCEPT", nft: "counter accept" },
    { purpose: "asks no further rule of this table about them", causes: ["interceptionMode"] },
  );
  steps.append(
    "mangle",
    "ISTIO_TPROXY",
    {
      iptables: `! -d {lo} -p tcp -j TPROXY --tproxy-mark ${mark}/0xffffffff --on-port ${inboundPort}`,
      nft: `meta l4proto tcp {ip} daddr != {lo} tproxy {ip} to :${inboundPort} meta mark set ${mark} counter accept`,
    },
    {
      purpose: "hands new inbound connections to the proxy's transparent listener",
      causes: ["interceptionMode", "inboundPort"],
    },
    "each",
  );
  addHook("mangle", steps);
  addTproxyPorts(input, steps);
}

function addTproxyPorts(input: PlanInput, steps: StepList): void {
  const wildcard = input.settings.inboundPorts === "*";
  if (wildcard) addExcludedPorts(input, "mangle", steps);
  for (const port of wildcard ? [undefined] : splitList(input.settings.inboundPorts)) {
    const ipt = port === undefined ? "" : `--dport ${port} `;
    const nft = port === undefined ? "" : `tcp dport ${port} `;
    const which = port === undefined ? "every other inbound port" : `inbound port ${port}`;
    steps.append(
      "mangle",
      "ISTIO_INBOUND",
      {
        iptables: `-p tcp ${ipt}-m conntrack --ctstate RELATED,ESTABLISHED -j ISTIO_DIVERT`,
        nft: `meta l4proto tcp ct state related,established ${nft}counter jump istio-divert`,
      },
      { purpose: `keeps connections to ${which} with the proxy`, causes: ["inboundPorts"] },
    );
    steps.append(
      "mangle",
      "ISTIO_INBOUND",
      { iptables: `-p tcp ${ipt}-j ISTIO_TPROXY`, nft: `meta l4proto tcp ${nft}counter jump istio-tproxy` },
      { purpose: `captures new connections to ${which}`, causes: ["inboundPorts"] },
    );
  }
}
