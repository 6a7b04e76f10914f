import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitDocuments, yamlToJson } from "../../src/goyaml/index.js";
import { podSettings } from "../../src/interception/index.js";
import { root } from "../support/peer.js";
import { Topology } from "./namespace.js";
import { runInjector, runPillion } from "./run-pillion.js";
import { SocketLab } from "./socket-lab.js";

/** Bookinfo's productpage, as the fixtures have it. */
const productpage = splitDocuments(readFileSync(join(root, "test", "fixtures", "bookinfo.yaml"), "utf8"))
  .map(({ text }) => text)
  .find((text) => text.includes("name: productpage-v1"));

const application = { uid: 1000, gid: 1000 };
const proxy = { uid: 1337, gid: 1337 };
const pod = "10.244.1.10";
const service = "10.96.0.20";

let topology: Topology;
let lab: SocketLab;

beforeAll(() => {
  topology = new Topology();
});

afterAll(() => {
  topology.remove();
});

/** Runs a command inside the pod, as its init container would. */
function inPod(args: readonly string[], ids = { uid: 0, gid: 0 }) {
  const drop = ids.uid === 0 ? [] : ["setpriv", `--reuid=${ids.uid}`, `--regid=${ids.gid}`, "--clear-groups"];
  return runPillion(args, { before: ["nsenter", `--net=${topology.pod.path}`, "--", ...drop] });
}

const validation = ["istio-iptables", "--run-validation", "--skip-rule-apply", "--probe-timeout=2s"];

describe("a pod of Bookinfo", () => {
  it("is not captured before its init container ran, and validation says so with 126", () => {
    expect(inPod(validation, proxy).status).toBe(126);
  });

  it("is set up by the very arguments of its init container once it is injected", () => {
    const injected = runInjector(productpage ?? "");
    const { arguments: words, injected: known } = podSettings(yamlToJson(injected));
    expect(known).toBe(true);
    expect(inPod(["istio-iptables", ...(words ?? [])])).toMatchObject({ status: 0 });
  });

  it("proves its capture as the proxy, and from outside as root", () => {
    expect(inPod(validation, proxy)).toMatchObject({ status: 0 });
    const outside = runPillion([...validation, `--network-namespace=${topology.pod.path}`]);
    expect(outside).toMatchObject({ status: 0 });
  });

  it("cannot prove it as an application, whose loopback traffic is left alone", () => {
    expect(inPod(validation, application).status).toBe(126);
  });

  it("is not proven where the proxy may not listen", () => {
    const busy = ["--envoy-port=1", "--inbound-capture-port=2"];
    expect(inPod([...validation, ...busy], proxy).status).toBe(126);
  });
});

describe("the traffic of that pod", () => {
  beforeAll(async () => {
    lab = new SocketLab(topology);
    await lab.ready;
  });

  afterAll(() => {
    lab.close();
  });

  it("has the application's calls caught on 15001, with their destination", async () => {
    const landing = await lab.send({
      direction: "outbound",
      protocol: "tcp",
      destination: service,
      destinationPort: 9091,
      ...application,
    });
    expect(landing).toMatchObject({ place: "pod", port: 15001, first: [service, 9091] });
  });

  it("has calls from outside caught on 15006, with client and destination", async () => {
    const landing = await lab.send({
      direction: "inbound",
      protocol: "tcp",
      destination: pod,
      destinationPort: 8080,
    });
    expect(landing).toMatchObject({ place: "pod", port: 15006, source: "10.244.1.1", first: [pod, 8080] });
  });

  it("lets the proxy's own calls pass", async () => {
    const out = await lab.send({
      direction: "outbound",
      protocol: "tcp",
      destination: service,
      destinationPort: 80,
      ...proxy,
    });
    expect(out).toMatchObject({ place: "network", port: 80 });
    const own = {
      direction: "outbound",
      protocol: "tcp",
      source: "127.0.0.6",
      destination: pod,
      destinationPort: 8080,
      ...proxy,
    } as const;
    expect(await lab.send(own)).toMatchObject({ place: "pod", port: 8080, source: "127.0.0.6" });
  });

  it("lets health checks of the agent pass", async () => {
    const landing = await lab.send({
      direction: "inbound",
      protocol: "tcp",
      destination: pod,
      destinationPort: 15021,
    });
    expect(landing).toMatchObject({ place: "pod", port: 15021 });
  });

  it("can be traced as it stands", () => {
    const traced = runPillion([
      ...[
        "interception",
        "trace",
        "--netns",
        topology.pod.path,
        "--to",
        `${service}:80`,
        "--uid",
        "1000",
        "--format",
        "json",
      ],
    ]);
    expect(JSON.parse(traced.stdout)).toMatchObject({ verdict: { kind: "captured-outbound", port: 15001 } });
  });
});
