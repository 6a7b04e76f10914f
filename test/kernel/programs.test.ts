import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  type CaptureSettings,
  defaultSettings,
  type HostFacts,
  listText,
  nftListing,
  plan,
  planNft,
  profileOf,
  restoreText,
  saveText,
} from "../../src/interception/index.js";
import { inputOf, type RecordedInput, recorded, recordedJson } from "../interception/recorded-case.js";
import { arbitrarySettings } from "../support/arbitrary-interception.js";
import { peerMissing } from "../support/peer.js";
import { Topology } from "./namespace.js";
import { commandLine, programIn, runPillion } from "./run-pillion.js";
import { chooseSeed } from "./seed.js";

const seed = chooseSeed();
const host: HostFacts = { ipv6: true, dnsServersV4: [], dnsServersV6: [] };
let topology: Topology | undefined;

afterEach(() => {
  topology?.remove();
  topology = undefined;
});

/** A fresh pod whose first address is IPv4, with IPv6 on by dual stack. */
function freshPod() {
  topology = new Topology();
  return topology.pod;
}

/** DNS by server would read this machine's resolv.conf, so it is all or nothing here. */
function reproducible(settings: CaptureSettings): CaptureSettings {
  return { ...settings, dualStack: true, captureAllDns: true };
}

function randomSettings(count: number): CaptureSettings[] {
  return fc.sample(arbitrarySettings, { numRuns: count, seed }).map(reproducible);
}

function recordedSettings(): [string, CaptureSettings][] {
  if (peerMissing("istio-iptables", "kernel") !== undefined) return [];
  const { configs } = recordedJson<{ configs: Record<string, RecordedInput & { restoreFile?: string }> }>(
    "kernel",
    "packet-configs.json",
  );
  return Object.entries(configs)
    .filter(([, config]) => config.restoreFile === undefined)
    .map(([name, config]) => [name, reproducible(inputOf(config).settings)]);
}

const cases: [string, CaptureSettings][] = [
  ...recordedSettings(),
  ...randomSettings(12).map((settings, index): [string, CaptureSettings] => [
    `random settings ${index} of seed ${seed}`,
    settings,
  ]),
];

/** Save text without dates and counters' packets. */
function dated(text: string): string {
  return text.replaceAll(/ on [A-Z][a-z]{2} .*$/gm, " on <date>").replaceAll(/\[\d+:\d+\]$/gm, "[0:0]");
}

