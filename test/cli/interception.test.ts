import { describe, expect, it } from "vitest";
import { run } from "./recording-io.js";

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    traffic.sidecar.istio.io/excludeOutboundPorts: "443"
spec:
  containers:
  - name: app
    image: app:1
`;
const files = { "pod.yaml": pod };
const packet = ["--to", "10.96.0.20:80", "--uid", "1000"];

describe("pillion interception rules", () => {
  it("prints restore text for a pod not injected yet", async () => {
    const { stdout, stderr, exitCode } = await run(["interception", "rules", "-f", "pod.yaml"], { files });
    expect(stdout).toMatch(/^\* nat\n-N ISTIO_INBOUND\n/);
    expect(stdout).toContain("-A ISTIO_OUTPUT -p tcp --dport 443 -j RETURN\n");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });

  it("looks into workloads and Lists, and passes over what holds no pod", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: d}\n  spec: {template: {spec: {containers: [{name: a}]}}}\n`;
    const all = [service, pod, list].join("---\n");
    const rules = await run(["interception", "rules", "-f", "-"], { stdin: all });
    expect(rules.stdout.match(/^# .*$/gm)).toEqual(['# Pod "shop/web"', '# Deployment "d"']);
    const cni = await run(["interception", "cni", "-f", "-"], { stdin: all });
    expect(cni.stdout.match(/^# .*$/gm)).toEqual(['# Pod "shop/web"', '# Deployment "d"']);
    const none = await run(["interception", "rules", "-f", "-"], { stdin: service });
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("holds no pod") });
  });

  it("says of every rule what it is for and what caused it", async () => {
    const { stdout } = await run(["interception", "rules", "-f", "-", "--explain"], { stdin: pod });
    expect(stdout).toContain(
      "# leaves outbound TCP port 443 alone (annotation traffic.sidecar.istio.io/excludeOutboundPorts)\n-A ISTIO_OUTPUT",
    );
    const rules = stdout.match(/^-[AI] /gm) ?? [];
    expect(stdout.match(/^# /gm)).toHaveLength(rules.length);
  });

  it.each([
    ["commands", "iptables -t nat -N ISTIO_INBOUND\n"],
    ["list", "# iptables -S -t nat\n-P PREROUTING ACCEPT\n"],
    ["save", ":ISTIO_INBOUND - [0:0]\n"],
    ["nft", "add table inet istio-proxy-nat\n"],
    ["nft-list", "table inet istio-proxy-nat {\n"],
  ])("prints them as %s", async (format, text) => {
    const { stdout } = await run(["interception", "rules", "-f", "pod.yaml", "--format", format], { files });
    expect(stdout).toContain(text);
  });

  it("prints them as JSON", async () => {
    const { stdout } = await run(["interception", "rules", "-f", "pod.yaml", "--format", "json", "--ipv6"], {
      files,
    });
    const { ipv4, ipv6 } = JSON.parse(stdout);
    expect(ipv4[0]).toMatchObject({ table: "nat", chain: "ISTIO_INBOUND", purpose: expect.any(String) });
    expect(ipv6).toHaveLength(ipv4.length);
  });

  it("takes the flags of istio-iptables behind --", async () => {
    const { stdout } = await run(["interception", "rules", "--", "-b", "80", "-i", ""]);
    expect(stdout).toContain("-A ISTIO_INBOUND -p tcp --dport 80 -j ISTIO_IN_REDIRECT\n");
  });

  it("takes a profile, a release and a strategy, and says what the strategy needs", async () => {
    const seed = await run(["interception", "rules", "--profile", "seed-003"]);
    expect(seed.stdout).toContain("-A OUTPUT -p udp --dport 53 -j REDIRECT --to-port 15053\n");
    const marked = await run(["interception", "rules", "--strategy", "mark", "--profile", "design-2017"]);
    expect(marked.stdout).toContain(
      "! -s 127.0.0.1/32 -p tcp -m mark ! --mark 0x1 -j REDIRECT --to-ports 5001\n",
    );
    expect(marked.stderr).toContain("xt_mark");
  });

  it("warns of settings that contradict each other", async () => {
    const trapped = pod.replace("image: app:1", "securityContext: {runAsUser: 1337}");
    const { stderr, exitCode } = await run(["interception", "rules", "-f", "a.yaml"], {
      files: { "a.yaml": trapped },
    });
    expect(stderr).toContain("container app runs as uid 1337");
    expect(exitCode).toBe(0);
  });

  it.each([
    [["rules"], 2, "Name one of"],
    [["rules", "-f", "absent.yaml"], 1, "there is no such file"],
    [["rules", "-f", "pod.yaml", "--format", "xml"], 2, "--format xml"],
    [["rules", "--profile", "nope"], 1, "there is no profile"],
    [["rules", "--", "--no-such-flag"], 2, "unknown flag"],
    [["rules", "--bogus"], 2, "unknown option"],
    [["trace", "-f", "pod.yaml", "--to", "here"], 2, "name a port"],
    [["trace", "-f", "pod.yaml", "--to", "300.0.0.1:80"], 1, "is not an IP address"],
    [["trace", "-f", "pod.yaml", ...packet, "--uid", "me"], 2, "--uid me"],
    [["trace", ...packet], 2, "Name one of"],
  ])("ends with a clear error for %j", async (args, exitCode, message) => {
    const result = await run(["interception", ...args], { files });
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toContain(message);
  });
});

