import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, type Snapshot } from "../../src/injection/index.js";
import { injectManifest, injectManifestStrictly, uninjectManifest } from "../../src/manifests/index.js";
import { readDocuments } from "../support/compare.js";

function snapshotOf(nativeSidecars: "true" | "false"): Snapshot {
  return compileConfig({
    injectConfig: embeddedDefaults.injectConfig,
    templates: embeddedDefaults.templates,
    values: embeddedDefaults.values,
    mesh: embeddedDefaults.mesh,
    nativeSidecars,
  });
}

const snapshots = [snapshotOf("false"), snapshotOf("true")];
const snapshot = snapshots[0] ?? snapshotOf("false");

/** One of several ways to write a part of a manifest; the next choice comes from the numbers. */
type Choose = (...ways: readonly string[]) => string;

function chooser(numbers: readonly number[]): Choose {
  let at = 0;
  return (...ways) => ways[(numbers[at++ % numbers.length] ?? 0) % ways.length] ?? "";
}

/** Probes as injection's own table gives them back: with numbers for ports. */
function probes(choose: Choose, pad: string): string {
  return choose(
    "",
    `${pad}readinessProbe:   # ready?\n${pad}  httpGet:\n${pad}    path: '/r'\n${pad}    port: 8080\n${pad}  periodSeconds: 5\n`,
    `${pad}livenessProbe: {httpGet: {path: /l, port: 8080}, timeoutSeconds: 2}\n`,
    `${pad}readinessProbe:\n${pad}  httpGet: { path: "/x", port: 81 } # flow\n${pad}livenessProbe:\n${pad}  exec: {command: [a]}\n`,
    `${pad}startupProbe:\n${pad}  # plain TCP\n${pad}  tcpSocket: {port: 5432}\n`,
    `${pad}livenessProbe:\n${pad}  grpc:\n${pad}    port: 9000\n`,
  );
}

function metadata(choose: Choose, pad: string): string {
  const labels = choose(
    "",
    `${pad}  labels:\n${pad}    app: "web"   # who\n`,
    `${pad}  labels: {app: web, version: 'v1'}\n`,
    `${pad}  labels:\n\n${pad}      # odd\n${pad}      "app": web\n`,
  );
  const annotations = choose(
    "",
    `${pad}  annotations:\n${pad}    prometheus.io/port: '9090'\n${pad}    example.com/a: |\n${pad}      two\n${pad}      lines\n`,
    `${pad}  annotations: {"example.com/b": "c", prometheus.io/scrape: "true"}\n`,
    `${pad}  annotations: # notes\n${pad}    # first\n${pad}    a.b/c: >-\n${pad}      folded\n${pad}      text\n`,
  );
  return labels + annotations === ""
    ? ""
    : `${pad}metadata:\n${choose(labels + annotations, annotations + labels)}`;
}

function workload(choose: Choose): string {
  const list = choose("      ", "        ");
  const inner = `${list}  `;
  const container = (name: string): string =>
    choose(
      `${list}- name: ${name}\n${inner}image: "i:1" # pinned\n`,
      `${list}-   # odd\n${inner}image: i:1\n\n${inner}name: ${name}\n`,
    ) +
    choose(
      "",
      `${inner}args: [a, "b", 'c']\n`,
      `${inner}args:\n${inner}- -x\n${inner}# why\n${inner}- "y: z"\n`,
    ) +
    choose(
      "",
      `${inner}ports:\n${inner}- containerPort: 8080\n`,
      `${inner}ports: [{containerPort: 1}, { containerPort: 2 }]\n`,
    ) +
    probes(choose, inner);
  const init = choose("", "", `      initContainers:\n${container("setup")}`);
  const volumes = choose(
    "",
    "      volumes:\n      - name: data\n        emptyDir: {}\n",
    "      volumes: [{name: data, emptyDir: {}}]\n",
  );
  const spec = choose(
    `      containers:\n${container("web")}${volumes}${init}`,
    `${volumes}${init}      # what runs\n      containers:   # here\n${container("web")}${container("log")}`,
  );
  const head = choose(
    "apiVersion: apps/v1\nkind: Deployment\n",
    "# note\napiVersion: apps/v1 # v\nkind: 'StatefulSet'\n",
    "kind: DaemonSet\napiVersion: apps/v1\n",
  );
  const template = metadata(choose, "    ");
  const body = choose(`${template}    spec:\n${spec}`, `    spec:\n${spec}${template}`);
  return `${head}metadata: {name: web}\nspec:\n  template:${choose("", " # the pod")}\n${body}${choose("", "  replicas: 3\n", "# end\n", "\n\n")}`;
}

const others = [
  "apiVersion: v1\nkind: Service\nmetadata: {name:   web}   # spaced\n",
  "# only a comment\n",
  "kind: ConfigMap\napiVersion: v1\ndata:\n  a: &x 1\n  b: *x\n  yes: no\n",
  "[1, 2,\n   3]\n",
  "",
];

const manifest = fc.array(fc.nat(1000), { minLength: 40, maxLength: 80 }).map((numbers) => {
  const choose = chooser(numbers);
  const parts = Array.from({ length: 1 + ((numbers[0] ?? 0) % 3) }, () => choose("w", "w", "o")).map(
    (kind) => (kind === "w" ? workload(choose) : choose(...others)),
  );
  const text =
    choose("", "---\n", "%YAML 1.1\n---\n") +
    parts
      .map((part) => (part === "" || part.endsWith("\n") ? part : `${part}\n`))
      .join(choose("---\n", "--- # next\n"));
  return choose("lf", "lf", "crlf") === "crlf" ? text.replaceAll("\n", "\r\n") : text;
});

