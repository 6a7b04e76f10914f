import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { yamlToJson } from "../../src/goyaml/index.js";
import { run } from "./recording-io.js";

const app = `# shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web # main
        image: web:1
`;

describe("pillion", () => {
  it("has help with examples for every command", async () => {
    const help = await run(["--help"]);
    const names = [...help.stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "help");
    expect(names).toEqual(
      expect.arrayContaining([
        "inject",
        "uninject",
        "diff",
        "explain",
        "validate-config",
        "krm",
        "templates",
        "version",
      ]),
    );
    for (const name of [
      "inject",
      "uninject",
      "diff",
      "explain",
      "validate-config",
      "krm",
      "templates",
      "version",
    ]) {
      const { stdout, exitCode } = await run([name, "--help"]);
      expect(stdout).toContain(`Usage: pillion ${name}`);
      expect(stdout).toContain("\nExamples:\n");
      expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
      expect(exitCode).toBe(0);
    }
  });

  it("ends with 2 for a subcommand's wrong usage, deep ones too", async () => {
    for (const args of [
      ["templates", "--nope"],
      ["explain", "-o", "xml"],
      ["certs", "nope"],
      ["interception", "nope"],
      [],
    ]) {
      expect((await run(args)).exitCode).toBe(2);
    }
  });
});

describe("pillion version", () => {
  it("names its own version and the Istio release of the images", async () => {
    const { stdout } = await run(["version"]);
    expect(stdout).toMatch(/^pillion \d+\.\d+\.\d+/);
    expect(stdout).toContain(embeddedDefaults.istioVersion);
    expect(JSON.parse((await run(["version", "-o", "json"])).stdout)).toMatchObject({
      istio: embeddedDefaults.istioVersion,
    });
  });
});

describe("pillion templates", () => {
  it("lists the built-in templates, and those that flags add", async () => {
    expect((await run(["templates"])).stdout).toBe("gateway\ngrpc-agent\ngrpc-simple\nsidecar\n");
    const files = { mine: "metadata: {}", config: "templates: {a: x, b: z}" };
    expect((await run(["templates", "--template", "mine=mine"], { files })).stdout).toContain(
      "grpc-simple\nmine\nsidecar\n",
    );
    expect((await run(["templates", "--inject-config-file", "config"], { files })).stdout).toBe("a\nb\n");
    expect(
      (await run(["templates", "--inject-config-file", "config", "--show", "a"], { files })).stdout,
    ).toBe("x\n");
  });

  it("prints a template that injects the same when it is given back", async () => {
    const { stdout: sidecar } = await run(["templates", "--show", "sidecar"]);
    const files = { "a.yaml": app, sidecar };
    const plain = await run(["inject", "-f", "a.yaml"], { files });
    const again = await run(["inject", "-f", "a.yaml", "--template", "sidecar=sidecar"], { files });
    expect(again.stdout).toBe(plain.stdout);
  });

  it("names the nearest of the known ones", async () => {
    const { stderr, exitCode } = await run(["templates", "--show", "sidcar"]);
    expect(stderr).toBe(
      'error: There is no template "sidcar"; there are gateway, grpc-agent, grpc-simple, sidecar; did you mean "sidecar"?\n',
    );
    expect(exitCode).toBe(1);
  });
});

describe("pillion uninject", () => {
  it("gives back the manifest that was injected", async () => {
    const injected = await run(["inject", "-f", "-"], { stdin: app });
    const back = await run(["uninject", "-f", "a.yaml", "--in-place"], {
      files: { "a.yaml": injected.stdout },
    });
    expect(back.files.get("a.yaml")).toBe(app);
    const untouched = await run(["uninject", "-f", "-"], { stdin: app });
    expect(untouched.stdout).toBe(app);
  });

  it("warns of what it keeps", async () => {
    const injected = await run(["inject", "-f", "-", "--set", "global.network=n1"], { stdin: app });
    const back = await run(["uninject", "-f", "-"], { stdin: injected.stdout });
    expect(back.stderr).toBe(
      'warning: Deployment "shop/web": topology.istio.io/network: kept, because this configuration does not add it\n',
    );
    const known = await run(["uninject", "-f", "-", "--set", "global.network=n1"], {
      stdin: injected.stdout,
    });
    expect({ text: known.stdout, stderr: known.stderr }).toEqual({ text: app, stderr: "" });
  });
});

