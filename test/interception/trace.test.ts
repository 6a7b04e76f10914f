import { describe, expect, it } from "vitest";
import {
  defaultSettings,
  examplePodNetwork,
  InterceptionError,
  type Packet,
  plan,
  planNft,
  readRules,
  rulesOfNftListing,
  rulesOfNftPlan,
  rulesOfPlan,
  rulesOfSaves,
  saveText,
  tracePacket,
  traceRecord,
  traceSvg,
  traceTree,
} from "../../src/interception/index.js";

const settings = {
  ...defaultSettings,
  proxyUids: "1337",
  proxyGids: "1337",
  inboundPorts: "*",
  inboundPortsExclude: "15090,15021,15020",
  outboundRanges: "*",
};
const host = { ipv6: true, dnsServersV4: [], dnsServersV6: [] };
const init = rulesOfPlan(plan(settings, host));
const tproxy = rulesOfPlan(plan({ ...settings, interceptionMode: "TPROXY" }, host));
const tproxyNetwork = { ...examplePodNetwork, localMark: 1337 };
const pod = "10.244.1.10";

function app(destination: string, destinationPort: number, more: Partial<Packet> = {}): Packet {
  return {
    direction: "outbound",
    protocol: "tcp",
    destination,
    destinationPort,
    uid: 1000,
    gid: 1000,
    ...more,
  };
}

function outside(destinationPort: number, more: Partial<Packet> = {}): Packet {
  return {
    direction: "inbound",
    protocol: "tcp",
    source: "10.244.1.1",
    destination: pod,
    destinationPort,
    ...more,
  };
}