describe("injecting a manifest", () => {
  it("and taking it back leaves every byte, for random manifests", () => {
    fc.assert(
      fc.property(manifest, fc.constantFrom(...snapshots), (text, config) => {
        const injected = injectManifest({ text, source: "m" }, { snapshot: config });
        expect(injected.errors).toEqual([]);
        const back = uninjectManifest({ text: injected.text, source: "m" }, { snapshot: config });
        expect(back.errors).toEqual([]);
        expect(back.text).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it("twice is the same as once, for random manifests", () => {
    fc.assert(
      fc.property(manifest, fc.constantFrom(...snapshots), (text, config) => {
        const once = injectManifest({ text, source: "m" }, { snapshot: config }).text;
        expect(injectManifest({ text: once, source: "m" }, { snapshot: config }).text).toBe(once);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps every line of the author that injection has no reason to change, in order", () => {
    fc.assert(
      fc.property(manifest, (text) => {
        const { text: injected } = injectManifest({ text, source: "m" }, { snapshot });
        const after = injected.split("\n");
        let at = 0;
        const lost = text.split("\n").filter((line) => {
          const found = after.indexOf(line, at);
          if (found >= 0) at = found + 1;
          return found < 0;
        });
        const reasons =
          /prometheus\.io|httpGet|tcpSocket|grpc:|path:|port:|labels: \{|annotations: \{|volumes: \[/;
        expect(lost.filter((line) => !reasons.test(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("leaves documents without a pod byte for byte, whatever they hold", () => {
    const text = others.join("---\n");
    expect(injectManifest({ text, source: "m" }, { snapshot })).toMatchObject({
      text,
      errors: [],
      outcomes: [],
    });
  });

  it("finds pods in Lists, Lists in Lists too", () => {
    const pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: a}]}}";
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${pod}\n- apiVersion: v1\n  kind: List\n  items:\n  - ${pod}\n`;
    const { outcomes, text: injected } = injectManifest({ text, source: "m" }, { snapshot });
    expect(outcomes.map(({ line, object }) => `${line} ${object}`)).toEqual(['4 Pod "p"', '8 Pod "p"']);
    expect(injected.split("\n")[0]).toBe("apiVersion: v1");
    expect(JSON.stringify(readDocuments(injected)).match(/istio-proxy/g)?.length).toBeGreaterThan(2);
  });

  it("keeps two workloads apart that share one template by an anchor", () => {
    const text = `apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: a}
  spec:
    template: &pod
      spec:
        containers: # shared
        - {name: x, image: x}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: b}
  spec:
    template: *pod
`;
    const { text: injected, errors } = injectManifest({ text, source: "m" }, { snapshot });
    expect(errors).toEqual([]);
    expect(injected).toContain("containers: # shared\n");
    expect(injected).toContain("deployments/a\n");
    expect(injected).toContain("deployments/b\n");
    expect(injected).not.toContain("template: *pod");
  });

  it("gives JSON for JSON", () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "a", image: "a" }] },
    };
    for (const text of [
      JSON.stringify(pod),
      `${JSON.stringify(pod, null, 2)}\n`,
      `${JSON.stringify(pod)}\n${JSON.stringify(pod)}\n`,
    ]) {
      const injected = injectManifest({ text, source: "m" }, { snapshot });
      expect(injected.errors).toEqual([]);
      expect(injected.text.split("\n").length > 2).toBe(
        text.split("\n").length > 3 || text.split("}\n{").length > 1,
      );
      const values = text.includes("}\n{") ? injected.text.trim().split("\n") : [injected.text];
      for (const value of values) expect(JSON.stringify(JSON.parse(value))).toContain("istio-proxy");
      expect(uninjectManifest({ text: injected.text, source: "m" }, { snapshot }).text).toBe(text);
    }
  });

  it("keeps integers beyond 2^53 and keys such as __proto__ that it does not touch", () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: {__proto__: "x", constructor: "y"}\n  big: 9007199254740993\nspec:\n  containers: [{name: a, image: a}]\n';
    const { text: injected, errors } = injectManifest({ text, source: "m" }, { snapshot });
    expect(errors).toEqual([]);
    expect(injected).toContain("  big: 9007199254740993\n");
    expect(injected).toContain('{__proto__: "x", constructor: "y"');
  });

  it("uses the workload as the owner, with the namespace of the manifest or of the caller", () => {
    const text =
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}}\n";
    const { text: injected } = injectManifest({ text, source: "m" }, { snapshot, namespace: "shop" });
    expect(injected).toContain("kubernetes://apis/batch/v1/namespaces/shop/cronjobs/c");
  });
});

describe("injecting a manifest strictly", () => {
  const strict = compileConfig({
    injectConfig: embeddedDefaults.injectConfig,
    templates: embeddedDefaults.templates,
    values: embeddedDefaults.values,
    revision: "",
    strictOffline: true,
  });

  it("writes kinds with a pod anew even when it skips them, with sorted keys and canonical quantities", () => {
    const text =
      "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: d}\nspec:\n  paused: false\n  template:\n    spec:\n      hostNetwork: true\n      containers:\n      - resources: {limits: {cpu: 1000m}}\n        name: a\n";
    expect(injectManifestStrictly({ text, source: "m" }, strict).text).toBe(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  strategy: {}\n  template:\n    metadata: {}\n    spec:\n      containers:\n      - name: a\n        resources:\n          limits:\n            cpu: "1"\n      hostNetwork: true\nstatus: {}\n---\n',
    );
  });

  it("copies other versions of these kinds", () => {
    const text = "apiVersion: batch/v1beta1\nkind: CronJob # old\n";
    expect(injectManifestStrictly({ text, source: "m" }, strict).text).toBe(`${text}---\n`);
  });
});
