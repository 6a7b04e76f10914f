import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  inFinalOrder,
  kernelForm,
  listText,
  nftKernelForm,
  nftListing,
  type PlannedRule,
  plan,
  readRules,
  rulesOfPlan,
  saveText,
} from "../../src/interception/index.js";
import { peerPath } from "../support/peer.js";
import { describeRecorded, inputOf, type RecordedInput, recorded, recordedJson } from "./recorded-case.js";

describeRecorded("what a kernel was recorded to print", ["kernel"], () => {
  const { configs } = recordedJson<{ configs: Record<string, RecordedInput> }>(
    "kernel",
    "packet-configs.json",
  );
  const files = readdirSync(peerPath("istio-iptables", "kernel", "save"));
  const cases = files
    .map((file) => /^(.+)\.v([46])\.(legacy\.save|nft\.save|S)$/.exec(file))
    .filter((match) => match !== null);

  function planned(name: string, family: number): readonly PlannedRule[] {
    const { settings, host } = inputOf(configs[name] ?? {});
    const rules = plan(settings, host);
    return family === 4 ? rules.ipv4 : rules.ipv6;
  }

  it.each(cases.map((match) => match[0]))("is predicted for %s", (file) => {
    const [, name = "", digit, form] = cases.find((match) => match[0] === file) ?? [];
    const family = digit === "4" ? 4 : 6;
    const rules = planned(name, family);
    const text = recorded("kernel", "save", file);
    if (form === "S") {
      const headed = listText(rules, { family }).replaceAll(/^# \S+ -S -t (\w+)$/gm, "# -t $1 -S");
      expect(headed.split("# -t filter")[0]?.trimEnd()).toBe(text.split("# -t filter")[0]?.trimEnd());
    } else {
      const variant = form === "nft.save" ? "nft" : "legacy";
      expect(saveText(rules, { family, variant, date: "<date>" })).toBe(text);
    }
    const set = readRules(text);
    const predicted = rulesOfPlan({ ipv4: planned(name, 4), ipv6: planned(name, 6) })[
      family === 4 ? "ipv4" : "ipv6"
    ];
    const facts = (from: typeof set) =>
      from.tables
        .flatMap((table) =>
          [...table.chains.values()].map((chain) => ({
            chain: `${table.name} ${chain.name}`,
            effects: chain.rules.map((rule) => rule.effects),
          })),
        )
        .filter(({ effects }) => effects.length > 0)
        .sort((left, right) => left.chain.localeCompare(right.chain));
    expect(facts(set)).toEqual(facts(predicted));
  });
});

describe("the kernel's form of a rule", () => {
  const form = (text: string, family: 4 | 6 = 4) => kernelForm(text.split(" "), { family });

  it.each([
    ["-p tcp --dport 80 -j RETURN", "-p tcp -m tcp --dport 80 -j RETURN"],
    ["-p tcp ! --dport 80 -j RETURN", "-p tcp -m tcp ! --dport 80 -j RETURN"],
    ["-p tcp --dport 80:90 -j RETURN", "-p tcp -m tcp --dport 80:90 -j RETURN"],
    ["-p tcp --dport 0x50 -j RETURN", "-p tcp -m tcp --dport 80 -j RETURN"],
    ["-d 10.96.0.1/24 -j RETURN", "-d 10.96.0.0/24 -j RETURN"],
    ["-d 0.0.0.0/0 -j ISTIO_REDIRECT", "-j ISTIO_REDIRECT"],
    ["-o lo -s 127.0.0.6/32 -j RETURN", "-s 127.0.0.6/32 -o lo -j RETURN"],
    ["! -d 127.0.0.1/8 -p tcp -o lo -j RETURN", "! -d 127.0.0.0/8 -o lo -p tcp -j RETURN"],
    [
      "-p udp --dport 53 -j REDIRECT --to-port 15053",
      "-p udp -m udp --dport 53 -j REDIRECT --to-ports 15053",
    ],
    ["-j MARK --set-mark 1337", "-j MARK --set-xmark 0x539/0xffffffff"],
    ["-p tcp -m mark ! --mark 1338 -j RETURN", "-p tcp -m mark ! --mark 0x53a -j RETURN"],
    ["-m cgroup --cgroup 0x100001 -j RETURN", "-m cgroup --cgroup 1048577 -j RETURN"],
  ])("of %s is %s", (given, printed) => {
    expect(form(given)).toBe(printed);
  });

  it("prints an IPv4-compatible IPv6 address in dotted form and drops ::/0", () => {
    expect(form("-d ::7f00:35/128 -j RETURN", 6)).toBe("-d ::127.0.0.53/128 -j RETURN");
    expect(form("-d 2001:DB8:0:0::1/32 -j RETURN", 6)).toBe("-d 2001:db8::/32 -j RETURN");
    expect(form("-d ::/0 -j RETURN", 6)).toBe("-j RETURN");
  });

  it("prints numbers for names only if it was told them", () => {
    const words = "-p tcp --dport http -m owner --gid-owner java -j RETURN".split(" ");
    expect(kernelForm(words, { family: 4 })).toContain("--dport http -m owner --gid-owner java");
    const names = { services: new Map([["http", 80]]), users: new Map(), groups: new Map([["java", 202]]) };
    expect(kernelForm(words, { family: 4, names })).toBe(
      "-p tcp -m tcp --dport 80 -m owner --gid-owner 202 -j RETURN",
    );
  });
});

describe("a native nft rule as nft lists it", () => {
  it.each([
    ["iifname eth0 counter return", 'iifname "eth0" counter return'],
    ["meta l4proto tcp tcp dport 80 counter return", "tcp dport 80 counter return"],
    ["meta l4proto tcp counter redirect to :15001", "meta l4proto tcp counter redirect to :15001"],
    ["ip daddr 10.96.0.1/24 counter return", "ip daddr 10.96.0.0/24 counter return"],
    ["oifname lo ip6 saddr ::6/128 counter return", 'oifname "lo" ip6 saddr ::6 counter return'],
    ["oifname lo skuid != 7 counter return", 'oifname "lo" meta skuid != 7 counter return'],
    ["udp dport 53 meta skgid 7 counter ct zone set 1", "udp dport 53 meta skgid 7 counter ct zone set 1"],
    [
      "meta l4proto tcp mark 1337 counter ct mark set mark",
      "meta l4proto tcp meta mark 0x00000539 counter ct mark set meta mark",
    ],
    [
      "meta l4proto tcp ct mark 1337 counter meta mark set ct mark",
      "meta l4proto tcp ct mark 0x00000539 counter meta mark set ct mark",
    ],
    [
      "meta l4proto tcp ct state related,established counter jump x",
      "meta l4proto tcp ct state established,related counter jump x",
    ],
    ["meta l4proto tcp tcp dport != { 9091, 53 } counter return", "tcp dport != { 53, 9091 } counter return"],
  ])("is, of %s, %s", (given, listed) => {
    expect(nftKernelForm(given)).toBe(listed);
  });

  it("stands where the kernel inserted it, and loading again appends only", () => {
    const reason = { purpose: "", causes: [] };
    const rule = (expression: string, index?: number) => ({
      table: "istio-proxy-nat",
      chain: "istio-inbound",
      expression,
      reason,
      ...(index === undefined ? {} : { index }),
    });
    const rules = [rule("a"), rule("b"), rule("c", 0), rule("d", 1), rule("e", 9)];
    expect(inFinalOrder(rules).map(({ expression }) => expression)).toEqual(["c", "d", "a", "b", "e"]);
    expect(inFinalOrder(rules).some((each) => each.index !== undefined)).toBe(false);
    expect(nftListing(rules)).toContain("\tchain istio-inbound {\n\t\tc\n\t\td\n");
  });
});
