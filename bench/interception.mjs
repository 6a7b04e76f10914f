// What planning and tracing cost, for a typical pod. Run `npm run build` first, then `node bench/interception.mjs`.
//
// Both are wanted below a millisecond: they run inside an admission, where everything else is measured in milliseconds.
// The start of the command is measured too, since an init container waits for it.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import {
  contradictions,
  examplePodNetwork,
  plan,
  planNft,
  podSettings,
  restoreText,
  rulesOfPlan,
  tracePacket,
} from "../dist/interception/index.js";

const limitMilliseconds = 1;
const pod = {
  kind: "Pod",
  metadata: { name: "web", annotations: { "traffic.sidecar.istio.io/excludeOutboundPorts": "443,9999" } },
  spec: { containers: [{ name: "web", ports: [{ containerPort: 8080 }] }] },
};
const host = { ipv6: true, dnsServersV4: ["10.96.0.10"], dnsServersV6: [] };
const { settings } = podSettings(pod);
const withDns = { ...settings, redirectDns: true };
const rules = rulesOfPlan(plan(withDns, host));
const packet = {
  direction: "outbound",
  protocol: "tcp",
  destination: "10.96.0.20",
  destinationPort: 80,
  uid: 1000,
  gid: 1000,
};

const bench = new Bench({ time: 300, warmupTime: 100 });
bench
  .add("settings of a pod", () => podSettings(pod))
  .add("plan, both families, with DNS", () => plan(withDns, host))
  .add("plan and restore text", () => restoreText(plan(withDns, host).ipv4))
  .add("native nft plan", () => planNft(withDns, host))
  .add("contradictions", () => contradictions(pod))
  .add("trace of one packet", () => tracePacket(packet, rules, examplePodNetwork));
await bench.run();

let slow = 0;
for (const { name, result } of bench.tasks) {
  const median = result?.latency?.p50 ?? Number.NaN;
  const verdict = median < limitMilliseconds ? "" : "   above the limit";
  if (verdict !== "") slow++;
  console.log(`${name.padEnd(32)} ${(median * 1000).toFixed(1).padStart(8)} µs${verdict}`);
}

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const starts = Array.from({ length: 5 }, () => {
  const before = performance.now();
  const { status } = spawnSync(process.execPath, [main, "istio-iptables", "--help"], { stdio: "ignore" });
  return status === 0 ? performance.now() - before : Number.NaN;
}).sort((left, right) => left - right);
console.log(`${"start of pillion istio-iptables".padEnd(32)} ${starts[2].toFixed(0).padStart(8)} ms`);
process.exitCode = slow === 0 ? 0 : 1;
