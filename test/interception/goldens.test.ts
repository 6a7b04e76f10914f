import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import {
  cleanupArguments,
  cniSettings,
  commandArguments,
  decideCni,
  listText,
  nftScript,
  plan,
  planNft,
  podSettings,
  profileOf,
  type RuleText,
  restoreText,
} from "../../src/interception/index.js";
import { peerPath } from "../support/peer.js";
import {
  byChain,
  byTable,
  describeRecorded,
  inputOf,
  lines,
  type RecordedCase,
  type RecordedInput,
  recorded,
  recordedJson,
} from "./recorded-case.js";

interface CniCase {
  readonly name: string;
  readonly golden: string;
  readonly podAnnotations: Record<string, string>;
  readonly proxyEnv: Record<string, string>;
  readonly proxyRunAsUser: number | null;
  readonly proxyRunAsGroup: number | null;
  readonly host: { ipv6: boolean };
}

interface BuilderCase {
  readonly name: string;
  readonly ops: readonly {
    op: string;
    family: string;
    chain: string;
    table: string;
    position?: number;
    params: string[];
  }[];
  readonly goldenCommands: string;
  readonly goldenRestore: string;
}

interface Cases {
  readonly groups: {
    readonly capture: readonly RecordedCase[];
    readonly nftables: readonly RecordedCase[];
    readonly cni: readonly CniCase[];
    readonly builder: readonly BuilderCase[];
  };
}

function podOf(recordedPod: CniCase) {
  const securityContext = {
    ...(recordedPod.proxyRunAsUser === null ? {} : { runAsUser: recordedPod.proxyRunAsUser }),
    ...(recordedPod.proxyRunAsGroup === null ? {} : { runAsGroup: recordedPod.proxyRunAsGroup }),
  };
  const env = Object.entries(recordedPod.proxyEnv).map(([name, value]) => ({ name, value }));
  return {
    kind: "Pod",
    metadata: { name: "pod", namespace: "ns", annotations: recordedPod.podAnnotations },
    spec: { containers: [{ name: "app" }, { name: "istio-proxy", env, securityContext }] },
  };
}

function rulesOf(recordedOps: BuilderCase): RuleText[] {
  return recordedOps.ops.map(({ op, chain, table, position, params }) => ({
    chain,
    table,
    words: params,
    ...(op === "insert" && position !== undefined ? { position } : {}),
  }));
}

