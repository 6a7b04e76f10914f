import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CaptureSettings,
  checkArguments,
  cleanupArguments,
  defaultSettings,
  examplePodNetwork,
  InterceptionError,
  kernelForm,
  listRules,
  loadedTables,
  nftScript,
  plan,
  planNft,
  readArguments,
  readRules,
  restoreText,
  ruleState,
  rulesOfNftPlan,
  rulesOfPlan,
  saveText,
  tracePacket,
} from "../../src/interception/index.js";
import { arbitraryHost, arbitraryPacket, arbitrarySettings } from "../support/arbitrary-interception.js";

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "eth0 -j ACCEPT",
    "80\n-A OUTPUT -j ACCEPT",
    "$(reboot)",
    "; rm -rf /",
    "80; drop",
    "`id`",
    "-j",
    "!",
    "{ 80 }",
    '"',
    "#",
    "\u0000",
    "é",
    "__proto__",
  ),
);

const textSettings = [
  "outboundPort",
  "inboundPort",
  "tunnelPort",
  "proxyUids",
  "proxyGids",
  "tproxyMark",
  "inboundPorts",
  "inboundPortsExclude",
  "excludeInterfaces",
  "outboundRanges",
  "outboundRangesExclude",
  "outboundPorts",
  "outboundPortsExclude",
  "rerouteInterfaces",
  "ownerGroups",
  "ownerGroupsExclude",
  "loopbackCidr",
] as const;

function orRefused<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof InterceptionError) return undefined;
    throw error;
  }
}

describe("for any settings", () => {
  it("printing what was read from a print gives the same print", () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryHost, (settings, host) => {
        for (const [family, rules] of [
          [4, plan(settings, host).ipv4],
          [6, plan(settings, host).ipv6],
        ] as const) {
          for (const table of loadedTables(rules))
            for (const chain of table.chains)
              for (const rule of chain.rules) {
                const printed = kernelForm(rule.words, { family });
                expect(kernelForm(printed.split(" "), { family })).toBe(printed);
              }
          const saved = readRules(saveText(rules, { family, variant: "nft", date: "now" }));
          const count = saved.tables.flatMap((table) =>
            [...table.chains.values()].flatMap((chain) => chain.rules),
          );
          expect(count.length).toBe(rules.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("undoing covers every chain and every rule outside Istio's chains", () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryHost, (settings, host) => {
        const { ipv4 } = plan(settings, host);
        const undo = cleanupArguments(ipv4).map((words) => words.join(" "));
        for (const rule of ipv4) {
          if (rule.chain.startsWith("ISTIO_")) expect(undo).toContain(`-t ${rule.table} -X ${rule.chain}`);
          else expect(undo).toContain(`-t ${rule.table} -D ${rule.chain} ${rule.words.join(" ")}`);
        }
        expect(checkArguments(ipv4).length).toBe(ipv4.length);
      }),
      { numRuns: 100 },
    );
  });

  it("the state read of restore text has every rule", () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryHost, (settings, host) => {
        const { ipv4 } = plan(settings, host);
        const state = ruleState(restoreText(ipv4));
        const lines = [...state.values()].flatMap((chains) => [...chains.values()].flat());
        expect(lines.length).toBe(ipv4.length);
      }),
      { numRuns: 100 },
    );
  });

  it("iptables and native nft rules lead a packet to the same end where IPv6 is on", () => {
    fc.assert(
      fc.property(arbitrarySettings, arbitraryHost, arbitraryPacket, (settings, anyHost, packet) => {
        const host = { ...anyHost, ipv6: true };
        const network =
          settings.interceptionMode === "TPROXY"
            ? { ...examplePodNetwork, localMark: 1337 }
            : examplePodNetwork;
        const viaIptables = tracePacket(packet, rulesOfPlan(plan(settings, host)), network).verdict;
        const native = planNft(settings, host);
        const viaNft = tracePacket(packet, rulesOfNftPlan(native), network).verdict;
        const end = ({ kind, delivered, address, port, uncertain }: typeof viaNft) => ({
          kind,
          delivered,
          address,
          port,
          uncertain,
        });
        expect(end(viaNft)).toEqual({ ...end(viaIptables), uncertain: false });
        expect(nftScript(native.rules)).not.toMatch(/\{(lo|pass|ip)\}/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("hostile text in a setting", () => {
  it("is refused, or stays one word of one rule", () => {
    fc.assert(
      fc.property(fc.constantFrom(...textSettings), hostile, (name, text) => {
        const settings: CaptureSettings = {
          ...defaultSettings,
          proxyUids: "1337",
          interceptionMode: "TPROXY",
          inboundPorts: "*",
          outboundRanges: "*",
          [name]: text,
        };
        const host = { ipv6: true, dnsServersV4: [], dnsServersV6: [] };
        const planned = orRefused(() => plan(settings, host));
        if (planned === undefined) return;
        for (const rule of [...planned.ipv4, ...planned.ipv6]) {
          expect(rule.words.every((word) => /^[!-~]+$/.test(word) && !/[;"'`$#\\{}]/.test(word))).toBe(true);
          expect(rule.words.filter((word) => word === "-j").length).toBe(1);
        }
        const lines = restoreText(planned.ipv4).split("\n");
        expect(lines.every((line) => line === "" || /^(\* |-N |-A |-I |COMMIT)/.test(line))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("on the command line is read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 6 }), (words) => {
        const request = orRefused(() => readArguments(words, {}));
        expect(request === undefined || typeof request.settings.outboundPort === "string").toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("cannot leave the words of a printed command", () => {
    const settings = { ...defaultSettings, proxyUids: "1", excludeInterfaces: "eth0*", outboundRanges: "*" };
    const { ipv4 } = plan(settings, { ipv6: false, dnsServersV4: [], dnsServersV6: [] });
    const options = {
      format: "commands",
      explain: false,
      origins: new Map(),
      variant: "nft",
      date: "",
    } as const;
    expect(listRules(ipv4, 4, options)).toContain("-i 'eth0*' -j RETURN");
  });
});
