import { webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueLeaf } from "../../src/certificates/index.js";
import type { CheckReport, Finding } from "../../src/cluster/index.js";
import { chart } from "./chart.js";
import { ControlPlane, type Outcome } from "./control-plane/control-plane.js";
import { Program } from "./control-plane/program.js";
import { node, type Pod, podOf, until } from "./objects.js";
import { endpointObjects } from "./service-endpoints.js";

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}

interface Secret {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: object;
    readonly annotations: object;
  };
  readonly data: Readonly<Record<string, string>>;
}

/** A report as `-o json` prints it. */
type Report = CheckReport & { readonly summary: Readonly<Record<string, number>> };

const home = "istio-system";
const webhook = "mutatingwebhookconfiguration/istio-sidecar-injector-pillion";
const day = 86_400_000;

describe("pillion check on a real API server", () => {
  let plane: ControlPlane;
  let injector: Program;
  let address: string;
  /** The Secret as the chart made it. */
  let secret: Secret;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    address = plane.environment.address;
    await plane.namespace(home);
    await plane.namespace("mesh", { "istio.io/rev": "pillion" });
    await plane.apply(node("n1", "v1.34.0"));
    await install();
    const { metadata, ...content } = await plane.json<Secret>("get", "secret", "pillion-tls", "-n", home);
    const { name, namespace, labels, annotations } = metadata;
    secret = { ...content, metadata: { name, namespace, labels, annotations } };
    injector = await startInjector();
    await route(address);
    await until("a pod is injected", async () => (await create("mesh", podOf("app"))).status === 201);
    await becomeReady();
  });

  afterAll(async () => {
    await injector?.stop();
    await plane?.stop();
  });

  async function install(...set: readonly string[]): Promise<void> {
    const settings = ["certificates.mode=helm", ...set].flatMap((one) => ["--set", one]);
    const done = await plane.helm("upgrade", "--install", "pillion", chart, "-n", home, ...settings);
    expect(done.code, done.stderr).toBe(0);
  }

  /** The bundle as the Deployment would run it, at the address of the endpoints. */
  async function startInjector(): Promise<Program> {
    const { spec } = await plane.json<Deployment>("get", "deployment", "pillion", "-n", home);
    const tls = join(plane.folder, "tls");
    mkdirSync(tls, { recursive: true });
    for (const [name, text] of Object.entries(secret.data))
      writeFileSync(join(tls, name), Buffer.from(text, "base64"), { mode: 0o600 });
    const args = (spec.template.spec.containers[0]?.args ?? [])
      .filter((arg) => arg !== "--cluster")
      .map((arg) => arg.replace("/etc/pillion/tls", tls));
    const token = await plane.kubectl("create", "token", "pillion", "-n", home);
    const kubeconfig = plane.writeKubeconfig("injector", token.stdout.trim(), home);
    const program = new Program(
      "pillion",
      process.execPath,
      [
        plane.environment.bundle,
        ...args,
        `--kubeconfig=${kubeconfig}`,
        `--https-address=${address}:15017`,
        `--monitoring-address=${address}:15014`,
      ],
      join(plane.folder, "injector.log"),
    );
    await program.until(async () => (await fetch(`http://${address}:15014/ready`)).ok);
    return program;
  }

  /** Says where the Service leads to. Nothing here makes endpoints of pods. */
  async function route(ip: string, port = 15017): Promise<void> {
    await plane.apply(...endpointObjects({ pillion: { address: ip, port, ready: true } }));
  }

  /** Ends the connection that the API server has: as long as it lasts, it is used, wherever the Service leads to. */
  async function cutOff(): Promise<void> {
    await injector.stop();
  }

  async function connect(ip: string): Promise<void> {
    await route(ip);
    injector = await startInjector();
  }

  /** No kubelet runs here: its word that the injector's pods are ready is ours to give. */
  async function becomeReady(): Promise<void> {
    await until("the Deployment is ready", async () => {
      const { items } = await plane.json<{ items: Pod[] }>("get", "pods", "-n", home);
      for (const { metadata } of items)
        await plane.kubectl(
          ...["patch", "pod", metadata.name, "-n", home, "--subresource=status"],
          ...[
            "-p",
            JSON.stringify({ status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } }),
          ],
        );
      const { status } = await plane.json<{ status: { readyReplicas?: number } }>(
        ...["get", "deployment", "pillion", "-n", home],
      );
      return status.readyReplicas === 2;
    });
  }

  function create(namespace: string, pod: object) {
    return plane.request("POST", `/api/v1/namespaces/${namespace}/pods`, pod);
  }

  function check(...args: readonly string[]): Promise<Outcome> {
    return plane.run(process.execPath, plane.environment.bundle, "check", ...args);
  }

  async function report(...args: readonly string[]): Promise<Report> {
    const { stdout, stderr } = await check("-o", "json", ...args);
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  }

  async function wrong(...args: readonly string[]): Promise<readonly Finding[]> {
    return (await report(...args)).findings.filter(({ status }) => status !== "ok");
  }

  async function patch(what: string, body: object, type = "merge"): Promise<void> {
    const args = what.startsWith("mutating") || what.startsWith("namespace") ? [] : ["-n", home];
    const done = await plane.kubectl("patch", what, ...args, `--type=${type}`, "-p", JSON.stringify(body));
    expect(done.code, done.stderr).toBe(0);
  }

  async function kubectl(...args: readonly string[]): Promise<void> {
    const done = await plane.kubectl(...args);
    expect(done.code, done.stderr).toBe(0);
  }

  const bundle = (text: string) =>
    patch(
      webhook,
      [0, 1].map((index) => ({
        op: "replace",
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: Buffer.from(text).toString("base64"),
      })),
      "json",
    );
  const serving = async (name: string, days: number, now: number) => {
    const world = { crypto: webcrypto as webcrypto.Crypto, now };
    const authority = await createAuthority({ commonName: "planted", days: 365 }, world);
    return { authority, leaf: await issueLeaf(authority, { names: [name], days }, world) };
  };
  const rules = [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }];
  const configuration = (name: string, entry: string, settings: object) => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: entry,
        clientConfig: { service: { name: "nobody", namespace: home } },
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        failurePolicy: "Ignore",
        rules,
        ...settings,
      },
    ],
  });

  /** Waits until it comes out so; fails with how it came out at last. */
  async function eventually<T>(what: () => Promise<T>, wanted: T): Promise<void> {
    let last: T | undefined;
    const holds = async () => {
      last = await what();
      return JSON.stringify(last) === JSON.stringify(wanted);
    };
    await until("", holds).catch(() => expect(last).toEqual(wanted));
  }

  it("says nothing on a healthy cluster, and why when it is asked", async () => {
    expect(await check("--quiet", "--strict")).toEqual({ code: 0, stdout: "", stderr: "" });
    const { code, stdout } = await check("--verbose");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /ok +call +a pod in namespace mesh \(dry run\): The API server reaches the injector/,
    );
    expect(stdout).toMatch(
      /ok +namespaces +revision pillion: 1 of \d+ namespaces are injected\.\n +- mesh\n/,
    );
    expect(stdout).toMatch(/\n0 errors, 0 warnings, 12 ok, 0 skipped\n$/);
    const { items } = await plane.json<{ items: Pod[] }>("get", "pods", "-n", "mesh");
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["app"]);
  });

  const faults: readonly (readonly [
    fault: string,
    plant: () => Promise<void>,
    codes: readonly string[],
    undo: () => Promise<void>,
  ])[] = [
    [
      "a webhook configuration that was deleted",
      () => kubectl("delete", webhook),
      ["webhook-missing"],
      () => install("injector.logLevel=warn"),
    ],
    [
      "a Service that was deleted",
      async () => {
        await kubectl("delete", "service", "pillion", "-n", home);
        await cutOff();
      },
      ["service-missing", "not-known", "not-known", "call-failed"],
      async () => {
        // The chart's address may have been given away: it is made anew.
        await install("service.annotations.made=anew");
        await connect(address);
      },
    ],
    [
      "no ready endpoint",
      async () => {
        await kubectl("delete", "endpointslices,endpoints", "pillion", "-n", home);
        await cutOff();
      },
      ["no-ready-endpoints", "call-failed"],
      () => connect(address),
    ],
    [
      "nobody at the port",
      async () => {
        await route(address, 15999);
        await cutOff();
      },
      ["connection-refused"],
      () => connect(address),
    ],
    [
      "a control plane without a route to the pods",
      async () => {
        await route("203.0.113.7");
        await cutOff();
      },
      ["no-route"],
      () => connect(address),
    ],
    [
      "a caBundle that somebody has overwritten",
      async () => bundle((await serving("x", 1, Date.now())).authority.certificatePem),
      ["bundle-mismatch", "certificate-untrusted"],
      () => install("injector.logLevel=info"),
    ],
    [
      "a Secret that was deleted",
      () => kubectl("delete", "secret", "pillion-tls", "-n", home),
      ["certificate-missing"],
      // The chart would make a new pair, which this injector does not serve.
      () => plane.apply(secret),
    ],
    [
      "a Secret that holds nonsense",
      () => patch("secret/pillion-tls", { data: { "tls.crt": Buffer.from("nonsense").toString("base64") } }),
      ["certificate-invalid"],
      () => plane.apply(secret),
    ],
    [
      "a certificate that ended yesterday",
      async () => {
        const { leaf } = await serving(`pillion.${home}.svc`, 1, Date.now() - 2 * day);
        const data = { "tls.crt": Buffer.from(leaf.certificatePem).toString("base64") };
        await patch("secret/pillion-tls", { data });
      },
      ["bundle-mismatch", "certificate-expired"],
      () => plane.apply(secret),
    ],
    [
      "two injectors for one revision",
      () =>
        plane.apply(
          configuration("istios", "rev.namespace.sidecar-injector.istio.io", {
            namespaceSelector: {
              matchExpressions: [{ key: "istio.io/rev", operator: "In", values: ["pillion"] }],
            },
          }),
        ),
      ["two-injectors"],
      () => kubectl("delete", "mutatingwebhookconfiguration", "istios"),
    ],
    [
      "another webhook that changes pods after ours",
      () => plane.apply(configuration("z-agents", "agents.example.com", {})),
      ["later-webhook"],
      () => kubectl("delete", "mutatingwebhookconfiguration", "z-agents"),
    ],
    [
      "an injector whose own pods wait for it",
      async () => {
        await kubectl("label", "namespace", home, "istio.io/rev=pillion");
        await patch("deployment/pillion", {
          spec: { template: { metadata: { labels: { "sidecar.istio.io/inject": null } } } },
        });
      },
      ["own-pods-injected"],
      async () => {
        await kubectl("label", "namespace", home, "istio.io/rev-");
        await patch("deployment/pillion", {
          spec: { template: { metadata: { labels: { "sidecar.istio.io/inject": "false" } } } },
        });
        await becomeReady();
      },
    ],
    [
      "pods of kube-system that wait for the injector",
      async () => {
        await kubectl("label", "namespace", "kube-system", "istio.io/rev=pillion");
        await install("webhook.matchConditions=false");
      },
      ["system-namespace-injected"],
      async () => {
        await kubectl("label", "namespace", "kube-system", "istio.io/rev-");
        await install();
      },
    ],
    [
      "a nodeSelector that no Node has",
      () => install("nodeSelector.disk=fast"),
      ["no-node-fits"],
      async () => {
        await install();
        await becomeReady();
      },
    ],
    [
      "a single replica",
      () => install("replicas=1"),
      ["single-replica"],
      async () => {
        await install();
        await becomeReady();
      },
    ],
    [
      "a pod that was made before its namespace was labelled",
      async () => {
        await plane.namespace("late");
        expect((await create("late", podOf("app", { namespace: "late" }))).status).toBe(201);
        await kubectl("label", "namespace", "late", "istio.io/rev=pillion");
      },
      ["sidecar-missing"],
      () => kubectl("delete", "namespace", "late", "--wait=false"),
    ],
    [
      "a sidecar of an older configuration",
      () => install("config.values.global.tag=9.9.9"),
      ["sidecar-outdated"],
      () => install(),
    ],
    [
      "a namespace with a revision that nobody has",
      () => plane.namespace("lost", { "istio.io/rev": "old" }),
      ["revision-unknown"],
      () => kubectl("delete", "namespace", "lost", "--wait=false"),
    ],
    [
      "a configuration with a fault",
      () =>
        patch("configmap/istio-sidecar-injector-pillion", {
          data: { config: "templates: {sidecar: '{{ if }}'}" },
        }),
      ["configuration-invalid", "not-known"],
      () => install("injector.logLevel=warn"),
    ],
  ];

  it.each(faults)("finds %s, and is silent again without it", async (_fault, plant, codes, undo) => {
    try {
      await plant();
      // What watches the API server learns of a change a little later.
      await eventually(async () => (await wrong()).map(({ code }) => code), codes);
      const { code, stdout } = await check();
      expect(stdout).toContain(`[${codes[0]}]`);
      expect(code).toBe(/^error /m.test(stdout) ? 1 : 0);
      if (code === 0) expect((await check("--strict", "--quiet")).code).toBe(1);
    } finally {
      await undo();
    }
    await eventually(async () => (await check("--quiet")).stdout, "");
  });

  it("tells a firewall between the control plane and the Nodes by its symptom", async () => {
    await patch(
      webhook,
      [0, 1].map((index) => ({ op: "replace", path: `/webhooks/${index}/timeoutSeconds`, value: 1 })),
      "json",
    );
    // Nothing answers for this address, and nothing refuses it either.
    const silent = await silentAddress();
    await route(silent);
    await cutOff();
    await eventually(async () => (await wrong()).map(({ code }) => code), ["webhook-timeout"]);
    const found = await wrong();
    expect(found[0]?.message).toMatch(/context deadline exceeded|Client\.Timeout|i\/o timeout/);
    expect(found[0]?.remedy).toMatch(/allow TCP 15017/);
    await connect(address);
    await install();
    await eventually(async () => (await check("--quiet")).stdout, "");
  });

  /** An address whose packets get lost: it is a neighbour that never takes them. */
  async function silentAddress(): Promise<string> {
    const silent = "10.99.0.77";
    const neighbour = ["neigh", "replace", silent, "lladdr", "02:00:00:00:00:77", "dev", "pillion0"];
    const done = await plane.run("ip", ...neighbour);
    expect(done.code, done.stderr).toBe(0);
    return silent;
  }

  it("tells a namespace whose pod security refuses the sidecar", async () => {
    await plane.namespace("strict", {
      "istio.io/rev": "pillion",
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    const { findings } = await report("--namespace", "strict");
    const line = findings.find(({ check: name }) => name === "call");
    expect(line).toMatchObject({ check: "call", code: "pod-refused" });
    expect(line?.message).toMatch(/violates PodSecurity/);
    await kubectl("delete", "namespace", "strict", "--wait=false");
  });

  it("skips what the user may not read, names the right, and goes on with the rest", async () => {
    await kubectl("create", "serviceaccount", "auditor", "-n", home);
    await plane.apply(
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "auditor" },
        rules: [
          {
            apiGroups: ["admissionregistration.k8s.io"],
            resources: ["mutatingwebhookconfigurations"],
            verbs: ["list"],
          },
          { apiGroups: [""], resources: ["namespaces", "services"], verbs: ["get", "list"] },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "auditor" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "auditor" },
        subjects: [{ kind: "ServiceAccount", name: "auditor", namespace: home }],
      },
    );
    const token = await plane.kubectl("create", "token", "auditor", "-n", home);
    const kubeconfig = plane.writeKubeconfig("auditor", token.stdout.trim());
    let findings: readonly Finding[] = [];
    await until("the rights are known", async () => {
      const { stdout } = await check("--kubeconfig", kubeconfig, "-o", "json");
      findings = stdout === "" ? [] : (JSON.parse(stdout) as Report).findings;
      return findings.length > 0;
    });
    expect(findings.map(({ check: name, status }) => `${name} ${status}`)).toEqual([
      "webhook ok",
      "service skipped",
      "cold-start skipped",
      "configuration skipped",
      "bundle ok",
      "certificate skipped",
      "rivals ok",
      "namespaces ok",
      "call skipped",
      "order ok",
      "pods skipped",
      "sidecars skipped",
    ]);
    const remedies = findings.filter(({ code }) => code === "forbidden").map(({ remedy }) => remedy);
    expect(remedies).toContain("Ask for the right to create pods in namespace mesh.");
    expect(remedies).toContain("Ask for the right to list pods in all namespaces.");
    expect((await check("--kubeconfig", kubeconfig)).code).toBe(0);
    expect((await check("--kubeconfig", kubeconfig, "--strict")).code).toBe(1);
    await kubectl("delete", "clusterrolebinding", "auditor");
    await until("the right is gone", async () => (await check("--kubeconfig", kubeconfig)).code === 1);
    expect((await check("--kubeconfig", kubeconfig)).stderr).toMatch(
      /^error: cannot check: .*mutatingwebhookconfigurations\S* is forbidden.*the one that check cannot do without\n$/,
    );
  });

  it("asks a thousand pods in two pages more, not in a thousand requests", async () => {
    const before = (await report()).requests;
    await plane.namespace("many", { "istio.io/rev": "pillion" });
    const { pod } = await injectedPod("many");
    for (let index = 0; index < 1000; index += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, step) =>
          create("many", { ...pod, metadata: { ...pod.metadata, name: `pod-${index + step}` } }),
        ),
      );
    const after = await report();
    expect(after.findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(after.findings.find(({ check: name }) => name === "pods")?.message).toMatch(/1001 of \d+ pods/);
    expect(after.requests - before).toBe(2);
  });

  it("knows Pillion's own authority: what is missing before it has begun, and nothing after that", async () => {
    await cutOff();
    await install("certificates.mode=pillion", "certificates.pillion.propagationSeconds=2");
    await becomeReady();
    const lines = await wrong();
    expect(lines.map(({ code }) => code)).toContain("certificate-missing");
    expect(lines.find(({ code }) => code === "certificate-missing")?.remedy).toMatch(
      /^The injector makes it by itself/,
    );
    injector = await startInjector();
    await eventually(async () => (await check("--quiet", "--strict")).stdout, "");
    const { findings } = await report();
    expect(findings.find(({ check: name }) => name === "certificate")?.object).toBe(
      "Secret istio-system/pillion-ca",
    );
  });

  /** A pod as it comes back, to be created again: the injector then has nothing to do. */
  async function injectedPod(namespace: string): Promise<{ pod: { metadata: object } }> {
    const answer = await plane.request(
      "POST",
      `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
      podOf("p", { namespace }),
    );
    expect(answer.status).toBe(201);
    const { apiVersion, kind, metadata, spec } = JSON.parse(answer.text) as {
      apiVersion: string;
      kind: string;
      metadata: { labels: object; annotations: object };
      spec: object;
    };
    const { labels, annotations } = metadata;
    return {
      pod: { apiVersion, kind, metadata: { namespace, labels, annotations }, spec } as { metadata: object },
    };
  }
});
