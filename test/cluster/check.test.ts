import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CheckReport,
  checkNames,
  type Finding,
  foresee,
  httpsClient,
  readWebhookConfigurations,
  runCheck,
  setTagChange,
} from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";
import { ApiServer } from "./api-server.js";
import {
  bare,
  base64,
  type Cluster,
  certificates,
  configMap,
  healthyCluster,
  injected,
  namespace,
  otherSnapshot,
  secret,
  serveCluster,
  webhook,
} from "./healthy-cluster.js";

const day = 86_400_000;
const signal = new AbortController().signal;

/** Parts of a tree that a test knows to be there. */
function at(tree: unknown, ...path: readonly (string | number)[]): JsonObject {
  return path.reduce<JsonObject>((value, key) => value[key as string] as JsonObject, tree as JsonObject);
}

function nameOf(object: JsonObject): string {
  return String(at(object, "metadata").name);
}

describe("pillion check", () => {
  let server: ApiServer;
  let port: number;
  let healthy: Cluster;
  let cluster: Cluster;

  beforeAll(async () => {
    healthy = await healthyCluster();
  });

  beforeEach(async () => {
    const { create, ...objects } = healthy;
    cluster = { ...structuredClone(objects), create };
    server = new ApiServer();
    port = await server.start();
    return () => server.stop();
  });

  function run(options: { revision?: string; namespace?: string; now?: number } = {}): Promise<CheckReport> {
    serveCluster(server, cluster);
    const client = httpsClient({ server: new URL(`http://127.0.0.1:${port}`), authorize: async () => {} });
    return runCheck(client, { injectorNamespace: "istio-system", now: Date.now(), ...options }, signal);
  }

  const wrong = ({ findings }: CheckReport): readonly Finding[] =>
    findings.filter(({ status }) => status !== "ok");
  const codes = (report: CheckReport) => wrong(report).map(({ code }) => code);

  it("has nothing but ok lines for a healthy cluster, one a check", async () => {
    const report = await run();
    expect(wrong(report)).toEqual([]);
    expect(report.revisions).toEqual(["pillion"]);
    expect(report.findings.map(({ check }) => check)).toEqual(checkNames);
  });

  it("changes nothing: its one request that is no GET is a dry run", async () => {
    await run();
    const writes = server.seen.filter(({ method }) => method !== "GET");
    expect(writes.map(({ path, query }) => [path, query.get("dryRun")])).toEqual([
      ["/api/v1/namespaces/shop/pods", "All"],
    ]);
  });

  const entries = (index = 0): JsonObject[] =>
    at(cluster.webhooks[index], "webhooks") as unknown as JsonObject[];
  const refuse = (message: string) => {
    cluster.create = () => [500, { kind: "Status", message: `Internal error occurred: ${message}` }];
  };
  const failed = (why: string) =>
    refuse(
      `failed calling webhook "rev.namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://pillion.istio-system.svc:443/inject?timeout=10s": ${why}`,
    );

  const faults: readonly (readonly [
    fault: string,
    plant: () => void | Promise<void>,
    code: string,
    object: RegExp,
    remedy: RegExp,
  ])[] = [
    [
      "no webhook configuration",
      () => {
        cluster.webhooks = [];
      },
      "webhook-missing",
      /MutatingWebhookConfigurations/,
      /Install Pillion's chart/,
    ],
    [
      "a webhook configuration that was deactivated",
      () => {
        const never = { matchLabels: { "istio.io/deactivated": "never-match" } };
        for (const index of [0, 1])
          for (const entry of entries(index))
            Object.assign(entry, { namespaceSelector: never, objectSelector: never });
        cluster.namespaces = cluster.namespaces.map((one) => namespace(String(at(one, "metadata").name)));
      },
      "webhook-deactivated",
      /istio-sidecar-injector-pillion/,
      /pillion tag set default --revision pillion/,
    ],
    [
      "rules without pods",
      () => {
        for (const entry of entries(1))
          entry.rules = [
            { operations: ["CREATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] },
          ];
      },
      "rules-miss-pods",
      /istio-revision-tag-prod/,
      /resources \["pods"\]/,
    ],
    [
      "failurePolicy Ignore",
      () => {
        for (const entry of entries()) entry.failurePolicy = "Ignore";
      },
      "failures-ignored",
      /istio-sidecar-injector-pillion/,
      /webhook\.failurePolicy=Fail/,
    ],
    [
      "a Service with other ports",
      () => {
        at(cluster.services[0], "spec").ports = [{ port: 8443 }];
      },
      "service-port-missing",
      /Service istio-system\/pillion/,
      /port 443/,
    ],
    [
      "no ready endpoint",
      () => {
        at(cluster.slices[0]).endpoints = [{ conditions: { ready: false } }];
      },
      "no-ready-endpoints",
      /Service istio-system\/pillion/,
      /kubectl -n istio-system get pods/,
    ],
    [
      "an injector that is to inject itself",
      () => {
        cluster.namespaces[1] = namespace("istio-system", { "istio.io/rev": "pillion" });
        at(cluster.deployments[0], "spec", "template", "metadata").labels = {
          "app.kubernetes.io/name": "pillion",
        };
      },
      "own-pods-injected",
      /Deployment istio-system\/pillion/,
      /sidecar\.istio\.io\/inject/,
    ],
    [
      "kube-system among the injected namespaces",
      () => {
        cluster.namespaces[2] = namespace("kube-system", { "istio.io/rev": "pillion" });
        for (const entry of entries()) delete entry.matchConditions;
      },
      "system-namespace-injected",
      /Namespace kube-system/,
      /kubectl label namespace kube-system/,
    ],
    [
      "a nodeSelector that fits no Node",
      () => {
        cluster.nodes = [];
      },
      "no-node-fits",
      /Deployment istio-system\/pillion/,
      /nodeSelector/,
    ],
    [
      "a single replica",
      () => {
        at(cluster.deployments[0], "spec").replicas = 1;
      },
      "single-replica",
      /Deployment istio-system\/pillion/,
      /replicas=2/,
    ],
    [
      "a replica that is not ready",
      () => {
        at(cluster.deployments[0], "status").readyReplicas = 1;
      },
      "replicas-missing",
      /Deployment istio-system\/pillion/,
      /kubectl -n istio-system describe deployment pillion/,
    ],
    [
      "a ConfigMap that is not there",
      () => {
        cluster.configMaps.shift();
      },
      "configuration-missing",
      /ConfigMap istio-system\/istio-sidecar-injector-pillion/,
      /validate-config/,
    ],
    [
      "a template with a fault",
      () => {
        at(cluster.configMaps[0], "data").config = JSON.stringify({ templates: { sidecar: "{{ if }}" } });
      },
      "configuration-invalid",
      /ConfigMap istio-system\/istio-sidecar-injector-pillion/,
      /validate-config/,
    ],
    [
      "a policy that is none",
      () => {
        const data = at(cluster.configMaps[0], "data");
        data.config = JSON.stringify({ ...(JSON.parse(String(data.config)) as object), policy: "on" });
        cluster.pods = [];
      },
      "policy-invalid",
      /ConfigMap istio-system\/istio-sidecar-injector-pillion/,
      /policy: enabled/,
    ],
    [
      "an empty caBundle",
      () => {
        for (const entry of entries()) at(entry, "clientConfig").caBundle = "";
      },
      "bundle-empty",
      /caBundle of istio-sidecar-injector-pillion/,
      /cert-manager/,
    ],
    [
      "a caBundle that is none",
      () => {
        for (const entry of entries()) at(entry, "clientConfig").caBundle = base64("hello");
      },
      "bundle-invalid",
      /caBundle of istio-sidecar-injector-pillion/,
      /Upgrade the chart/,
    ],
    [
      "another authority in the caBundle of one entry",
      async () => {
        const other = await certificates("pillion.istio-system.svc");
        const [, entry] = entries();
        at(entry, "clientConfig").caBundle = base64(other.authority.certificatePem);
      },
      "bundle-mismatch",
      /caBundle of istio-sidecar-injector-pillion: rev\.object\.sidecar-injector\.istio\.io/,
      /managedFields|managed-fields/,
    ],
    [
      "a Secret that was deleted",
      () => {
        cluster.secrets = [];
      },
      "certificate-missing",
      /Secret istio-system\/pillion-tls/,
      /Upgrade the chart/,
    ],
    [
      "a Secret with something else in it",
      () => {
        at(cluster.secrets[0], "data")["tls.crt"] = base64("hello");
      },
      "certificate-invalid",
      /Secret istio-system\/pillion-tls/,
      /issue it anew/,
    ],
    [
      "two injectors for one revision",
      () => {
        cluster.webhooks.push(
          webhook("theirs", {
            service: "istiod",
            labels: { "helm.sh/chart": "istiod-1.30" },
            caBundle: base64("x"),
          }),
        );
      },
      "two-injectors",
      /MutatingWebhookConfiguration theirs/,
      /kubectl delete mutatingwebhookconfiguration theirs/,
    ],
    [
      "a namespace with a revision that nobody has",
      () => {
        cluster.namespaces.push(namespace("lost", { "istio.io/rev": "old" }));
      },
      "revision-unknown",
      /Namespace lost/,
      /Choose one of pillion: `kubectl label --overwrite namespace lost/,
    ],
    [
      "a namespace with both labels",
      () => {
        cluster.namespaces.push(
          namespace("both", { "istio.io/rev": "pillion", "istio-injection": "disabled" }),
        );
      },
      "labels-conflict",
      /Namespace both/,
      /kubectl label namespace both istio-injection-/,
    ],
    [
      "a firewall",
      () => failed("context deadline exceeded"),
      "webhook-timeout",
      /namespace shop/,
      /TCP 15017/,
    ],
    [
      "a firewall that the dialler sees",
      () => failed("dial tcp 10.0.0.7:443: i/o timeout"),
      "webhook-timeout",
      /namespace shop/,
      /TCP 15017/,
    ],
    [
      "nobody at the port",
      () => failed("dial tcp 10.0.0.7:443: connect: connection refused"),
      "connection-refused",
      /namespace shop/,
      /targetPort/,
    ],
    [
      "no route",
      () => failed("dial tcp 10.0.0.7:443: connect: no route to host"),
      "no-route",
      /namespace shop/,
      /NetworkPolicy/,
    ],
    [
      "a name that cannot be resolved",
      () => failed("dial tcp: lookup injector.example.com on 10.0.0.10:53: no such host"),
      "name-unknown",
      /namespace shop/,
      /clientConfig\.url/,
    ],
    [
      "a certificate that the API server does not trust",
      () => failed("tls: failed to verify certificate: x509: certificate signed by unknown authority"),
      "certificate-untrusted",
      /namespace shop/,
      /must hold the authority that signed what pillion\.istio-system\.svc serves/,
    ],
    [
      "a certificate that has ended",
      () =>
        failed(
          "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time",
        ),
      "certificate-untrusted",
      /namespace shop/,
      /Renew/,
    ],
    [
      "a certificate for another name",
      () => failed("x509: certificate is valid for a.svc, not pillion.istio-system.svc"),
      "certificate-untrusted",
      /namespace shop/,
      /Issue a certificate for pillion\.istio-system\.svc/,
    ],
    [
      "a call that ends otherwise",
      () => failed("EOF"),
      "call-failed",
      /namespace shop/,
      /kubectl -n istio-system logs deployment\/pillion/,
    ],
    [
      "an injector that refuses the pod",
      () => {
        cluster.create = () => [
          400,
          {
            message:
              'admission webhook "rev.namespace.sidecar-injector.istio.io" denied the request: failed to run injection template',
          },
        ];
      },
      "injection-refused",
      /namespace shop/,
      /pillion explain/,
    ],
    [
      "another webhook that does not answer",
      () => refuse('failed calling webhook "policy.example.com": context deadline exceeded'),
      "pod-refused",
      /namespace shop/,
      /--namespace/,
    ],
    [
      "a pod that comes back bare",
      () => {
        cluster.create = (_namespace, pod) => [201, pod];
      },
      "not-injected",
      /namespace shop/,
      /injector's log/,
    ],
    [
      "a pod that another revision has injected",
      () => {
        cluster.create = (_namespace, pod) => [201, injected(pod, otherSnapshot("default"))];
      },
      "injected-by-other",
      /namespace shop/,
      /another revision/,
    ],
    [
      "another webhook behind ours",
      () => {
        const rules = [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*"] }];
        cluster.webhooks.push({
          metadata: { name: "z-agents" },
          webhooks: [{ name: "agents.example.com", rules }],
        } as JsonObject);
      },
      "later-webhook",
      /MutatingWebhookConfiguration z-agents/,
      /reinvocationPolicy=IfNeeded/,
    ],
    [
      "a pod without a sidecar",
      () => {
        cluster.pods.push(bare("shop", "web-abc-3", "2026-04-01T00:00:00Z"));
      },
      "sidecar-missing",
      /revision pillion/,
      /kubectl -n shop rollout restart deployment\/web/,
    ],
    [
      "a sidecar of another revision",
      () => {
        cluster.pods.push(injected(bare("shop", "web-abc-3", "2026-04-01T00:00:00Z"), otherSnapshot("old")));
      },
      "sidecar-of-other-revision",
      /revision pillion/,
      /kubectl -n shop rollout restart deployment\/web/,
    ],
    [
      "a sidecar with the image of an older configuration",
      () => {
        const data = at(cluster.configMaps[0], "data");
        const values = JSON.parse(String(data.values)) as JsonObject;
        cluster.configMaps[0] = configMap({ ...values, global: { ...at(values, "global"), tag: "9.9.9" } });
      },
      "sidecar-outdated",
      /revision pillion/,
      /kubectl -n shop rollout restart deployment\/web/,
    ],
  ];

  it.each(faults)("finds %s, and nothing else", async (_fault, plant, code, object, remedy) => {
    await plant();
    const report = await run();
    const [first, ...more] = wrong(report).filter(({ status }) => status !== "skipped");
    expect([first?.code, ...more.map((one) => one.code).filter((one) => one !== code)]).toEqual([code]);
    expect(first?.object).toMatch(object);
    expect(first?.remedy).toMatch(remedy);
  });

  it.each([
    ["certificate-expired", 400],
    ["authority-expired", 400],
    ["certificate-expiring", 350],
    ["authority-expiring", 350],
    ["certificate-not-yet-valid", -1],
  ])("finds %s by the clock", async (code, days) => {
    expect(codes(await run({ now: Date.now() + days * day }))).toContain(code);
  });

  it("takes a week's certificate for healthy as long as it may still be renewed in time", async () => {
    const { authority, leaf } = await certificates("pillion.istio-system.svc", { days: 7 });
    cluster.secrets = [secret(leaf)];
    for (const index of [0, 1])
      for (const entry of entries(index))
        at(entry, "clientConfig").caBundle = base64(authority.certificatePem);
    expect(codes(await run({ now: Date.now() + 4.9 * day }))).toEqual([]);
    expect(codes(await run({ now: Date.now() + 5.5 * day }))).toEqual([
      "authority-expiring",
      "authority-expiring",
      "certificate-expiring",
    ]);
  });

  it("finds a certificate for another name", async () => {
    const { authority, leaf } = await certificates("other.istio-system.svc");
    cluster.secrets = [secret(leaf)];
    for (const index of [0, 1])
      for (const entry of entries(index))
        at(entry, "clientConfig").caBundle = base64(authority.certificatePem);
    expect(codes(await run())).toEqual(["certificate-name"]);
  });

  it("knows a certificate that the injector makes by itself, and does not send to the chart for it", async () => {
    const container = at(cluster.deployments[0], "spec", "template", "spec", "containers", 0);
    const args = container.args as string[];
    container.args = [...args.filter((arg) => !arg.startsWith("--tls")), "--ca-secret=pillion-ca"];
    at(cluster.secrets[0], "metadata").name = "pillion-ca";
    expect(codes(await run())).toEqual([]);
    for (const entry of entries()) at(entry, "clientConfig").caBundle = "";
    cluster.secrets = [];
    const lines = wrong(await run());
    expect(lines.map(({ code }) => code)).toEqual(["bundle-empty", "certificate-missing"]);
    for (const { remedy } of lines) expect(remedy).toMatch(/^The injector .* by itself.*: see in its log/);
  });

  it("accepts a bundle with the old and the new authority", async () => {
    const other = await certificates("pillion.istio-system.svc");
    for (const index of [0, 1])
      for (const entry of entries(index)) {
        const bundle = at(entry, "clientConfig");
        const own = Buffer.from(String(bundle.caBundle), "base64").toString("utf8");
        bundle.caBundle = base64(other.authority.certificatePem + own);
      }
    expect(codes(await run())).toEqual([]);
  });

  it("does not take another registry for another image: webhooks rewrite it", async () => {
    const pod = cluster.pods[0];
    const containers = [
      ...(at(pod, "spec").containers as JsonObject[]),
      ...((at(pod, "spec").initContainers ?? []) as JsonObject[]),
    ];
    for (const one of containers)
      one.image = `mirror.example.com:5000/a/${String(one.image).replace(/^.*\//, "")}`;
    expect(codes(await run())).toEqual([]);
  });

  describe.each(["istio-sidecar-injector", "a-sidecar-injector"])(
    "beside %s, which owns the default",
    (name) => {
      let states: (readonly JsonObject[])[];

      beforeEach(() => {
        const istiods = webhook(name, {
          service: "istiod",
          revision: "default",
          labels: { "helm.sh/chart": "istiod-1.30" },
          caBundle: base64("x"),
        });
        states = [[...cluster.webhooks, istiods]];
        const goal = { tag: "default", revision: "pillion", overwrite: true, systemTrust: false };
        for (const { object } of foresee(setTagChange(goal), readWebhookConfigurations(states[0] ?? []))) {
          const before = states.at(-1) ?? [];
          states.push([...before.filter((one) => nameOf(one) !== nameOf(object)), object]);
        }
      });

      const rivals = async (state: readonly JsonObject[] = []) => {
        cluster.webhooks = [...state];
        return (await run()).findings.filter(({ check }) => check === "rivals");
      };

      it("says that a handover has not ended, and takes none of its steps for two injectors", async () => {
        expect(states.length).toBeGreaterThan(2);
        for (const [index, state] of states.entries()) {
          const lines = await rivals(state);
          const isMiddle = index > 0 && index < states.length - 1;
          expect(lines.map(({ code }) => code)).toEqual([isMiddle ? "handover-unfinished" : "ok"]);
          if (isMiddle) {
            expect(lines[0]?.message).toContain(`${name} (revision default, calls istiod.istio-system) is `);
            expect(lines[0]?.remedy).toMatch(/`pillion tag remove default --restore`/);
          }
        }
      });

      it("finds the old owner that was switched on again after a handover, and names the way back", async () => {
        const [before = []] = states;
        const switchedOn = before.filter((one) => nameOf(one) === name);
        const ended = (states.at(-1) ?? []).filter((one) => nameOf(one) !== name);
        const lines = await rivals([...ended, ...switchedOn]);
        expect(lines.map(({ code, object }) => [code, object])).toEqual([
          ["two-injectors", `MutatingWebhookConfiguration ${name}`],
        ]);
        expect(lines[0]?.remedy).toMatch(/`pillion tag set default --revision pillion --overwrite`/);
      });
    },
  );

  it("leaves namespaces alone that are being deleted", async () => {
    const going = namespace("a-going", { "istio.io/rev": "pillion" });
    at(going, "metadata").deletionTimestamp = "2026-04-01T00:00:00Z";
    cluster.namespaces.push(going);
    cluster.pods.push(bare("a-going", "x", "2026-03-01T00:00:00Z"));
    const report = await run();
    expect(codes(report)).toEqual([]);
    expect(report.findings.find(({ check }) => check === "call")?.object).toMatch(/namespace shop/);
  });

  it("says which fields of a sidecar are old", async () => {
    const data = at(cluster.configMaps[0], "data");
    const values = JSON.parse(String(data.values)) as JsonObject;
    cluster.configMaps[0] = configMap({ ...values, global: { ...at(values, "global"), tag: "9.9.9" } });
    const [line] = wrong(await run());
    expect(line?.items).toEqual([
      expect.stringMatching(
        /^shop deployment\/web \(2\): .*istio-proxy runs proxyv2:\S+, now it is proxyv2:9\.9\.9/,
      ),
    ]);
  });

  it("looks at no pod that was made after the last change of the configuration", async () => {
    cluster.pods = [injected(bare("shop", "web-abc-2", "2026-04-01T00:00:00Z"))];
    await run();
    expect(server.seen.filter(({ path }) => /pods\/web/.test(path))).toEqual([]);
  });

  it("leaves pods alone that forbid injection, and the kubelet's own", async () => {
    const mirror = bare("shop", "etcd", "2026-04-01T00:00:00Z");
    at(mirror, "metadata").annotations = { "kubernetes.io/config.mirror": "1" };
    cluster.pods.push(
      bare("shop", "no", "2026-04-01T00:00:00Z", { "sidecar.istio.io/inject": "false" }),
      mirror,
    );
    expect(codes(await run())).toEqual([]);
  });

  it("tries a pod that names the revision where no namespace is injected", async () => {
    cluster.namespaces[3] = namespace("shop");
    cluster.pods = [];
    const asked: JsonObject[] = [];
    cluster.create = (where, pod) => {
      asked.push({ where, labels: at(pod, "metadata", "labels") });
      return [201, injected(pod)];
    };
    const report = await run();
    expect(codes(report)).toEqual([]);
    expect(asked).toEqual([
      { where: "default", labels: { "sidecar.istio.io/inject": "true", "istio.io/rev": "pillion" } },
    ]);
    const line = report.findings.find(({ check }) => check === "namespaces");
    expect(line?.message).toMatch(/kubectl label namespace NAMESPACE istio\.io\/rev=pillion/);
  });

  it("tries the next namespace where the user may not create pods in the first", async () => {
    cluster.namespaces.push(namespace("a-first", { "istio.io/rev": "pillion" }));
    cluster.create = (where, pod) =>
      where === "shop"
        ? [201, injected(pod)]
        : [403, { message: `pods is forbidden: User "jane" cannot create resource "pods" in API group ""` }];
    const report = await run();
    expect(codes(report)).toEqual([]);
    expect(report.findings.find(({ check }) => check === "call")?.object).toMatch(/namespace shop/);
  });

  it("asks for the right in the first namespace where the user may create pods in none", async () => {
    cluster.namespaces.push(namespace("z-last", { "istio.io/rev": "pillion" }));
    cluster.create = () => [403, { message: 'pods is forbidden: User "jane" cannot create resource "pods"' }];
    const [line] = wrong(await run());
    expect(line).toMatchObject({ check: "call", code: "forbidden" });
    expect(line?.remedy).toBe("Ask for the right to create pods in namespace shop.");
  });

  const rights: readonly (readonly [right: RegExp, path: string, lines: readonly string[]])[] = [
    [
      /get Service istio-system\/pillion/,
      "/api/v1/namespaces/istio-system/services/pillion",
      ["service", "cold-start", "certificate"],
    ],
    [
      /list EndpointSlices in namespace istio-system/,
      "/apis/discovery.k8s.io/v1/namespaces/istio-system/endpointslices",
      ["service"],
    ],
    [
      /list Deployments in namespace istio-system/,
      "/apis/apps/v1/namespaces/istio-system/deployments",
      ["cold-start", "certificate"],
    ],
    [/list Nodes/, "/api/v1/nodes", ["cold-start"]],
    [
      /get Secret istio-system\/pillion-tls/,
      "/api/v1/namespaces/istio-system/secrets/pillion-tls",
      ["certificate"],
    ],
    [
      /get ConfigMap istio-system\/istio-sidecar-injector-pillion/,
      "/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector-pillion",
      ["configuration", "sidecars"],
    ],
    [
      /list namespaces/,
      "/api/v1/namespaces",
      ["cold-start", "namespaces", "call", "order", "pods", "sidecars"],
    ],
    [/list pods in all namespaces/, "/api/v1/pods", ["pods", "sidecars"]],
    [/get pods in namespace shop/, "/api/v1/namespaces/shop/pods/web-abc-1", ["sidecars"]],
  ];

  it.each(rights)("costs only the lines that need it to lack the right to %s", async (right, path, lines) => {
    server.refusals.set(path, 403);
    const odd = wrong(await run());
    expect(odd.map(({ check, status }) => [check, status])).toEqual(lines.map((line) => [line, "skipped"]));
    expect(odd.find(({ code }) => code === "forbidden")?.remedy).toMatch(right);
  });

  it("cannot go on without the webhook configurations, and says so", async () => {
    server.refusals.set("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", 403);
    await expect(run()).rejects.toMatchObject({ name: "ClusterError", status: 403 });
  });

  it("looks at one namespace alone where that is asked for", async () => {
    cluster.pods.push(bare("shop", "web-abc-3", "2026-04-01T00:00:00Z"));
    cluster.namespaces.push(namespace("other", { "istio.io/rev": "pillion" }));
    cluster.pods.push(bare("other", "x", "2026-04-01T00:00:00Z"));
    const report = await run({ namespace: "shop" });
    expect(wrong(report).map(({ code, items }) => [code, items])).toEqual([
      ["not-known", undefined],
      ["sidecar-missing", ["shop deployment/web (1)"]],
    ]);
    const lists = server.seen.filter(({ path }) => /^\/api\/v1\/(pods|namespaces)$/.test(path));
    expect(lists).toEqual([]);
  });

  it("checks every revision of Pillion's chart, or the one that is asked for", async () => {
    const canary = webhook("istio-sidecar-injector-canary", { revision: "canary", service: "gone" });
    const theirs = webhook("istio-sidecar-injector", {
      revision: "default",
      service: "istiod",
      labels: { "helm.sh/chart": "istiod-1.30.3" },
    });
    cluster.webhooks.push(canary, theirs);
    const both = await run();
    expect(both.revisions).toEqual(["pillion", "canary"]);
    expect(both.findings.filter(({ code }) => code === "service-missing")).toMatchObject([
      { revision: "canary", object: "Service istio-system/gone" },
    ]);
    expect((await run({ revision: "pillion" })).findings.map(({ revision }) => revision)).not.toContain(
      "canary",
    );
    expect((await run({ revision: "default" })).revisions).toEqual(["default"]);
    expect(codes(await run({ revision: "nobody" }))).toEqual(["webhook-missing"]);
  });

  it("asks 5,000 pods by their metadata in ten pages, and reads whole only one of each workload that may be old", async () => {
    const old = "2026-02-01T00:00:00Z";
    const sample = injected(bare("shop", "sample", old));
    cluster.pods = Array.from({ length: 5000 }, (_, index) => ({
      ...sample,
      metadata: {
        ...at(sample, "metadata"),
        name: `pod-${index}`,
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web${index % 20}-abc`, controller: true },
        ],
      },
    }));
    const small = (await run()).requests;
    const pages = server.requests("/api/v1/pods", "list");
    expect(pages).toHaveLength(10);
    for (const { accept, query } of pages) {
      expect(accept).toMatch(/as=PartialObjectMetadataList/);
      expect(query.get("fieldSelector")).toMatch(/spec\.hostNetwork=false/);
    }
    const samples = server.seen.filter(({ path }) => /\/namespaces\/shop\/pods\//.test(path));
    expect(samples).toHaveLength(20);
    expect(server.seen).toHaveLength(small);
    expect(small).toBe(10 + 20 + 11);
  });

  it("reads no more than fifty pods whole, the oldest first, and says what it left", async () => {
    const sample = injected(bare("shop", "sample", "2026-02-01T00:00:00Z"));
    cluster.pods = Array.from({ length: 80 }, (_, index) => ({
      ...sample,
      metadata: {
        ...at(sample, "metadata"),
        name: `pod-${index}`,
        creationTimestamp: new Date(Date.parse("2026-02-01T00:00:00Z") - index * 1000).toISOString(),
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web${index}-abc`, controller: true },
        ],
      },
    }));
    const [line] = wrong(await run());
    expect(line).toMatchObject({ check: "sidecars", status: "skipped" });
    expect(line?.message).toMatch(/^30 workloads .* 50 were/);
    const samples = server.seen.filter(({ path }) => /\/namespaces\/shop\/pods\//.test(path));
    expect(samples[0]?.path).toMatch(/pod-79$/);
  });
});