/** The tables of a save text that Istio's rules are in, in a fixed order. */
function tables(text: string): Record<string, string> {
  const blocks = dated(text)
    .split(/^# Generated.*\n/m)
    .slice(1);
  return Object.fromEntries(
    blocks
      .map((block) => [block.split("\n")[0]?.slice(1) ?? "", block])
      .filter(([, block]) => (block ?? "").includes("-A ")),
  );
}

describe(`rules in a kernel (seed ${seed})`, () => {
  for (const variant of ["nft", "legacy"] as const) {
    it.each(cases)(
      `load, print as predicted, stay, and go with iptables-${variant}: %s`,
      (_name, settings) => {
        const pod = freshPod();
        const program = (...more: string[]) =>
          programIn(pod, settings, [`--force-iptables-binary=${variant}`, ...more]);
        expect(program()).toMatchObject({ status: 0 });
        const planned = plan(settings, host);
        for (const [family, command, rules] of [
          [4, "iptables", planned.ipv4],
          [6, "ip6tables", planned.ipv6],
        ] as const) {
          const save = pod.run(`${command}-${variant}-save`, []);
          expect(tables(save)).toEqual(tables(saveText(rules, { family, variant, date: "Xyz 1" })));
          const lists = listText(rules, { family })
            .split(/^# .*\n/m)
            .slice(1);
          for (const [index, table] of ["raw", "mangle", "nat"].entries())
            expect(pod.run(`${command}-${variant}`, ["-t", table, "-S"])).toBe(lists[index]);
        }
        const before = dated(
          pod.run(`iptables-${variant}-save`, []) + pod.run(`ip6tables-${variant}-save`, []),
        );
        const again = program();
        expect(again).toMatchObject({ status: 0 });
        expect(again.stderr).toContain("The rules are in place already");
        expect(
          dated(pod.run(`iptables-${variant}-save`, []) + pod.run(`ip6tables-${variant}-save`, [])),
        ).toBe(before);
        expect(program("--force-apply")).toMatchObject({ status: 0 });
        expect(
          dated(pod.run(`iptables-${variant}-save`, []) + pod.run(`ip6tables-${variant}-save`, [])),
        ).toContain("*nat");
        expect(program("--cleanup-only")).toMatchObject({ status: 0 });
        expect(pod.run(`iptables-${variant}-save`, [])).not.toMatch(/^(-A|:ISTIO)/m);
        expect(pod.run(`ip6tables-${variant}-save`, [])).not.toMatch(/^(-A|:ISTIO)/m);
        expect(pod.ip("rule", "show")).not.toContain("fwmark");
      },
    );
  }

  it.each(cases)("load, print as predicted, stay, and go as native nft rules: %s", (_name, settings) => {
    const pod = freshPod();
    expect(programIn(pod, settings, ["--native-nftables"])).toMatchObject({ status: 0 });
    const listing = () => pod.run("nft", ["-s", "list", "ruleset", "inet"]);
    expect(listing()).toBe(nftListing(planNft(settings, host).rules));
    expect(programIn(pod, settings, ["--native-nftables"])).toMatchObject({ status: 0 });
    expect(listing()).toBe(nftListing(planNft(settings, host).rules));
    expect(programIn(pod, settings, ["--native-nftables", "--cleanup-only"])).toMatchObject({ status: 0 });
    expect(listing()).toBe("");
  });

  it.skipIf(peerMissing("istio-iptables", "profiles") !== undefined)(
    "print the profile seed-003 as its document does",
    () => {
      const profile = profileOf("seed-003");
      const { ipv4 } = plan(profile.settings, { ...host, ipv6: false }, { release: profile.release });
      for (const variant of ["nft", "legacy"]) {
        const pod = freshPod();
        pod.run(`iptables-${variant}-restore`, ["--noflush"], restoreText(ipv4));
        const printed = ["raw", "mangle", "nat", "filter"]
          .map((table) => `# iptables -S -t ${table}\n${pod.run(`iptables-${variant}`, ["-t", table, "-S"])}`)
          .join("");
        expect(printed).toBe(recorded("profiles", "seed-003.iptables-S.txt"));
        topology?.remove();
        topology = undefined;
      }
    },
  );
});

describe("repeated and failing runs", () => {
  const settings: CaptureSettings = {
    ...defaultSettings,
    proxyUids: "1337",
    inboundPorts: "*",
    outboundRanges: "*",
    dualStack: true,
  };

  it("choose the same iptables again, although the first run asked legacy", () => {
    const pod = freshPod();
    expect(programIn(pod, settings).status).toBe(0);
    expect(programIn(pod, settings).stderr).toContain("The rules are in place already");
    expect(pod.run("iptables-legacy-save", [])).not.toMatch(/^-A/m);
  });

  it("stay with legacy where legacy has the rules", () => {
    const pod = freshPod();
    expect(programIn(pod, settings, ["--force-iptables-binary=legacy"]).status).toBe(0);
    expect(programIn(pod, settings).stderr).toContain("The rules are in place already");
    expect(pod.run("iptables-nft-save", [])).not.toMatch(/^-A/m);
  });

  it("do not pile up policy rules in TPROXY mode", () => {
    const pod = freshPod();
    const tproxy: CaptureSettings = { ...settings, interceptionMode: "TPROXY" };
    for (let count = 0; count < 3; count++) expect(programIn(pod, tproxy).status).toBe(0);
    expect(pod.ip("rule", "show").match(/fwmark/g)).toHaveLength(1);
    expect(pod.ip("-6", "rule", "show").match(/fwmark/g)).toHaveLength(1);
    expect(pod.ip("-6", "address", "show", "dev", "lo")).toContain("::6/128");
  });

  it("refuse rules of another configuration, and replace them when told to", () => {
    const pod = freshPod();
    expect(programIn(pod, { ...settings, inboundPorts: "80" }).status).toBe(0);
    const before = dated(pod.run("iptables-nft-save", []));
    const refused = programIn(pod, settings);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("chain already exists");
    expect(dated(pod.run("iptables-nft-save", []))).toBe(before);
    expect(programIn(pod, settings, ["--reconcile"]).status).toBe(0);
    const save = pod.run("iptables-nft-save", []);
    expect(tables(save)).toEqual(
      tables(saveText(plan(settings, host).ipv4, { family: 4, variant: "nft", date: "Xyz 1" })),
    );
  });

  it("leave nothing behind where a later table is refused", () => {
    const pod = freshPod();
    const failing = programIn(pod, {
      ...settings,
      interceptionMode: "TPROXY",
      outboundPortsExclude: "65536",
    });
    expect(failing.status).toBe(1);
    expect(failing.stderr).toContain("65536");
    expect(pod.run("iptables-nft-save", [])).not.toMatch(/^(-A|:ISTIO)/m);
  });

  it("apply beside rules that are not Istio's", () => {
    const pod = freshPod();
    pod.run("iptables-nft", ["-A", "INPUT", "-p", "tcp", "--dport", "1", "-j", "ACCEPT"]);
    expect(programIn(pod, settings).status).toBe(0);
    expect(programIn(pod, settings, ["--cleanup-only"]).status).toBe(0);
    expect(pod.run("iptables-nft-save", [])).toContain("--dport 1 -j ACCEPT");
  });

  it("work in a mount namespace of their own in CNI mode", () => {
    const pod = freshPod();
    expect(programIn(pod, settings, ["--cni-mode"])).toMatchObject({ status: 0 });
    expect(pod.run("iptables-nft-save", [])).toContain(":ISTIO_OUTPUT");
  });

  it("program IPv4 only where the pod has no IPv6 address", () => {
    topology = new Topology({ ipv6: false });
    const { pod } = topology;
    expect(programIn(pod, settings)).toMatchObject({ status: 0 });
    expect(pod.run("iptables-nft-save", [])).toContain(":ISTIO_OUTPUT");
    expect(pod.run("ip6tables-nft-save", [])).not.toMatch(/^(-A|:ISTIO)/m);
  });

  it("capture DNS for the servers of resolv.conf, each in its family", () => {
    const pod = freshPod();
    // `ip netns exec` puts this file in the place of resolv.conf.
    const folder = `/etc/netns/${pod.name}`;
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(`${folder}/resolv.conf`, "nameserver 10.96.0.53\nnameserver fd00:96::53\n");
      const dns: CaptureSettings = { ...settings, redirectDns: true };
      const { args, env } = commandLine(dns);
      const before = ["ip", "netns", "exec", pod.name];
      expect(runPillion(["istio-iptables", ...args], { env, before })).toMatchObject({ status: 0 });
      const planned = plan(dns, { ipv6: true, dnsServersV4: ["10.96.0.53"], dnsServersV6: ["fd00:96::53"] });
      const save = pod.run("ip6tables-nft-save", []);
      expect(tables(save)).toEqual(
        tables(saveText(planned.ipv6, { family: 6, variant: "nft", date: "Xyz 1" })),
      );
      expect(pod.run("iptables-nft-save", [])).toContain("-d 10.96.0.53/32 -p udp");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("change nothing in a dry run, native nft rules included, and print what they would do", () => {
    const pod = freshPod();
    const dry = programIn(pod, settings, ["--dry-run"]);
    expect(dry.stdout).toBe(
      `iptables-save\nip6tables-save\n${restoreText(plan({ ...settings, proxyGids: "1337" }, host).ipv4)}${restoreText(plan(settings, host).ipv6)}iptables-save\nip6tables-save\n`,
    );
    expect(programIn(pod, settings, ["--dry-run", "--native-nftables"]).stdout).toContain(
      "add table inet istio-proxy-nat",
    );
    expect(pod.run("nft", ["list", "ruleset"])).toBe("");
  });
});
