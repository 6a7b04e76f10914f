import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  InterceptionError,
  plan,
  readArguments,
  restoreText,
  withProxyIds,
} from "../../src/interception/index.js";
import {
  addressesOf,
  NetfilterError,
  namespaceRunner,
  runRequest,
  type ToolResult,
  uidOf,
} from "../../src/netfilter/index.js";
import { recordingLog } from "../../src/telemetry/index.js";
import { done, FakeTools } from "./fake-tools.js";

const addresses = JSON.stringify([
  { ifname: "lo", addr_info: [{ local: "127.0.0.1" }, { local: "::1" }] },
  { ifname: "eth0", addr_info: [{ local: "10.0.0.5" }, { local: "fe80::1" }] },
]);

/** A machine where everything works; `special` answers differently. */
function machine(
  special: (program: string, args: readonly string[]) => ToolResult | undefined = () => undefined,
) {
  return new FakeTools((program, args) => {
    const own = special(program, args);
    if (own !== undefined) return own;
    return program === "ip" && args.includes("-json") ? { ...done, stdout: addresses } : done;
  });
}

async function run(words: readonly string[], tools: FakeTools, env: Record<string, string> = {}) {
  const transcripts: [string, string][] = [];
  const log = recordingLog();
  const request = readArguments(words, env);
  const context = {
    tools,
    log,
    resolvConf: "/nonexistent/resolv.conf",
    strategy: "owner",
    writeTranscript: async (path: string, text: string) => {
      transcripts.push([path, text]);
    },
  } as const;
  await runRequest(request, context);
  return { transcripts, request };
}

const writes = (lines: readonly string[]) =>
  lines.filter((line) => /^(ip6?tables\S*-restore|ip|nft) /.test(line) && !line.includes("-json"));