describe("pillion diff", () => {
  it("shows what inject would change, and changes nothing", async () => {
    const files = { "a.yaml": `kind: Service\n---\n${app}` };
    const { stdout, exitCode, written } = await run(["diff", "-f", "a.yaml"], { files });
    expect(stdout.startsWith("--- a.yaml\n+++ a.yaml (injected)\n@@ -")).toBe(true);
    expect({ exitCode, written }).toEqual({ exitCode: 0, written: [] });
    const injected = (await run(["inject", "-f", "a.yaml"], { files })).stdout;
    expect(applied(files["a.yaml"], stdout)).toBe(injected);
  });

  it("ends with 1 on a difference when asked to, and says nothing when there is none", async () => {
    expect((await run(["diff", "-f", "-", "--exit-code"], { stdin: app })).exitCode).toBe(1);
    const injected = (await run(["inject", "-f", "-"], { stdin: app })).stdout;
    expect(await run(["diff", "-f", "-", "--exit-code"], { stdin: injected })).toMatchObject({
      stdout: "",
      exitCode: 0,
    });
  });

  it("has colours at a terminal only, unless NO_COLOR is set", async () => {
    expect((await run(["diff", "-f", "-"], { stdin: app, terminal: true })).stdout).toContain("\u001b[32m+");
    expect(
      (await run(["diff", "-f", "-"], { stdin: app, terminal: true, env: { NO_COLOR: "1" } })).stdout,
    ).not.toContain("\u001b[");
    expect((await run(["diff", "-f", "-", "--color", "always"], { stdin: app })).stdout).toContain(
      "\u001b[32m+",
    );
  });
});

/** Applies a unified diff, as patch would. */
function applied(text: string, diff: string): string {
  const lines = text.split("\n");
  let shift = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [place = "", ...body] = hunk.replace(/\n$/, "").split("\n");
    const [, start, count, , added] = /@@ -(\d+),(\d+) \+(\d+),(\d+) @@/.exec(place)?.map(Number) ?? [];
    const old = body.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
    const fresh = body.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
    expect([old.length, fresh.length]).toEqual([count, added]);
    const at = (start ?? 1) - 1 + shift;
    expect(lines.slice(at, at + old.length)).toEqual(old);
    lines.splice(at, old.length, ...fresh);
    shift += fresh.length - old.length;
  }
  return lines.join("\n");
}

const webhook = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "istio-sidecar-injector", labels: { "istio.io/rev": "default" } },
  webhooks: [
    {
      name: "namespace.sidecar-injector.istio.io",
      rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
      namespaceSelector: {
        matchExpressions: [{ key: "istio-injection", operator: "In", values: ["enabled"] }],
      },
      objectSelector: {
        matchExpressions: [{ key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] }],
      },
    },
  ],
};
const namespace =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: "enabled"}}\n';

describe("pillion explain", () => {
  const files = { "a.yaml": app, "w.json": JSON.stringify(webhook), "n.yaml": namespace };

  it("says whether the API server calls, whether the injector injects, and where everything comes from", async () => {
    const args = ["explain", "-f", "a.yaml", "--webhook-config", "w.json", "--objects", "n.yaml"];
    const { stdout, exitCode } = await run(args, { files });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Deployment "shop/web" (a.yaml:2)\n');
    expect(stdout).toContain("Would the API server call the injector? Yes.\n");
    expect(stdout.replace(/\s+/g, " ")).toContain("calls: Namespace label istio-injection=enabled matches");
    expect(stdout).toContain("Would the injector inject? Yes:");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "containers[istio-proxy].image: template sidecar; values global.hub, global.tag",
    );
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(
      (await run(["explain", "-f", "a.yaml", "--webhook-config", "w.json"], { files })).stdout,
    ).toContain("Would the API server call the injector? No.\n");
  });

  it("gives the same as data", async () => {
    const json = await run(["explain", "-f", "a.yaml", "-o", "json"], { files });
    const [told] = JSON.parse(json.stdout);
    expect(told).toMatchObject({
      object: 'Deployment "shop/web" (a.yaml:2)',
      decision: { inject: true, reason: "policy-enabled" },
      templates: ["sidecar"],
    });
    expect(yamlToJson((await run(["explain", "-f", "a.yaml", "-o", "yaml"], { files })).stdout)).toEqual(
      JSON.parse(json.stdout),
    );
  });

  it("explains an AdmissionReview", async () => {
    const pod = {
      metadata: { generateName: "web-", labels: { "sidecar.istio.io/inject": "false" } },
      spec: { containers: [{ name: "a" }] },
    };
    const review = {
      kind: "AdmissionReview",
      apiVersion: "admission.k8s.io/v1",
      request: { uid: "1", namespace: "shop", object: pod },
    };
    const { stdout } = await run(["explain", "--review", "r.json"], {
      files: { "r.json": JSON.stringify(review) },
    });
    expect(stdout).toContain('Pod "shop/web-" (r.json)\n');
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Would the injector inject? No: the pod's label sidecar.istio.io/inject forbids injection.",
    );
    expect(stdout).toContain("overruled: policy enabled\n");
    expect(await run(["explain", "--review", "r.json"], { files: { "r.json": "{}" } })).toMatchObject({
      exitCode: 1,
    });
  });

  it("explains a failure", async () => {
    const bad = app.replace("labels: {app: web}", "annotations: {sidecar.istio.io/interceptionMode: X}");
    const { stdout } = await run(["explain", "-f", "-"], { stdin: bad });
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "Injection fails: 1 error occurred: * invalid value 'X' for annotation 'sidecar.istio.io/interceptionMode'",
    );
  });
});