describeRecorded("Istio's recorded rule sets", [], () => {
  const { groups } = recordedJson<Cases>("cases.json");

  it.each(groups.capture.map((each) => [each.name, each] as const))(
    "plans %s as iptables rules",
    (_name, each) => {
      const { settings, host } = inputOf(each);
      const planned = plan(settings, host);
      const transcript = [
        "iptables-save\nip6tables-save\n",
        restoreText(planned.ipv4),
        restoreText(planned.ipv6),
        host.ipv6 ? "iptables-save\nip6tables-save\n" : "iptables-save\n",
      ].join("");
      expect(lines(transcript)).toEqual(lines(recorded(each.golden)));
    },
  );

  it.each(groups.nftables.map((each) => [each.name, each] as const))(
    "plans %s as native nft rules",
    (_name, each) => {
      const { settings, host } = inputOf(each);
      expect(lines(nftScript(planNft(settings, host).rules))).toEqual(lines(recorded(each.golden)));
    },
  );

  it.each(groups.cni.map((each) => [each.name, each] as const))(
    "plans what the CNI plugin programs for %s",
    (_name, each) => {
      const pod = podOf(each);
      const { capture } = decideCni({ podName: "pod", podNamespace: "ns", pod, namespaceLabels: {} });
      if (capture === undefined) throw new Error("the plugin leaves the pod alone");
      const { ipv4 } = plan(capture.settings, { ipv6: each.host.ipv6, dnsServersV4: [], dnsServersV6: [] });
      expect(byTable(restoreText(ipv4))).toEqual(byTable(recorded(each.golden)));
    },
  );

  it.each(groups.builder.map((each) => [each.name, each] as const))(
    "writes %s as commands and restore text",
    (_name, each) => {
      const rules = rulesOf(each);
      const commands = commandArguments(rules).map((words) => words.join(" "));
      expect(commands).toEqual(lines(recorded(each.goldenCommands)));
      expect(lines(restoreText(rules))).toEqual(lines(recorded(each.goldenRestore)));
    },
  );

  it.each(readdirSync(peerPath("istio-iptables", "history")))("plans the older release of %s", (file) => {
    const [, kind, release] = /^cni-([a-z-]+)\.(\d+\.\d+\.\d+)\.golden$/.exec(file) ?? [];
    const pod = groups.cni.find((each) => each.name.toLowerCase() === kind);
    if (pod === undefined || release === undefined) throw new Error(`no pod is known for ${file}`);
    const view = podOf(pod);
    const { settings } = podSettings({
      ...view,
      spec: { ...view.spec, initContainers: [{ name: "istio-validation" }] },
    });
    const { ipv4 } = plan(settings, { ipv6: false, dnsServersV4: [], dnsServersV6: [] }, { release });
    expect(byTable(restoreText(ipv4))).toEqual(byTable(recorded("history", file)));
  });

  const profileFiles: Record<string, { profile: string; dns?: string[]; exclude?: string }> = {
    "istio-1.4": { profile: "istio-1.4" },
    "seed-000": { profile: "seed-000", dns: ["10.96.0.53"] },
    "seed-002": { profile: "seed-002" },
    "seed-003": { profile: "seed-003" },
    "seed-004": { profile: "seed-004", exclude: "192.168.0.1/32" },
  };
  const restores = readdirSync(peerPath("istio-iptables", "profiles")).filter((file) =>
    file.endsWith(".restore"),
  );

  it.each(restores)("plans the profile of %s", (file) => {
    const input = profileFiles[file.replace(/\.restore$/, "")];
    if (input === undefined) throw new Error(`no profile is known for ${file}`);
    const profile = profileOf(input.profile);
    const settings = { ...profile.settings, outboundRangesExclude: input.exclude ?? "" };
    const host = { ipv6: false, dnsServersV4: input.dns ?? [], dnsServersV6: [] };
    const { ipv4 } = plan(settings, host, { release: profile.release });
    expect(byChain(restoreText(ipv4))).toEqual(byChain(recorded("profiles", file)));
  });

  it("prints the profile seed-003 byte for byte as its document does", () => {
    const profile = profileOf("seed-003");
    const host = { ipv6: false, dnsServersV4: [], dnsServersV6: [] };
    const { ipv4 } = plan(profile.settings, host, { release: profile.release });
    expect(listText(ipv4, { family: 4 })).toBe(recorded("profiles", "seed-003.iptables-S.txt"));
  });

  it("plans the rules of a later patch release, and those between two recorded ones, as the earlier one", () => {
    const { settings, release } = profileOf("cni-1.12");
    const host = { ipv6: false, dnsServersV4: [], dnsServersV6: [] };
    const text = (name: string) => restoreText(plan(settings, host, { release: name }).ipv4);
    expect(text("1.12.7")).toBe(text(release));
    expect(text("1.17")).toBe(text("1.13"));
    expect(text("1.30.2")).toBe(text("current"));
  });

  const cleanups = recordedJson<{ cleanup: Record<string, { v4: string[]; v6: string[] }> }>(
    "kernel",
    "cleanup.json",
  );
  const { configs } = recordedJson<{ configs: Record<string, RecordedInput> }>(
    "kernel",
    "packet-configs.json",
  );

  it.each(Object.keys(cleanups.cleanup))("undoes %s in the recorded order", (name) => {
    const { settings, host } = inputOf(configs[name] ?? {});
    const planned = plan(settings, host);
    const undo = (rules: readonly RuleText[]) => cleanupArguments(rules).map((words) => words.join(" "));
    expect({ v4: undo(planned.ipv4), v6: undo(planned.ipv6) }).toEqual(cleanups.cleanup[name]);
  });

  it("reads CNI settings from a pod the same way with and without a decision", () => {
    for (const each of groups.cni) {
      const pod = podOf(each);
      const decision = decideCni({ podName: "pod", podNamespace: "ns", pod, namespaceLabels: {} });
      const direct = podSettings({
        ...pod,
        spec: { ...pod.spec, initContainers: [{ name: "istio-validation" }] },
      });
      expect(direct.settings).toEqual(decision.capture?.settings);
    }
    expect(typeof cniSettings).toBe("function");
  });
});