describe("a traced packet", () => {
  it.each([
    ["captured-inbound", 15006, outside(8080), "nat ISTIO_IN_REDIRECT 1"],
    ["passed", 15008, outside(15008), "nat ISTIO_INBOUND 1"],
    ["passed", 15021, outside(15021), "nat ISTIO_INBOUND 3"],
    ["passed", 9091, outside(9091, { protocol: "udp" }), undefined],
    ["captured-outbound", 15001, app("10.96.0.20", 80), "nat ISTIO_REDIRECT 1"],
    ["passed", 80, app("10.96.0.20", 80, { uid: 1337 }), "nat ISTIO_OUTPUT 4"],
    ["captured-inbound", 15006, app(pod, 8080, { uid: 1337, gid: 1337 }), "nat ISTIO_IN_REDIRECT 1"],
    ["passed", 8080, app(pod, 8080, { uid: 1337, gid: 1337, source: "127.0.0.6" }), "nat ISTIO_OUTPUT 1"],
    ["passed", 8080, app(pod, 8080), "nat ISTIO_OUTPUT 3"],
    ["passed", 123, app("10.96.0.20", 123, { protocol: "udp" }), undefined],
  ] as const)("is %s at port %i", (kind, port, packet, place) => {
    const { verdict } = tracePacket(packet, init, examplePodNetwork);
    expect(verdict).toMatchObject({ kind, port, uncertain: false });
    const { decidedBy } = verdict;
    expect(decidedBy && `${decidedBy.table} ${decidedBy.chain} ${decidedBy.number}`).toBe(place);
  });

  it("without a socket has no owner: iptables negates that, native nft does not", () => {
    const kernelMade = {
      direction: "outbound",
      protocol: "tcp",
      destination: pod,
      destinationPort: 80,
    } as const;
    const native = rulesOfNftPlan(planNft(settings, host));
    expect(tracePacket(kernelMade, init, examplePodNetwork).verdict.kind).toBe("passed");
    expect(tracePacket(kernelMade, native, examplePodNetwork).verdict.kind).toBe("captured-outbound");
  });

  it("is dropped by iptables and let through by nft where no listener is transparent", () => {
    const network = { ...tproxyNetwork, transparentListener: false };
    const native = rulesOfNftPlan(planNft({ ...settings, interceptionMode: "TPROXY" }, host));
    expect(tracePacket(outside(8080), tproxy, network).verdict.kind).toBe("dropped");
    expect(tracePacket(outside(8080), native, network).verdict).toMatchObject({ kind: "passed", port: 8080 });
  });

  it("of TPROXY mode keeps its destination", () => {
    expect(tracePacket(outside(15008), tproxy, tproxyNetwork).verdict).toMatchObject({
      kind: "captured-inbound",
      port: 15006,
      address: pod,
    });
  });

  it("that belongs to a connection follows its first packet, and nat is not asked", () => {
    const later = tracePacket(app("10.96.0.20", 80, { state: "ESTABLISHED" }), init, examplePodNetwork);
    expect(later.verdict).toMatchObject({ kind: "captured-outbound", port: 15001 });
    expect(traceTree(later)).toContain(
      "nat is not asked: conntrack rewrites the destination to 127.0.0.1:15001",
    );
    const marked = tracePacket(outside(8080, { state: "ESTABLISHED" }), tproxy, tproxyNetwork);
    expect(marked.verdict).toMatchObject({ kind: "captured-inbound", port: 15006 });
    expect(traceTree(marked)).toContain("ISTIO_DIVERT");
  });

  it("conntrack calls invalid is dropped where that was asked for", () => {
    const rules = rulesOfPlan(plan({ ...settings, dropInvalid: true }, host));
    const { verdict } = tracePacket(outside(8080, { state: "INVALID" }), rules, examplePodNetwork);
    expect(verdict).toMatchObject({ kind: "dropped", delivered: "none" });
    expect(verdict.decidedBy?.chain).toBe("ISTIO_DROP");
  });

  it("of DNS is tracked in the first zone that matches", () => {
    const rules = rulesOfPlan(plan({ ...settings, redirectDns: true, captureAllDns: true }, host));
    const dns = (uid: number) => app("10.96.0.53", 53, { protocol: "udp", uid, gid: uid });
    expect(tracePacket(dns(1000), rules, examplePodNetwork).verdict).toMatchObject({
      kind: "captured-dns",
      zone: 2,
      port: 15053,
    });
    expect(tracePacket(dns(1337), rules, examplePodNetwork).verdict).toMatchObject({
      kind: "passed",
      zone: 1,
    });
  });

  it("takes the same way through rules a kernel saved as through those planned", () => {
    const planned = plan(settings, host);
    const saved = rulesOfSaves({
      ipv4: saveText(planned.ipv4, { family: 4, variant: "nft", date: "today" }),
      ipv6: saveText(planned.ipv6, { family: 6, variant: "legacy", date: "today" }),
    });
    for (const packet of [
      app("10.96.0.20", 80),
      outside(8080),
      app("fd00:96::20", 80),
      app(pod, 15008, { uid: 1337 }),
    ])
      expect(tracePacket(packet, saved, examplePodNetwork).verdict.port).toBe(
        tracePacket(packet, init, examplePodNetwork).verdict.port,
      );
  });

  it("is uncertain past a rule that is not understood", () => {
    const ipv4 = "*nat\n-A OUTPUT -m time --timestart 08:00 -j REDIRECT --to-ports 1\nCOMMIT\n";
    const { verdict, steps } = tracePacket(app("10.96.0.20", 80), rulesOfSaves({ ipv4 }), examplePodNetwork);
    expect(verdict).toMatchObject({ kind: "passed", uncertain: true });
    expect(traceTree({ verdict, steps })).toContain("not understood: -m time --timestart 08:00");
  });

  it("ends in a loop of chains without hanging", () => {
    const ipv4 = "*nat\n-A OUTPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT\n";
    expect(
      tracePacket(app("10.96.0.20", 80), rulesOfSaves({ ipv4 }), examplePodNetwork).verdict.uncertain,
    ).toBe(true);
  });

  it.each([
    app("nonsense", 80),
    app("10.0.0.1", 65536),
    app("10.0.0.1", 80, { source: "fd00::1" }),
    app("10.0.0.1", 80, { uid: -1 }),
    app("10.0.0.1", Number.NaN),
  ])("that cannot exist is a clear error: %j", (packet) => {
    expect(() => tracePacket(packet, init, examplePodNetwork)).toThrow(InterceptionError);
  });
});