describe("pillion interception trace", () => {
  it("tells where a packet ends, and by which rule", async () => {
    const { stdout } = await run(["interception", "trace", "-f", "pod.yaml", ...packet], { files });
    expect(stdout).toContain("⇒ captured as outbound, to port 15001 in the pod");
    expect(stdout).toContain("decided by nat ISTIO_REDIRECT 1: -p tcp -j REDIRECT --to-ports 15001");
  });

  it("traces through rules that iptables-save printed", async () => {
    const saved = (await run(["interception", "rules", "-f", "pod.yaml", "--format", "save"], { files }))
      .stdout;
    const args = [
      "interception",
      "trace",
      "--rules",
      "saved",
      "--to",
      "10.96.0.20:443",
      "--uid",
      "1000",
      "--format",
      "json",
    ];
    const { stdout } = await run(args, { files: { saved } });
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: { kind: "passed", port: 443, decidedBy: { chain: "ISTIO_OUTPUT" } },
    });
  });

  it("traces what comes in, over IPv6, through native rules, and shows why rules did not match", async () => {
    const args = [
      "--inbound",
      "--from",
      "fd00::1",
      "--to",
      "[fd00:244:1::10]:8080",
      "--native-nftables",
      "--ipv6",
      "--all",
    ];
    const { stdout } = await run(["interception", "trace", "-f", "pod.yaml", ...args], { files });
    expect(stdout).toContain("⇒ captured as inbound, to port 15006 in the pod");
    expect(stdout).toContain("← the port is 8080");
  });

  it("draws the way into a file", async () => {
    const result = await run(["interception", "trace", "-f", "pod.yaml", ...packet, "--svg", "way.svg"], {
      files,
    });
    expect(result.files.get("way.svg")).toMatch(/^<svg .*captured as outbound/);
  });
});

describe("pillion interception cni", () => {
  it("tells why the plugin leaves a pod alone", async () => {
    const { stdout } = await run(["interception", "cni", "-f", "pod.yaml"], { files });
    expect(stdout).toBe("leave alone (no-proxy): there is no container istio-proxy\n");
    const excluded = await run(["interception", "cni", "-f", "pod.yaml", "--exclude-namespaces", "a,shop"], {
      files,
    });
    expect(excluded.stdout).toContain("(excluded-namespace)");
  });

  it("tells which settings the plugin would take", async () => {
    const injected = (await run(["inject", "-f", "pod.yaml", "--set", "pilot.cni.enabled=true"], { files }))
      .stdout;
    const { stdout } = await run(["interception", "cni", "-f", "-"], { stdin: injected });
    expect(stdout).toContain("redirect (redirect)");
    expect(stdout).toContain(
      'outboundPortsExclude = "443"   (annotation traffic.sidecar.istio.io/excludeOutboundPorts)',
    );
  });
});