describe("a request", () => {
  it("tests the rules before it programs them, IPv4 first", async () => {
    const tools = machine();
    await run(["-b", "*"], tools);
    expect(writes(tools.lines())).toEqual([
      "iptables-nft-restore --noflush --test",
      "iptables-nft-restore --noflush",
    ]);
  });

  it("runs nothing in a dry run, and writes Istio's transcript where it is told", async () => {
    const tools = machine();
    const { transcripts, request } = await run(["-b", "*", "--dry-run"], tools, {
      DRY_RUN_FILE_PATH: "/transcript",
    });
    const { ipv4 } = plan(withProxyIds(request.settings, undefined), {
      ipv6: false,
      dnsServersV4: [],
      dnsServersV6: [],
    });
    expect(transcripts).toEqual([
      ["/transcript", `iptables-save\nip6tables-save\n${restoreText(ipv4)}iptables-save\n`],
    ]);
    expect(tools.lines()).toEqual(["ip -json address show"]);
  });

  it("programs nothing when it is to skip that", async () => {
    const tools = machine();
    await run(["-b", "*", "--skip-rule-apply"], tools);
    expect(tools.lines()).toEqual(["ip -json address show"]);
  });

  it("loads native rules in one transaction", async () => {
    const tools = machine();
    await run(["-b", "*", "--native-nftables"], tools);
    expect(writes(tools.lines())).toEqual(["nft -f -"]);
    expect(tools.calls.at(-1)?.input).toContain("flush table inet istio-proxy-nat");
  });

  it("adds a policy rule for TPROXY only if there is none", async () => {
    const fresh = machine();
    await run(["-b", "*", "-m", "TPROXY"], fresh);
    expect(fresh.lines()).toContain("ip -4 rule add fwmark 1337 lookup 133");
    const again = machine((program, args) =>
      program === "ip" && args[1] === "rule"
        ? { ...done, stdout: "32765:\tfrom all fwmark 0x539 lookup 133 \n" }
        : undefined,
    );
    await run(["-b", "*", "-m", "TPROXY"], again);
    expect(again.lines().some((line) => line.includes("rule add"))).toBe(false);
    expect(again.lines()).toContain("ip -4 route add local default dev lo table 133");
  });

  it("takes back what it wrote where a later step fails", async () => {
    const tools = machine((program, args) =>
      program === "iptables-nft-restore" && !args.includes("--test")
        ? { status: 2, stdout: "", stderr: "line 5 failed" }
        : undefined,
    );
    await expect(run(["-b", "*"], tools)).rejects.toThrow("line 5 failed");
    expect(tools.lines()).toContain("iptables-nft -t nat -D PREROUTING -p tcp -j ISTIO_INBOUND");
    expect(tools.lines()).toContain("iptables-nft -t nat -X ISTIO_OUTPUT");
  });

  it("removes the guardrails where reconciling fails", async () => {
    const other = "*nat\n:ISTIO_OLD - [0:0]\n-A OUTPUT -j ISTIO_OLD\nCOMMIT\n";
    const tools = machine((program, args) => {
      if (program === "iptables-nft-save" && args.length === 0) return { ...done, stdout: other };
      if (program.endsWith("-restore")) return { status: 1, stdout: "", stderr: "no" };
      return undefined;
    });
    await expect(run(["-b", "*", "--reconcile"], tools)).rejects.toThrow(NetfilterError);
    const lines = tools.lines();
    const last = (text: string) => lines.lastIndexOf(text);
    expect(last("iptables-nft -t filter -I OUTPUT 1 -p udp -j DROP")).toBeGreaterThan(0);
    expect(last("iptables-nft -t filter -D OUTPUT -p udp -j DROP")).toBeGreaterThan(
      last("iptables-nft -t filter -I OUTPUT 1 -p udp -j DROP"),
    );
    expect(lines).toContain("iptables-nft -t nat -D OUTPUT -j ISTIO_OLD");
  });

  it("goes on without ip6tables where IPv6 is off", async () => {
    const tools = machine((program) =>
      program.startsWith("ip6tables") ? { status: 127, stdout: "", stderr: "" } : undefined,
    );
    await run(["-b", "*"], tools);
    expect(writes(tools.lines())).toHaveLength(2);
  });

  it("is a clear error without an address, and without a resolv.conf it needs", async () => {
    const lonely = machine((program) => (program === "ip" ? { ...done, stdout: "[]" } : undefined));
    await expect(run([], lonely)).rejects.toThrow(InterceptionError);
    const garbled = machine((program) => (program === "ip" ? { ...done, stdout: "{" } : undefined));
    await expect(run([], garbled)).rejects.toThrow(NetfilterError);
    await expect(run(["--redirect-dns"], machine())).rejects.toThrow(/resolv.conf/);
  });

  it("gives no program a setting in anything but one argument of its own, and runs no shell", async () => {
    const hostile = fc.constantFrom(
      "$(id)",
      "; id",
      "eth0 -j ACCEPT",
      "a\nb",
      "`id`",
      "|id",
      "80 #",
      "-x",
      "é",
    );
    const flags = fc.constantFrom("-c", "-k", "-d", "-o", "-q", "-u", "-g", "-p", "-z", "-e", "-t", "-r");
    await fc.assert(
      fc.asyncProperty(flags, hostile, async (flag, text) => {
        const tools = machine();
        await expect(run(["-b", "*", "-m", "TPROXY", `${flag}=${text}`], tools)).rejects.toThrow(
          InterceptionError,
        );
        expect(tools.lines()).toEqual(["ip -json address show"]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the host", () => {
  it("has its addresses in ip's JSON, and its users in passwd", () => {
    expect(addressesOf(addresses)).toEqual(["127.0.0.1", "::1", "10.0.0.5", "fe80::1"]);
    expect(addressesOf("")).toEqual([]);
    expect(uidOf("root:x:0:0::/:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\n", "istio-proxy")).toBe("1337");
    expect(uidOf("root:x:0:0\n", "istio-proxy")).toBeUndefined();
  });
});

describe("a program", () => {
  const tools = namespaceRunner({
    networkNamespace: "",
    cniMode: false,
    env: { PATH: process.env.PATH ?? "" },
  });

  it("gets its arguments as they are, and its input", async () => {
    const echoed = await tools.run("printf", ["%s|", "a b", "$(id)", "*", ""]);
    expect(echoed).toEqual({ status: 0, stdout: "a b|$(id)|*||", stderr: "" });
    expect(await tools.run("cat", [], { input: "text\n" })).toMatchObject({ stdout: "text\n" });
  });

  it("that fails or is not there is told by its exit code", async () => {
    expect((await tools.run("false", [])).status).toBe(1);
    expect((await tools.run("no-such-program-of-ours", [])).status).toBe(127);
  });
});
