import { expect, it } from "vitest";
import {
  examplePodNetwork,
  type Packet,
  type PacketRules,
  plan,
  planNft,
  readRules,
  rulesOfNftPlan,
  rulesOfPlan,
  tracePacket,
} from "../../src/interception/index.js";
import {
  describeRecorded,
  inputOf,
  lines,
  type RecordedInput,
  recorded,
  recordedJson,
} from "./recorded-case.js";

interface Config extends RecordedInput {
  readonly restoreFile?: string;
}

interface Row {
  readonly text: string;
  readonly config: string;
  readonly packet: Packet;
  readonly at: string;
  readonly port: number;
}

function rowOf(text: string): Row {
  const [config = "", origin, proto, src = "", dst = "", dport, uid, gid, mark, at = "", port] =
    text.split("\t");
  const number = (name: string, column: string | undefined) =>
    column === "-" ? {} : { [name]: Number(column) };
  return {
    text,
    config,
    packet: {
      direction: origin === "pod" ? "outbound" : "inbound",
      protocol: proto === "udp" ? "udp" : "tcp",
      source: src,
      destination: dst,
      destinationPort: Number(dport),
      ...number("uid", uid),
      ...number("gid", gid),
      ...number("mark", mark),
    },
    at,
    port: Number(port),
  };
}

function rulesOf(config: Config): PacketRules {
  if (config.restoreFile === undefined) {
    const { settings, host } = inputOf(config);
    return rulesOfPlan(plan(settings, host));
  }
  return { ipv4: readRules(recorded(config.restoreFile)), ipv6: readRules("") };
}

function networkOf(config: Config) {
  const tproxy = config.flags?.["--istio-inbound-interception-mode"] === "TPROXY";
  const ports = config.flags?.["--istio-inbound-ports"] ?? "";
  return tproxy && ports !== "" ? { ...examplePodNetwork, localMark: 1337 } : examplePodNetwork;
}

describeRecorded("verdicts measured on a kernel", ["kernel"], () => {
  const { configs } = recordedJson<{ configs: Record<string, Config> }>("kernel", "packet-configs.json");
  const rows = lines(recorded("kernel", "packets.tsv")).slice(1).map(rowOf);
  const wrong = (own: readonly Row[], rules: PacketRules, config: Config) =>
    own
      .map((row) => ({ row, verdict: tracePacket(row.packet, rules, networkOf(config)).verdict }))
      .filter(
        ({ row, verdict }) => verdict.delivered !== row.at || verdict.port !== row.port || verdict.uncertain,
      )
      .map(({ row, verdict }) => `${row.text} => ${verdict.delivered} ${verdict.port}`);

  it.each(Object.entries(configs))("are traced alike for every packet of %s", (name, config) => {
    const own = rows.filter((row) => row.config === name);
    expect(own.length).toBeGreaterThan(50);
    expect(wrong(own, rulesOf(config), config)).toEqual([]);
  });

  it.each(Object.entries(configs).filter(([, config]) => config.restoreFile === undefined))(
    "are traced alike through native nft rules for %s",
    (name, config) => {
      const { settings, host } = inputOf(config);
      const own = rows.filter((row) => row.config === name);
      expect(wrong(own, rulesOfNftPlan(planNft(settings, host)), config)).toEqual([]);
    },
  );
});
