import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject } from "../../src/json/index.js";
import { builtProgram } from "../support/built-program.js";
import { readDocuments } from "../support/compare.js";
import { root } from "../support/peer.js";
import { toolMissing } from "../support/tool-missing.js";

let folder = "";
let program = "";
const app = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web} # who
    spec:
      containers:
      - name: web
        image: web:1
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pillion-pipelines-"));
  program = builtProgram();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Done {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function pillion(args: readonly string[], input = ""): Done {
  return spawnSync(process.execPath, [program, ...args], { input, encoding: "utf8", cwd: folder });
}

function write(name: string, text: string, mode = 0o644): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** Kinds and names, and which of them have a sidecar. */
function summary(text: string): string[] {
  return readDocuments(text).flatMap((one) => {
    if (!isObject(one) || !isObject(one.metadata)) return [];
    const sidecar = JSON.stringify(one).includes('"name":"istio-proxy"');
    return [`${String(one.kind)} ${String(one.metadata.name)}${sidecar ? " with sidecar" : ""}`];
  });
}

describe("the program", () => {
  it("reads standard input and writes standard output, with the exit code", () => {
    const done = pillion(["inject", "-f", "-"], app);
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
    expect(summary(done.stdout)).toEqual(["Deployment web with sidecar"]);
    expect(pillion(["inject"]).status).toBe(2);
    expect(pillion(["inject", "-f", "none.yaml"]).status).toBe(1);
  });

  it("stands a reader that goes away, as head does", () => {
    const many = Array.from({ length: 50 }, () => app).join("---\n");
    write("many.yaml", many);
    const command = `"${process.execPath}" "${program}" inject -f many.yaml | head -n 1`;
    const done = spawnSync("sh", ["-c", command], { encoding: "utf8", cwd: folder });
    expect({ stdout: done.stdout, stderr: done.stderr, status: done.status }).toEqual({
      stdout: "apiVersion: apps/v1\n",
      stderr: "",
      status: 0,
    });
  });

  it("writes files in one step, keeps their mode and follows links", () => {
    const file = write("in-place/app.yaml", app, 0o640);
    symlinkSync(file, join(folder, "in-place/link.yaml"));
    expect(pillion(["inject", "-f", "in-place/link.yaml", "--in-place"]).status).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("istio-proxy");
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("reads a directory with all that is below it", () => {
    write("tree/a.yaml", app);
    write("tree/deep/b.yml", app.replace("name: web\nspec", "name: other\nspec"));
    write("tree/deep/readme.md", "# no manifest");
    expect(summary(pillion(["inject", "-f", "tree"]).stdout)).toEqual([
      "Deployment web with sidecar",
      "Deployment other with sidecar",
    ]);
    expect(summary(pillion(["inject", "-f", "tree/**/*.yml"]).stdout)).toEqual([
      "Deployment other with sidecar",
    ]);
  });

  it("is a KRM function by its protocol", () => {
    const item = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "a", image: "a" }] },
    };
    const list = {
      apiVersion: "config.kubernetes.io/v1",
      kind: "ResourceList",
      items: [item, { apiVersion: "v1", kind: "Service", metadata: { name: "s" } }],
    };
    const done = pillion(["krm"], JSON.stringify(list));
    expect(done.status).toBe(0);
    const [answer] = readDocuments(done.stdout);
    expect(answer).toMatchObject({
      kind: "ResourceList",
      items: [{ kind: "Pod" }, { kind: "Service", metadata: { name: "s" } }],
    });
    expect(JSON.stringify(answer)).toContain("istio-proxy");
  });

  it("takes back what it injected into Bookinfo, through pipes", () => {
    const bookinfo = readFileSync(join(root, "test", "fixtures", "bookinfo.yaml"), "utf8");
    const injected = pillion(["inject", "-f", "-"], bookinfo).stdout;
    expect(pillion(["uninject", "-f", "-"], injected).stdout).toBe(bookinfo);
  });
});

const noKubectl = toolMissing("kubectl");

describe.skipIf(noKubectl !== undefined)(
  `kustomize through kubectl${noKubectl === undefined ? "" : ` (${noKubectl})`}`,
  () => {
    it("gives its output to inject", () => {
      write("kustomize/app.yaml", app);
      write("kustomize/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
      write(
        "kustomize/kustomization.yaml",
        "namespace: shop\nnamePrefix: my-\nresources: [app.yaml, service.yaml]\n",
      );
      const built = execFileSync("kubectl", ["kustomize", join(folder, "kustomize")], { encoding: "utf8" });
      const done = pillion(["inject", "-f", "-"], built);
      expect(done.stderr).toBe("");
      expect(summary(done.stdout).sort()).toEqual(["Deployment my-web with sidecar", "Service my-web"]);
      expect(done.stdout).toContain("namespaces/shop/deployments/my-web\n");
      expect(pillion(["uninject", "-f", "-"], done.stdout).stdout).toBe(built);
    });
  },
);

const noHelm = toolMissing("helm");

describe.skipIf(noHelm !== undefined)(`Helm${noHelm === undefined ? "" : ` (${noHelm})`}`, () => {
  it("takes inject as a post-renderer", () => {
    write("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n");
    write("chart/templates/app.yaml", app.replace("name: web\nspec", "name: {{ .Release.Name }}\nspec"));
    write(
      "chart/templates/config.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n",
    );
    const renderer = write(
      "post-render",
      `#!/bin/sh\nexec "${process.execPath}" "${program}" inject -f -\n`,
      0o755,
    );
    const done = spawnSync("helm", ["template", "mine", join(folder, "chart"), "--post-renderer", renderer], {
      encoding: "utf8",
    });
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
    expect(summary(done.stdout).sort()).toEqual(["ConfigMap settings", "Deployment mine with sidecar"]);
    expect(done.stdout).toContain("# Source: shop/templates/app.yaml\n");
  });
});
