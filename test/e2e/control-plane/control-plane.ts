import { execFile } from "node:child_process";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createAuthority, issueLeaf, type KeyPair } from "../../../src/certificates/index.js";
import { type Environment, environment } from "../environment.js";
import { freePort, Program } from "./program.js";

/** The result of a command. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How a request differs from the administrator's of JSON. */
export interface RequestOptions {
  /** In whose name. */
  readonly user?: string;
  readonly contentType?: string;
}

const adminToken = "admin-token";
const managerToken = "manager-token";

/** What the API server writes down: who did what, with the annotations of admission. */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "Metadata", verbs: ["create", "patch"], resources: [{ group: "", resources: ["pods"] }] },
    { level: "Metadata", userGroups: ["system:serviceaccounts:istio-system"] },
    { level: "None" },
  ],
};

/** A real control plane without nodes, on ports of its own. */
export class ControlPlane {
  readonly environment: Environment;
  /** Where everything of it lies. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly server: string;
  readonly authority: KeyPair;
  readonly #ports: {
    readonly etcd: number;
    readonly peer: number;
    readonly api: number;
    readonly manager: number;
  };
  readonly #programs = new Map<string, Program>();
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(
    at: Environment,
    folder: string,
    authority: KeyPair,
    ports: { etcd: number; peer: number; api: number; manager: number },
  ) {
    this.environment = at;
    this.folder = folder;
    this.authority = authority;
    this.#ports = ports;
    this.server = `https://127.0.0.1:${ports.api}`;
    this.kubeconfig = this.writeKubeconfig("admin", adminToken);
  }

  static async start(): Promise<ControlPlane> {
    const at = environment();
    const folder = mkdtempSync(join(at.folder, "control-plane-"));
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    const authority = await createAuthority({ commonName: "end-to-end tests", days: 2 }, world);
    const ports = {
      etcd: await freePort(),
      peer: await freePort(),
      api: await freePort(),
      manager: await freePort(),
    };
    writeFileSync(join(folder, "ca.crt"), authority.certificatePem);
    const plane = new ControlPlane(at, folder, authority, ports);
    await plane.#prepare(world);
    await plane.#startEtcd();
    await plane.startApiServer();
    await plane.#startManager();
    return plane;
  }

  async #prepare(world: { crypto: webcrypto.Crypto; now: number }): Promise<void> {
    const names = ["127.0.0.1", "localhost", "kubernetes.default.svc", this.environment.address];
    const leaf = await issueLeaf(this.authority, { names, days: 2 }, world);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const files = {
      "api.crt": leaf.certificatePem,
      "api.key": leaf.keyPem,
      "accounts.key": privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      "accounts.pub": publicKey.export({ type: "spki", format: "pem" }).toString(),
      "tokens.csv": `${adminToken},admin,1,system:masters\n${managerToken},system:kube-controller-manager,2\n`,
      "audit.yaml": JSON.stringify(auditPolicy),
    };
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  async #startEtcd(): Promise<void> {
    const { etcd, peer } = this.#ports;
    const [client, peers] = [`http://127.0.0.1:${etcd}`, `http://127.0.0.1:${peer}`];
    const program = this.#run("etcd", this.environment.etcd, [
      `--data-dir=${this.#file("etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      // Nothing of a test outlives it.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    await program.until(async () => (await fetch(`${client}/health`)).ok);
  }

  /** Starts the API server, again after {@link stopApiServer}. @param flags further ones of kube-apiserver */
  async startApiServer(...flags: readonly string[]): Promise<void> {
    mkdirSync(this.#file("api"), { recursive: true });
    const program = this.#run("kube-apiserver", this.environment.kubeApiserver, [
      `--etcd-servers=http://127.0.0.1:${this.#ports.etcd}`,
      `--secure-port=${this.#ports.api}`,
      "--bind-address=0.0.0.0",
      `--advertise-address=${this.environment.address}`,
      `--cert-dir=${this.#file("api")}`,
      `--tls-cert-file=${this.#file("api.crt")}`,
      `--tls-private-key-file=${this.#file("api.key")}`,
      `--token-auth-file=${this.#file("tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${this.#file("accounts.pub")}`,
      `--service-account-signing-key-file=${this.#file("accounts.key")}`,
      "--service-cluster-ip-range=10.0.0.0/24",
      // Calls endpoints itself, since nothing here routes the addresses of Services.
      "--enable-aggregator-routing=true",
      "--allow-privileged=true",
      `--audit-policy-file=${this.#file("audit.yaml")}`,
      `--audit-log-path=${this.#file("audit.log")}`,
      "--v=1",
      ...flags,
    ]);
    await program.until(async () => (await this.#get("/readyz")) === 200);
  }

  async stopApiServer(): Promise<void> {
    await this.#programs.get("kube-apiserver")?.stop("SIGKILL");
    this.#agent.destroy();
    this.#programs.delete("kube-apiserver");
  }

  async #startManager(): Promise<void> {
    const program = this.#run("kube-controller-manager", this.environment.kubeControllerManager, [
      `--kubeconfig=${this.writeKubeconfig("manager", managerToken)}`,
      `--service-account-private-key-file=${this.#file("accounts.key")}`,
      `--root-ca-file=${this.#file("ca.crt")}`,
      "--use-service-account-credentials=true",
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${this.#ports.manager}`,
      `--cert-dir=${this.#file("manager")}`,
      // The tests write endpoints themselves.
      "--controllers=*,-endpoints-controller,-endpointslice-controller,-endpointslice-mirroring-controller",
    ]);
    await program.until(async () => (await this.kubectl("get", "serviceaccount", "default")).code === 0);
  }

  #run(name: string, path: string, args: readonly string[]): Program {
    const program = new Program(name, path, args, this.#file(`${name}.log`));
    this.#programs.set(name, program);
    return program;
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  async #get(path: string): Promise<number> {
    return (await this.request("GET", path)).status;
  }

  /** Sends one request as the administrator, or in another's name: quicker than kubectl, for tests that send many. */
  request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${adminToken}`,
        "content-type": options.contentType ?? "application/json",
        ...(options.user === undefined ? {} : { "impersonate-user": options.user }),
      };
      const call = request(
        `${this.server}${path}`,
        { method, ca: this.authority.certificatePem, headers, timeout: 90_000, agent: this.#agent },
        (response) => {
          text(response).then(
            (answer) => resolve({ status: response.statusCode ?? 0, text: answer }),
            reject,
          );
        },
      );
      call.on("timeout", () => call.destroy(new Error(`${path}: no answer`)));
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Writes a kubeconfig for a token, and gives its path. */
  writeKubeconfig(name: string, token: string, namespace = "default"): string {
    const path = this.#file(`${name}.kubeconfig`);
    const certificate = Buffer.from(this.authority.certificatePem).toString("base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: name, namespace } }],
      clusters: [
        { name: "test", cluster: { server: this.server, "certificate-authority-data": certificate } },
      ],
      users: [{ name, user: { token } }],
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  /** Runs kubectl as the administrator. It never throws for what kubectl says. */
  kubectl(...args: readonly string[]): Promise<Outcome> {
    return this.#command(this.environment.kubectl, args);
  }

  /** Runs kubectl with objects on its standard input. */
  kubectlWith(input: unknown, ...args: readonly string[]): Promise<Outcome> {
    return this.#command(
      this.environment.kubectl,
      args,
      typeof input === "string" ? input : JSON.stringify(input),
    );
  }

  /** Runs helm as the administrator. */
  helm(...args: readonly string[]): Promise<Outcome> {
    return this.#command(this.environment.helm, args);
  }

  /** Runs kubectl, which has to work. Gives its output as JSON. */
  async json<T = Record<string, never>>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.kubectl(...args, "-o", "json");
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs any command in the same surroundings. */
  run(path: string, ...args: readonly string[]): Promise<Outcome> {
    return this.#command(path, args);
  }

  /** Makes or changes objects, which has to work. */
  async apply(...objects: readonly unknown[]): Promise<void> {
    const list = { apiVersion: "v1", kind: "List", items: objects };
    const { code, stderr } = await this.kubectlWith(
      list,
      "apply",
      "--server-side",
      "--force-conflicts",
      "-f",
      "-",
    );
    if (code !== 0) throw new Error(`kubectl apply: ${stderr}`);
  }

  /** Makes a namespace in which pods can be made. */
  async namespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    for (const end = Date.now() + 120_000; ; ) {
      if ((await this.kubectl("get", "serviceaccount", "default", "-n", name)).code === 0) return;
      if (Date.now() > end) throw new Error(`namespace ${name} has no ServiceAccount`);
    }
  }

  /** The entries of the audit log. */
  audit(): readonly AuditEvent[] {
    const path = this.#file("audit.log");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as AuditEvent);
  }

  #command(path: string, args: readonly string[], input?: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        HOME: this.folder,
        KUBECONFIG: this.kubeconfig,
        HELM_CACHE_HOME: this.#file("helm"),
      };
      const child = execFile(
        path,
        [...args],
        { env, maxBuffer: 256 * 1024 * 1024, timeout: 120_000 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          resolve({ code, stdout, stderr: stderr || (error === null ? "" : error.message) });
        },
      );
      child.stdin?.end(input);
    });
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    // Nothing of it is needed any more, so that nothing has to be waited for.
    await Promise.all([...this.#programs.values()].map((program) => program.stop("SIGKILL")));
  }
}

/** An entry of the audit log, as far as the tests look at it. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly apiGroup?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly requestURI: string;
}
