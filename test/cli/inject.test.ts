import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { run } from "./recording-io.js";

const app = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: web:1
`;
const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
const broken = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n   labels: b\n";

describe("pillion inject", () => {
  it("reads standard input and writes standard output", async () => {
    const { stdout, stderr, exitCode } = await run(["inject", "-f", "-"], { stdin: app });
    expect(stdout).toContain("name: istio-proxy");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });

  it("writes a file, and nothing to standard output", async () => {
    const result = await run(["inject", "-f", "a.yaml", "-o", "b.yaml"], { files: { "a.yaml": app } });
    expect(result.stdout).toBe("");
    expect(result.files.get("b.yaml")).toContain("istio-proxy");
  });

  it("takes istioctl's names for its flags", async () => {
    const files = {
      "a.yaml": app,
      config:
        "policy: enabled\ntemplates:\n  sidecar: |\n    spec:\n      containers:\n      - name: istio-proxy\n        image: {{ .Values.image }}/{{ .MeshConfig.TrustDomain }}\n",
      values: '{"image": "mine"}',
      mesh: "trustDomain: td",
    };
    const flags = [
      "--injectConfigFile",
      "config",
      "--valuesFile",
      "values",
      "--meshConfigFile",
      "mesh",
      "-r",
      "canary",
    ];
    const { stdout } = await run(["inject", "-f", "a.yaml", ...flags], { files });
    expect(stdout).toContain("image: mine/td\n");
    expect(stdout).toContain('"revision":"canary"');
  });

  it("takes the bare text of a template for an inject config", async () => {
    const files = { "a.yaml": app, t: "metadata:\n  labels:\n    mine: {{ .DeploymentMeta.Name }}\n" };
    for (const strict of [[], ["--strict-istio"]]) {
      const { stdout } = await run(["inject", "-f", "a.yaml", "--inject-config-file", "t", ...strict], {
        files,
      });
      expect(stdout).toContain("mine: web\n");
      expect(stdout).not.toContain("istio-proxy");
    }
  });

  it("reads ConfigMaps as kubectl prints them, and lets files and --set count before them", async () => {
    const map = (name: string, data: object): object => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name },
      data,
    });
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        map("istio-sidecar-injector", { config: "policy: disabled\n", values: embeddedDefaults.values.text }),
        map("istio", { mesh: "trustDomain: from-map\n" }),
      ],
    };
    const files = {
      "a.yaml": app,
      "maps.json": JSON.stringify(list),
      mesh: "trustDomain: from-file\n",
      on: "policy: enabled\n",
    };
    const skipped = await run(["inject", "-f", "a.yaml", "--configmap-file", "maps.json"], { files });
    expect(skipped.stdout).toBe(app);
    expect(skipped.stderr).toBe(
      'skipped: Deployment "web": the injector\'s policy injects no pod that does not ask for it\n',
    );
    const flags = [
      "--inject-config-file",
      "on",
      "--mesh-config-file",
      "mesh",
      "--set",
      "global.proxy.logLevel=debug",
    ];
    const { stdout } = await run(["inject", "-f", "a.yaml", "--configmap-file", "maps.json", ...flags], {
      files,
    });
    expect(stdout).toContain("value: from-file\n");
    expect(stdout).toContain("--proxyLogLevel=debug\n");
  });

  it("adds templates and replaces them", async () => {
    const files = { "a.yaml": app, t: "metadata:\n  annotations:\n    mine: yes indeed\n" };
    const { stdout } = await run(["inject", "-f", "a.yaml", "--template", "sidecar=t"], { files });
    expect(stdout).toContain("mine: yes indeed\n");
    expect(stdout).not.toContain("istio-proxy");
  });

  it("lets templates read only the environment variables that it is told to", async () => {
    const files = {
      "a.yaml": app,
      t: 'metadata:\n  annotations:\n    a: "{{ env "A" "none" }} {{ env "B" "none" }}"\n',
    };
    const args = ["inject", "-f", "a.yaml", "--template", "sidecar=t", "--template-env", "A"];
    const { stdout } = await run(args, { files, env: { A: "1", B: "2" } });
    expect(stdout).toContain('a: "1 none"\n');
  });

  it("writes the same with --no-skeletons", async () => {
    const files = { "a.yaml": ["a", "b", "c"].map((name) => app.replaceAll("web", name)).join("---\n") };
    const { stdout } = await run(["inject", "-f", "a.yaml"], { files });
    expect(stdout.match(/name: istio-proxy$/gm)).toHaveLength(3);
    const slowly = await run(["inject", "-f", "a.yaml", "--no-skeletons"], { files });
    expect(slowly.stdout).toBe(stdout);
  });

  it("uses the namespace of --namespace for objects that name none", async () => {
    const { stdout } = await run(["inject", "-f", "-", "-n", "shop"], { stdin: app });
    expect(stdout).toContain("kubernetes://apis/apps/v1/namespaces/shop/deployments/web");
    expect(stdout).not.toContain("namespace: shop");
  });

  it("injects kinds that the user names", async () => {
    const rollout = app.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout");
    expect((await run(["inject", "-f", "-"], { stdin: rollout })).stdout).toBe(rollout);
    const { stdout } = await run(["inject", "-f", "-", "--kind", "argoproj.io/Rollout"], { stdin: rollout });
    expect(stdout).toContain("istio-proxy");
  });

  it("reads directories and globs, and writes files back in place", async () => {
    const files = { "k8s/a.yaml": app, "k8s/deep/b.yml": app, "k8s/c.yaml": service, "k8s/notes.txt": "no" };
    const all = await run(["inject", "-f", "k8s", "--in-place"], { files });
    expect(all.written).toEqual(["k8s/a.yaml", "k8s/deep/b.yml"]);
    const some = await run(["inject", "-f", "k8s/*.yaml", "--in-place"], { files });
    expect(some.written).toEqual(["k8s/a.yaml"]);
    const deep = await run(["inject", "-f", "k8s/**/?.y*ml", "--in-place"], { files });
    expect(deep.written).toEqual(["k8s/a.yaml", "k8s/deep/b.yml"]);
  });

  it("joins several files to one stream of documents", async () => {
    const { stdout } = await run(["inject", "-f", "a.yaml", "-f", "b.yaml"], {
      files: { "a.yaml": service.trimEnd(), "b.yaml": service },
    });
    expect(stdout).toBe(`${service}---\n${service}`);
  });

  it("shows its progress over many files at a terminal only", async () => {
    const files = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`k/${i}.yaml`, service]));
    expect((await run(["inject", "-f", "k"], { files, terminal: true })).stderr).toContain("25/25 k/");
    expect((await run(["inject", "-f", "k"], { files })).stderr).toBe("");
  });
});

describe("pillion inject for other clusters", () => {
  it("takes the user of the proxy from the namespace on OpenShift", async () => {
    const namespace =
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    openshift.io/sa.scc.uid-range: 1000620000/10000\n    openshift.io/sa.scc.supplemental-groups: 1000620000/10000\n";
    const files = { "a.yaml": app, "n.yaml": namespace };
    const flags = ["--platform", "openshift", "--objects", "n.yaml", "-n", "shop"];
    const { stdout } = await run(["inject", "-f", "a.yaml", ...flags], { files });
    expect(stdout).toContain("runAsUser: 1000629999\n");
  });

  it("passes the compliance policy on, and ProxyConfigs", async () => {
    const config =
      "apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: c, namespace: istio-system}\nspec: {concurrency: 3}\n";
    const files = { "a.yaml": app, "p.yaml": config };
    const flags = ["--compliance-policy", "fips-140-3", "--objects", "p.yaml"];
    const { stdout } = await run(["inject", "-f", "a.yaml", ...flags], { files });
    expect(stdout).toContain("name: COMPLIANCE_POLICY\n          value: fips-140-3\n");
    expect(stdout).toContain('{\\"concurrency\\":3}');
  });
});

describe("pillion inject --strict-istio", () => {
  it("writes kinds with a pod anew, copies others, and ends every document with ---", async () => {
    const { stdout } = await run(["inject", "-f", "-", "--strict-istio"], { stdin: `${service}---\n${app}` });
    expect(stdout.startsWith(`${service}---\napiVersion: apps/v1\nkind: Deployment\n`)).toBe(true);
    expect(stdout.endsWith("status: {}\n---\n")).toBe(true);
  });

  it("warns in Istio's words", async () => {
    const host = app.replace("    spec:\n", "    spec:\n      hostNetwork: true\n");
    const { stderr } = await run(["inject", "-f", "-", "--strict-istio"], { stdin: host });
    expect(stderr).toBe('\n===> Skipping injection because Deployment "web" has host networking enabled\n');
    const off = app.replace(
      "    spec:\n",
      '    metadata: {labels: {sidecar.istio.io/inject: "false"}}\n    spec:\n',
    );
    const skipped = await run(["inject", "-f", "-", "--strict-istio"], { stdin: off });
    expect(skipped.stderr).toBe(
      '\n===> Skipping injection because Deployment "web" has sidecar injection disabled\n',
    );
  });

  it("takes the metadata of a CronJob's pod from its job template, which Pillion itself does not", async () => {
    const cron =
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    metadata: {labels: {from: job}}\n    spec:\n      template:\n        metadata: {labels: {from: pod}}\n        spec:\n          containers: [{name: c, image: c}]\n";
    const strict = await run(["inject", "-f", "-", "--strict-istio"], { stdin: cron });
    expect(strict.stdout).toMatch(/jobTemplate:\n {4}metadata:\n {6}annotations:/);
    const sensible = await run(["inject", "-f", "-"], { stdin: cron });
    expect(sensible.stdout).toContain("    metadata: {labels: {from: job}}\n");
  });

  it("refuses a separator with something behind it, as kubectl does", async () => {
    const { stderr, exitCode } = await run(["inject", "-f", "-", "--strict-istio"], {
      stdin: `--- yes\n${app}`,
    });
    expect(stderr).toContain("invalid Yaml document separator: yes");
    expect(exitCode).toBe(1);
  });
});

describe("pillion inject with bad input", () => {
  it("says what is wrong with the command line, with exit code 2", async () => {
    expect(await run(["inject"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("filename not specified (see --filename or -f)"),
    });
    expect(await run(["inject", "-f", "-", "--native-sidecars", "maybe"])).toMatchObject({ exitCode: 2 });
    expect(await run(["inject", "-f", "-", "--kind", "Rollout"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("argoproj.io/Rollout"),
    });
    expect(await run(["inject", "-f", "-", "--template", "x"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("NAME=FILE"),
    });
    expect(await run(["injekt"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("inject") });
    expect(await run(["inject", "-f", "-", "--in-place"])).toMatchObject({ exitCode: 2 });
    expect(await run(["inject", "-f", "-", "--set", "a"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("path=value"),
    });
  });

  it("names a file that is not there, and its flag", async () => {
    const missing = await run(["inject", "-f", "none.yaml"]);
    expect(missing).toMatchObject({
      exitCode: 1,
      stderr: "error: Cannot read none.yaml (-f): there is no such file\n",
    });
    const values = await run(["inject", "-f", "-", "--values-file", "none"], { stdin: app });
    expect(values.stderr).toBe("error: Cannot read none (--values-file): there is no such file\n");
  });

  it("shows file, line, column and the line itself of broken YAML, and writes nothing", async () => {
    const text = `${app}---\n${broken}`;
    const result = await run(["inject", "-f", "a.yaml", "-o", "out.yaml"], { files: { "a.yaml": text } });
    expect(result.exitCode).toBe(1);
    expect(result.written).toEqual([]);
    expect(result.stderr).toMatch(
      /^error: a\.yaml:1[56]:\d+: .*\n 1[56] \| .*\n +\| +\^\nnothing was written\n$/,
    );
    const line = Number(/^ (\d+) \|/m.exec(result.stderr)?.[1]);
    expect(result.stderr).toContain(` ${line} | ${text.split("\n")[line - 1]}\n`);
  });

  it("leaves a document that fails as it is with --keep-going, and writes the others", async () => {
    const result = await run(["inject", "-f", "-", "--keep-going"], { stdin: `${broken}---\n${app}` });
    expect(result.stdout.startsWith(`${broken}---\n`)).toBe(true);
    expect(result.stdout).toContain("istio-proxy");
    expect(result.exitCode).toBe(1);
  });

  it("tells all wrong annotations of all pods at once, in Istio's words", async () => {
    const bad = app.replace(
      "    spec:\n",
      "    metadata:\n      annotations:\n        sidecar.istio.io/interceptionMode: no\n        traffic.sidecar.istio.io/includeOutboundIPRanges: bad\n    spec:\n".replace(
        "Mode: no",
        'Mode: "no"',
      ),
    );
    const { stderr, stdout } = await run(["inject", "-f", "a.yaml"], {
      files: { "a.yaml": `${bad}---\n${bad}` },
    });
    expect(stdout).toBe("");
    expect(stderr.match(/2 errors occurred:/g)).toHaveLength(2);
    expect(stderr).toContain("interceptionMode invalid, use REDIRECT,TPROXY,NONE: no");
    expect(stderr).toMatch(/^error: a\.yaml:1: Deployment "web": /);
  });

  it("names the known templates, and the nearest, when a pod asks for one that is not there", async () => {
    const bad = app.replace(
      "    spec:\n",
      "    metadata: {annotations: {inject.istio.io/templates: sidecer}}\n    spec:\n",
    );
    const { stderr } = await run(["inject", "-f", "-"], { stdin: bad });
    expect(stderr).toContain(
      'requested template "sidecer" not found; have gateway, grpc-agent, grpc-simple, sidecar; did you mean "sidecar"?',
    );
  });

  it("names template, line, column and action of a template that fails", async () => {
    const files = { "a.yaml": app, t: "metadata:\n  labels:\n    a: {{ .Nope }}\n" };
    const failed = await run(["inject", "-f", "a.yaml", "--template", "sidecar=t"], { files });
    expect(failed.stderr).toContain('template: sidecar:3:10: executing "sidecar" at <.Nope>');
    const unparsed = await run(["inject", "-f", "a.yaml", "--template", "sidecar=t"], {
      files: { ...files, t: "{{ if }}" },
    });
    expect(unparsed.stderr).toMatch(/^error: t:1/);
    const inConfig = "policy: enabled\ntemplates:\n  a: |\n    x: {{ end }}\n";
    const located = await run(["inject", "-f", "a.yaml", "--inject-config-file", "c"], {
      files: { ...files, c: inConfig },
    });
    expect(located.stderr).toMatch(/^error: c:4:\d+: templates\.a: .*unexpected \{\{end\}\}/);
  });

  it("shows the line of broken YAML in the files of the configuration too", async () => {
    const files = { "a.yaml": app, v: "global:\n  hub: x: y\n" };
    for (const flag of ["--values-file", "--mesh-config-file", "--configmap-file", "--objects"]) {
      const { stderr, exitCode } = await run(["inject", "-f", "a.yaml", flag, "v"], { files });
      expect({ flag, stderr, exitCode }).toEqual({
        flag,
        stderr: expect.stringMatching(
          /^error: v:2:9: mapping values are not allowed in this context\n 2 \| {3}hub: x: y\n {3}\| {9}\^\n$/,
        ),
        exitCode: 1,
      });
    }
  });

  it("names the key of values and of mesh config with the wrong type", async () => {
    const files = { "a.yaml": app, v: "global: {hub: [1]}", m: "defaultConfig: {statusPort: x}" };
    expect((await run(["inject", "-f", "a.yaml", "--values-file", "v"], { files })).stderr).toContain("hub");
    expect((await run(["inject", "-f", "a.yaml", "--mesh-config-file", "m"], { files })).stderr).toContain(
      "statusPort",
    );
  });

  it("says when a workload has no template", async () => {
    const { stderr } = await run(["inject", "-f", "a.yaml"], {
      files: { "a.yaml": app.replace(/ {2}template:[\s\S]*/, "  replicas: 1\n") },
    });
    expect(stderr).toBe(
      'error: a.yaml:1: Deployment "web": spec.template is required value\nnothing was written\n',
    );
  });
});

describe("--set", () => {
  async function values(...settings: readonly string[]): Promise<unknown> {
    const files = {
      "a.yaml": app,
      t: "metadata:\n  annotations:\n    v: {{ toJson .Values | quote }}\n",
      v: '{"a":{"b":1},"l":[1,2]}',
    };
    const flags = settings.flatMap((setting) => ["--set", setting]);
    const { stdout, stderr } = await run(
      ["inject", "-f", "a.yaml", "--template", "sidecar=t", "--values-file", "v", ...flags],
      { files },
    );
    if (stderr !== "") return stderr;
    const text = /^ +v: '(.*)'$/m.exec(stdout)?.[1] ?? "null";
    return JSON.parse(text.replaceAll("''", "'"));
  }

  it("knows Helm's types, lists, indexes and escapes", async () => {
    expect(await values("a.c=true,a.d=x y", "l[1]=null")).toEqual({
      a: { b: 1, c: true, d: "x y" },
      l: [1, null],
    });
    expect(await values("a={1,b,true}")).toEqual({ a: [1, "b", true], l: [1, 2] });
    expect(await values("m[1].n=v")).toEqual({ a: { b: 1 }, l: [1, 2], m: [null, { n: "v" }] });
    expect(await values("a\\.b=c\\,d")).toEqual({ a: { b: 1 }, "a.b": "c,d", l: [1, 2] });
    expect(await values("a.b=007", "l={}")).toEqual({ a: { b: "007" }, l: [] });
    expect(await values("a.b=1.5")).toEqual({ a: { b: "1.5" }, l: [1, 2] });
  });

  it("takes names such as __proto__ for plain keys", async () => {
    expect(JSON.stringify(await values("a.__proto__=x"))).toContain('"__proto__":"x"');
  });

  it("refuses what is no setting", async () => {
    for (const bad of ["a", "=b", "a[x]=1", "a[999999]=1", "a={1", "a.b[0]=1,", "l.x[0]"]) {
      const result = await values(bad);
      expect(typeof result === "string" || JSON.stringify(result).length > 0).toBe(true);
    }
    expect(await values("a[x]=1")).toContain("no index");
    expect(await values("a[999999]=1")).toContain("no index");
    expect(await values("a={1")).toContain("no }");
  });
});