describe("pillion validate-config", () => {
  it("finds nothing wrong with the built-in configuration", async () => {
    const { stdout, exitCode } = await run(["validate-config"]);
    expect(stdout).toMatch(
      /^ok: 4 templates \(gateway, grpc-agent, grpc-simple, sidecar\), \d+ renderings\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it("names file, line, column and key of a template that does not render, and the samples", async () => {
    const config =
      "policy: enabled\ntemplates:\n  sidecar: |\n    spec:\n      containers:\n      - name: {{ .Foo }}\n";
    const { stdout, exitCode } = await run(["validate-config", "--inject-config-file", "c.yaml"], {
      files: { "c.yaml": config },
    });
    expect(stdout).toMatch(/^error: c\.yaml:6:18: templates\.sidecar: .*at <\.Foo>/);
    expect(stdout).toContain("  with the sample plain, ports, probes, prometheus and ");
    expect(exitCode).toBe(1);
    const json = await run(["validate-config", "--inject-config-file", "c.yaml", "-o", "json"], {
      files: { "c.yaml": config },
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      findings: [{ source: "c.yaml", line: 6, column: 18, key: "templates.sidecar", template: "sidecar" }],
    });
  });

  it("names every template that does not parse, and broken YAML", async () => {
    const config = 'policy: enabled\ntemplates:\n  a: "{{ if }}"\n  b: |\n    x\n    {{ end }}\n';
    const { stdout } = await run(["validate-config", "--inject-config-file", "c"], { files: { c: config } });
    expect(stdout).toContain("templates.a");
    expect(stdout).toContain("c:6:");
    const values = await run(["validate-config", "--values-file", "v"], { files: { v: "a: b\n c: d\n" } });
    expect(values).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^error: v:2:/) });
  });

  it("finds a template that fails for one kind of pod only", async () => {
    const files = { t: '{{ if .Spec.InitContainers }}{{ index .Values "none" "x" }}{{ end }}' };
    const { stdout } = await run(["validate-config", "--template", "mine=t"], { files });
    expect(stdout).toContain("with the sample init containers");
  });
});

describe("pillion krm", () => {
  const list = `apiVersion: config.kubernetes.io/v1
kind: ResourceList # of kustomize
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  data: {namespace: shop, nativeSidecars: "true", set: "global.proxy.logLevel=debug"}
items:
${app.replace(/^/gm, "  ").replace("  # shop\n  apiVersion", "- apiVersion").replace(/ +$/, "").replace("namespace: shop\n", "annotations: {config.kubernetes.io/path: a.yaml}\n")}`;

  it("injects the items of a ResourceList and keeps the rest", async () => {
    const { stdout, stderr, exitCode } = await run(["krm"], { stdin: list });
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toContain("kind: ResourceList # of kustomize\n");
    expect(stdout).toContain("restartPolicy: Always\n");
    expect(stdout).toContain("--proxyLogLevel=debug\n");
    expect(stdout).toContain("namespaces/shop/deployments/web\n");
    expect(stdout).toContain("annotations: {config.kubernetes.io/path: a.yaml}\n");
  });

  it("puts what there is to say into the results, and fails with them", async () => {
    const bad = list.replace("labels: {app: web}", "annotations: {sidecar.istio.io/interceptionMode: X}");
    const { stdout, exitCode } = await run(["krm"], { stdin: bad });
    expect(exitCode).toBe(1);
    expect(yamlToJson(stdout)).toMatchObject({
      kind: "ResourceList",
      results: [
        { severity: "error", message: expect.stringContaining('Deployment "web": 1 error occurred') },
      ],
    });
    const skipped = await run(["krm"], {
      stdin: list.replace(
        "    spec:\n        containers",
        "    spec:\n        hostNetwork: true\n        containers",
      ),
    });
    expect(skipped.exitCode).toBe(0);
  });

  it("refuses what is no ResourceList", async () => {
    expect(await run(["krm"], { stdin: app })).toMatchObject({
      exitCode: 1,
      stderr: "error: standard input: A KRM function reads one document of kind ResourceList\n",
    });
  });
});
