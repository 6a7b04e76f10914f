import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type CaptureSettings,
  examplePodNetwork,
  type HostFacts,
  type Packet,
  type PacketRules,
  type PodNetwork,
  plan,
  planNft,
  rulesOfNftPlan,
  rulesOfPlan,
  tracePacket,
} from "../../src/interception/index.js";
import { arbitraryPacket, arbitrarySettings } from "../support/arbitrary-interception.js";
import { Topology } from "./namespace.js";
import { programIn } from "./run-pillion.js";
import { chooseSeed } from "./seed.js";
import { type Landing, listenedPorts, SocketLab } from "./socket-lab.js";

const seed = chooseSeed();
const host: HostFacts = { ipv6: true, dnsServersV4: [], dnsServersV6: [] };
const settingsCount = 18;
const packetsEach = 24;

let topology: Topology;
let lab: SocketLab;

beforeAll(async () => {
  topology = new Topology();
  lab = new SocketLab(topology);
  await lab.ready;
});

afterAll(() => {
  lab.close();
  topology.remove();
});

const flags = {
  nft: ["--force-iptables-binary=nft"],
  legacy: ["--force-iptables-binary=legacy"],
  native: ["--native-nftables"],
};
let undo: (() => void) | undefined;

afterEach(() => {
  undo?.();
  undo = undefined;
});

function program(settings: CaptureSettings, engine: keyof typeof flags): void {
  undo = () =>
    expect(programIn(topology.pod, settings, [...flags[engine], "--cleanup-only"])).toMatchObject({
      status: 0,
    });
  expect(programIn(topology.pod, settings, flags[engine])).toMatchObject({ status: 0 });
}

function rulesOf(settings: CaptureSettings, engine: keyof typeof flags): PacketRules {
  return engine === "native" ? rulesOfNftPlan(planNft(settings, host)) : rulesOfPlan(plan(settings, host));
}

function networkOf(settings: CaptureSettings): PodNetwork {
  const routed = settings.interceptionMode === "TPROXY" && settings.inboundPorts !== "";
  return routed ? { ...examplePodNetwork, localMark: 1337 } : examplePodNetwork;
}

function describePacket(packet: Packet): string {
  return `${packet.direction} ${packet.protocol} ${packet.source ?? ""}->${packet.destination}:${packet.destinationPort} ${packet.uid ?? "-"}/${packet.gid ?? "-"}`;
}

function landingText(landing: Pick<Landing, "place" | "port"> | undefined): string {
  return landing === undefined ? "nowhere" : `${landing.place} ${landing.port}`;
}

/**
 * What the tracer says, as a landing. A connection can be made only where somebody listens, and is seen only if the
 * answer comes back, which the tracer does not promise.
 */
function predicted(
  packet: Packet,
  settings: CaptureSettings,
  engine: keyof typeof flags,
): string | undefined {
  const { verdict } = tracePacket(packet, rulesOf(settings, engine), networkOf(settings));
  if (verdict.kind === "dropped") return "nowhere";
  if (!listenedPorts.includes(verdict.port)) return undefined;
  return landingText({ place: verdict.delivered === "pod" ? "pod" : "network", port: verdict.port });
}

/** A proxy that is told to capture loopback traffic and to spare an interface answers on other ways than it was asked. */
function answersComeBack(settings: CaptureSettings): boolean {
  return settings.interceptionMode !== "TPROXY" || settings.excludeInterfaces === "";
}

const all = fc
  .sample(arbitrarySettings, { numRuns: settingsCount * 2, seed })
  .map((settings): CaptureSettings => ({ ...settings, dualStack: true, captureAllDns: true }))
  .filter(answersComeBack)
  .slice(0, settingsCount);
const engines = ["nft", "legacy", "native"] as const;
const cases = all.map(
  (settings, index) => [index, engines[index % engines.length] ?? "nft", settings] as const,
);

describe(`real sockets (seed ${seed})`, () => {
  let compared = 0;

  it.each(cases)("land where the tracer said: settings %i with %s", async (index, engine, settings) => {
    program(settings, engine);
    const packets = fc.sample(arbitraryPacket, { numRuns: packetsEach, seed: seed + index });
    const differences: string[] = [];
    for (const packet of packets) {
      const expected = predicted(packet, settings, engine);
      if (expected === undefined) continue;
      compared++;
      const landing = await lab.send(packet);
      if (landingText(landing) !== expected)
        differences.push(`${describePacket(packet)}: predicted ${expected}, landed ${landingText(landing)}`);
      // Redirected connections still know where they were going.
      if (landing?.first !== undefined && expected === "pod 15001")
        expect(landing.first).toEqual([packet.destination, packet.destinationPort]);
    }
    expect(differences, JSON.stringify(settings)).toEqual([]);
  });

  it("were compared at least 300 times", () => {
    expect(compared).toBeGreaterThanOrEqual(300);
  });
});
