// Finds or builds what the end-to-end tests run: kube-apiserver, kube-controller-manager, etcd, kubectl and helm.
//
//   node scripts/e2e-tools.mjs [--release current|older] [--jobs N]
//
// Prints, as JSON, the path of each program and the Kubernetes version. What KUBEBUILDER_ASSETS holds is taken from
// there (the envtest convention); what is missing is built with Go from the modules that test/e2e/tools/RELEASE/go.mod
// names, once, into a cache outside the tree: $PILLION_E2E_CACHE, else $XDG_CACHE_HOME/pillion-e2e, else ~/.cache/pillion-e2e.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const root = dirname(import.meta.dirname);
const { values: options } = parseArgs({
  options: { release: { type: "string", default: "current" }, jobs: { type: "string", default: "2" } },
});
if (!["current", "older"].includes(options.release))
  fail(`--release is current or older, not ${JSON.stringify(options.release)}`);

const cache =
  process.env.PILLION_E2E_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pillion-e2e");
const moduleFolder = join(root, "test", "e2e", "tools", options.release);
const moduleText = readFileSync(join(moduleFolder, "go.mod"), "utf8");
const version = (name) => {
  const found = new RegExp(`^\\s*(?:require )?${name.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(
    moduleText,
  )?.[1];
  return found ?? fail(`${moduleFolder}/go.mod does not require ${name}`);
};
const kubernetes = version("k8s.io/kubernetes");
const etcd = version("go.etcd.io/etcd/server/v3");
const helm = readFileSync(join(root, "test", "e2e", "tools", "helm-version"), "utf8").trim();

// Built as modules, programs would call themselves v0.0.0, and helm would believe that clusters are of 1.20.
const [major, minor] = kubernetes.slice(1).split(".");
const stamp = (() => {
  const facts = { gitVersion: kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: "archive" };
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
    .flatMap((path) => Object.entries(facts).map(([name, value]) => `-X ${path}.${name}=${value}`))
    .join(" ");
})();

const helmStamp = [
  `-X helm.sh/helm/v3/internal/version.version=${helm}`,
  ...["helm.sh/helm/v3/pkg/lint/rules", "helm.sh/helm/v3/pkg/chartutil"].flatMap((path) => [
    `-X ${path}.k8sVersionMajor=${major}`,
    `-X ${path}.k8sVersionMinor=${minor}`,
  ]),
].join(" ");

const inAssets = (name) => {
  const path = process.env.KUBEBUILDER_ASSETS && join(process.env.KUBEBUILDER_ASSETS, name);
  return path && existsSync(path) ? path : undefined;
};
const ofKubernetes = (name) =>
  inAssets(name) ?? built(`kubernetes-${kubernetes}`, name, `k8s.io/kubernetes/cmd/${name}`);

const programs = {
  helm: installed(`helm-${helm}-${major}.${minor}`, "helm", `helm.sh/helm/v3/cmd/helm@${helm}`),
  etcd: inAssets("etcd") ?? built(`etcd-${etcd}`, "etcd", "go.etcd.io/etcd/server/v3"),
  kubectl: ofKubernetes("kubectl"),
  kubeApiserver: ofKubernetes("kube-apiserver"),
  kubeControllerManager: ofKubernetes("kube-controller-manager"),
};
// The version that runs, which KUBEBUILDER_ASSETS may have decided.
const running = execFileSync(programs.kubeApiserver, ["--version"], { encoding: "utf8" })
  .trim()
  .split(" ")
  .at(-1);
console.log(JSON.stringify({ kubernetes: running, ...programs }, null, 2));

function built(folder, name, module) {
  return once(folder, name, (target) =>
    go(
      [
        "build",
        "-p",
        options.jobs,
        "-trimpath",
        "-mod=readonly",
        `-ldflags=-s -w ${stamp}`,
        "-o",
        target,
        module,
      ],
      { cwd: moduleFolder },
    ),
  );
}

function installed(folder, name, module) {
  return once(folder, name, (target) => {
    const binaries = `${target}.d`;
    go(["install", "-p", options.jobs, "-trimpath", `-ldflags=-s -w ${helmStamp}`, module], {
      cwd: cache,
      env: { GOBIN: binaries },
    });
    renameSync(join(binaries, name), target);
  });
}

/** Builds beside the place and moves, so that a build that was stopped leaves nothing that looks whole. */
function once(folder, name, build) {
  const path = join(cache, folder, name);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  console.error(`building ${name} (${folder}) into ${dirname(path)}; this is done once`);
  const target = `${path}.${process.pid}`;
  build(target);
  renameSync(target, path);
  return path;
}

function go(args, { cwd, env = {} }) {
  const { status, error } = spawnSync("go", args, {
    cwd,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", ...env },
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) fail(`cannot run go: ${error.message}. Install Go 1.26 or set KUBEBUILDER_ASSETS`);
  if (status !== 0) fail(`go ${args.join(" ")} failed in ${cwd}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
