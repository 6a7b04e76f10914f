import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CaptureSettings,
  defaultSettings,
  examplePodNetwork,
  listText,
  plan,
  rulesOfPlan,
  strategies,
  tracePacket,
} from "../../src/interception/index.js";
import { Topology } from "./namespace.js";
import { commandLine, runPillion } from "./run-pillion.js";
import { SocketLab } from "./socket-lab.js";

const settings: CaptureSettings = {
  ...defaultSettings,
  proxyUids: "1337",
  inboundPorts: "*",
  outboundRanges: "*",
  dualStack: true,
};
const host = { ipv6: true, dnsServersV4: [], dnsServersV6: [] };

let topology: Topology;

beforeEach(() => {
  topology = new Topology();
});

afterEach(() => {
  topology.remove();
});

function program(strategy: string, ...more: readonly string[]) {
  const { args, env } = commandLine(settings);
  const words = ["istio-iptables", ...args, `--network-namespace=${topology.pod.path}`, ...more];
  return runPillion(words, { env: { ...env, PILLION_PROXY_IDENTITY: strategy } });
}

describe("other ways to know the proxy", () => {
  it("by mark: what the mark spares passes, all else is captured, as traced", async () => {
    expect(program("mark")).toMatchObject({ status: 0 });
    const planned = plan(settings, host, { strategy: "mark" });
    const nat = listText(planned.ipv4, { family: 4 }).split(/^# .*\n/m)[3];
    expect(topology.pod.run("iptables-nft", ["-t", "nat", "-S"])).toBe(nat);
    const lab = new SocketLab(topology);
    try {
      await lab.ready;
      const packet = {
        direction: "outbound",
        protocol: "tcp",
        destination: "10.96.0.20",
        destinationPort: 80,
      } as const;
      for (const mark of [undefined, 1]) {
        const sent = { ...packet, uid: 1337, gid: 1337, ...(mark === undefined ? {} : { mark }) };
        const { verdict } = tracePacket(sent, rulesOfPlan(planned), examplePodNetwork);
        const landing = await lab.send(sent);
        expect(landing).toMatchObject({ place: verdict.delivered, port: verdict.port });
        expect(verdict.kind).toBe(mark === undefined ? "captured-outbound" : "passed");
      }
    } finally {
      lab.close();
    }
    expect(program("mark", "--cleanup-only")).toMatchObject({ status: 0 });
  });

  it("by control group: programmed where the kernel can, else printed with what it lacks", () => {
    const { status, stdout, stderr } = program("cgroup");
    if (status === 0)
      expect(topology.pod.run("iptables-nft", ["-t", "nat", "-S"])).toContain("-m cgroup --cgroup 1048577");
    else {
      expect(stderr).toContain(strategies.cgroup.needs);
      expect(stdout).toContain("-m cgroup --cgroup 0x100001");
      expect(topology.pod.run("iptables-nft-save", [])).not.toContain(":ISTIO");
    }
  });
});