describe("a printed trace", () => {
  const trace = tracePacket(app("10.96.0.20", 80), init, examplePodNetwork);

  it("is a tree that marks the deciding rule", () => {
    const tree = traceTree(trace);
    expect(tree).toMatch(/➤ 1: -p tcp -j REDIRECT --to-ports 15001 .*◀ decides/);
    expect(tree).toContain("⇒ captured as outbound, to port 15001 in the pod");
    expect(traceTree(trace, { all: true, origins: new Map() })).toContain("← the packet goes out on eth0");
  });

  it("is JSON with the verdict and its rule", () => {
    expect(JSON.parse(JSON.stringify(traceRecord(trace)))).toMatchObject({
      verdict: {
        kind: "captured-outbound",
        port: 15001,
        decidedBy: { table: "nat", chain: "ISTIO_REDIRECT", number: 1 },
      },
    });
  });

  it("is a picture that lets nothing of a rule out of its text", () => {
    const ipv4 = '*nat\n-A OUTPUT -m comment --comment "<script>&" -j RETURN\nCOMMIT\n';
    const svg = traceSvg(tracePacket(app("10.96.0.20", 80), rulesOfSaves({ ipv4 }), examplePodNetwork));
    expect(svg).toContain("&lt;script&gt;&amp;");
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("prefers-color-scheme: dark");
  });
});

describe("rules read from text", () => {
  it.each([
    ["Chain ISTIO_OUTPUT (1 references)\n", "iptables -L"],
    ["-A OUTPUT -j ACCEPT\n", "outside a table"],
    ["*nat\n-X OUTPUT\n", "line 2"],
  ])("are refused with the line and the reason: %j", (text, message) => {
    expect(() => readRules(text)).toThrow(message);
  });

  it("may have counters, quoted comments, policies and foreign tables", () => {
    const text =
      '*filter\n:INPUT DROP [1:2]\n[3:4] -A INPUT -i lo -m comment --comment "a b" -j ACCEPT\nCOMMIT\n*security\nCOMMIT\n';
    const rules = readRules(text);
    expect(rules.tables.map((table) => table.name)).toEqual(["filter"]);
    expect(rules.tables[0]?.chains.get("INPUT")).toMatchObject({ policy: "DROP" });
    const verdict = tracePacket(outside(80), { ipv4: rules, ipv6: rules }, examplePodNetwork).verdict;
    expect(verdict.kind).toBe("dropped");
  });

  it("may be a listing of nft", () => {
    const listing = `table inet istio-proxy-nat {
	chain output {
		type nat hook output priority dstnat; policy accept;
		counter packets 0 bytes 0 jump istio-output
	}
	chain istio-output {
		oifname "lo" meta l4proto tcp ip daddr != 127.0.0.1 tcp dport != { 53, 15008 } meta skuid 1337 counter packets 1 bytes 2 jump istio-in-redirect
		counter packets 0 bytes 0 jump istio-redirect
	}
	chain istio-in-redirect {
		meta l4proto tcp counter packets 0 bytes 0 redirect to :15006
	}
	chain istio-redirect {
		meta l4proto tcp counter packets 0 bytes 0 redirect to :15001
	}
}
`;
    const rules = rulesOfNftListing(listing);
    expect(tracePacket(app("10.96.0.20", 80), rules, examplePodNetwork).verdict.port).toBe(15001);
    expect(tracePacket(app(pod, 80, { uid: 1337 }), rules, examplePodNetwork).verdict.port).toBe(15006);
  });
});
