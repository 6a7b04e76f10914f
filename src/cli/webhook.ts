import { type Command, InvalidArgumentError, Option } from "commander";
import { CertificateError } from "../certificates/index.js";
import { embeddedDefaults, ReloadError } from "../config/index.js";
import type { TextGuardMode } from "../injection/index.js";
import type { CertificateSource, ListenAddress, WebhookOptions } from "../server/index.js";
import { isLogLevel, logLevels } from "../telemetry/index.js";
import { addAuthorityOptions } from "./authority-options.js";
import { CliError } from "./cli-error.js";
import { addClusterOptions, type ClusterFlags, clusterWorld } from "./cluster-options.js";
import type { CliIo } from "./io.js";
import { packageVersion } from "./package-version.js";
import { textGuardOption } from "./text-guard-option.js";

type Server = typeof import("../server/index.js");

interface WebhookFlags extends ClusterFlags {
  readonly httpsAddress: ListenAddress;
  readonly monitoringAddress: ListenAddress;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly devCertDir: string;
  readonly serverName?: readonly string[];
  readonly clientCaFile?: string;
  readonly tlsMinVersion: "1.2" | "1.3";
  readonly tlsCipherSuites?: readonly string[];
  readonly injectConfigFile?: string;
  readonly valuesFile?: string;
  readonly meshConfigFile?: string;
  readonly objects?: readonly string[];
  readonly templateEnv?: readonly string[];
  readonly revision?: string;
  readonly nativeSidecars: "auto" | "true" | "false";
  readonly compliancePolicy?: string;
  readonly platform?: string;
  readonly textGuard: TextGuardMode;
  readonly skeletons: boolean;
  readonly workers: number;
  readonly drainDuration: number;
  readonly gracePeriod: number;
  readonly maxRequests?: number;
  readonly hangTimeout?: number;
  readonly quarantineFile?: string;
  readonly logLevel: string;
  readonly logFormat: "json" | "text";
}

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];
const list = (value: string): readonly string[] => value.split(",").map((item) => item.trim());

/** `pillion webhook`: the admission server. It runs until it is told to end. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("webhook")
    .summary("serve the admission webhook")
    .description(
      "Serves the mutating admission webhook over HTTPS, and metrics and probes over HTTP. Without flags it serves the " +
        "built-in configuration with a development certificate that it makes itself.",
    );
  addServerOptions(command);
  addTlsOptions(command);
  addConfigurationOptions(command);
  addClusterOptions(command);
  addAuthorityOptions(command);
  command.addHelpText(
    "after",
    "\nExamples:\n  pillion webhook\n" +
      "  pillion webhook --tls-cert-file tls.crt --tls-key-file tls.key \\\n" +
      "    --inject-config-file /etc/istio/inject/config --values-file /etc/istio/inject/values\n",
  );
  command.action(async (flags: WebhookFlags) => {
    // Loaded here, so that commands which serve nothing do not wait for a server's libraries.
    const server = await import("../server/index.js");
    try {
      const options = toOptions(flags, io, server);
      await server.runWebhook(options, clusterWorld(flags, options));
    } catch (error) {
      throw asCliError(error, server);
    }
  });
}

function addServerOptions(command: Command): void {
  command
    .option("--https-address <[host]:port>", "where /inject is served", parseAddress, { port: 15017 })
    .option(
      "--monitoring-address <[host]:port>",
      "where /metrics, /ready and /livez are served, without TLS",
      parseAddress,
      { port: 15014 },
    )
    .option("--workers <number>", "processes that serve", parseWorkers, 1)
    .option("--drain-duration <seconds>", "how long to go on answering after SIGTERM", parseSeconds, 5000)
    .option("--grace-period <seconds>", "how long work under way may take after that", parseSeconds, 10_000)
    .option(
      "--max-requests <number>",
      "requests to work on in one process before more are shed with 503",
      parseCount,
    )
    .option(
      "--hang-timeout <seconds>",
      "how long a process may not react before it is ended and replaced; 0: for ever (default: 8)",
      parseSeconds,
    )
    .option(
      "--quarantine-file <file>",
      "keeps the reviews that made the server hang, so that it rejects them after a restart too",
    )
    .addOption(new Option("--log-level <level>", "how much to log").choices([...logLevels]).default("info"))
    .addOption(
      new Option("--log-format <format>", "JSON lines, or text for people")
        .choices(["json", "text"])
        .default("json"),
    );
}

function addTlsOptions(command: Command): void {
  command
    .option("--tls-cert-file <file>", "serving certificate, PEM; followed when it changes")
    .option("--tls-key-file <file>", "its private key, PEM")
    .option("--dev-cert-dir <folder>", "home of the development certificate where none is given", "certs/dev")
    .option(
      "--server-name <name>",
      "DNS name or address the certificate must be for, such as pillion.istio-system.svc (repeatable)",
      collect,
    )
    .option(
      "--client-ca-file <file>",
      "authority of the clients that may call /inject; without it anybody may",
    )
    .addOption(
      new Option("--tls-min-version <version>", "oldest TLS version").choices(["1.2", "1.3"]).default("1.2"),
    )
    .option(
      "--tls-cipher-suites <names>",
      "cipher suites by Go's names, with commas between; of TLS 1.2 ECDHE with AEAD by default",
      list,
    );
}

/** The flags of `pillion inject`, as far as they make sense for a server. */
function addConfigurationOptions(command: Command): void {
  command
    .option(
      "--inject-config-file <file>",
      "inject config of Istio; followed when it changes, as the next three are",
    )
    .option("--values-file <file>", "injector values of Istio, YAML or JSON")
    .option("--mesh-config-file <file>", "mesh config of Istio")
    .option(
      "--objects <file>",
      "Namespaces, Nodes and ProxyConfigs that stand in for the cluster (repeatable)",
      collect,
    )
    .option("--template-env <name>", "let templates read this environment variable (repeatable)", collect)
    .option("-r, --revision <name>", "revision of the control plane (environment: REVISION)")
    .addOption(
      new Option(
        "--native-sidecars <mode>",
        "sidecars as init containers that keep running; auto asks the Nodes of --objects",
      )
        .choices(["auto", "true", "false"])
        .default("auto"),
    )
    .addOption(
      new Option(
        "--compliance-policy <name>",
        "compliance policy of the proxies and of this server (environment: COMPLIANCE_POLICY)",
      ).choices(["fips-140-2", "fips-140-3", "pqc"]),
    )
    .addOption(
      new Option("--platform <name>", "platform of the cluster (environment: PLATFORM)").choices([
        "openshift",
      ]),
    )
    .addOption(textGuardOption())
    .option("--no-skeletons", "render and parse each pod's templates from scratch");
}

function toOptions(
  flags: WebhookFlags,
  { env }: CliIo,
  { defaultLimits, defaultTimeouts, defaultHangMs }: Server,
): WebhookOptions {
  const compliancePolicy = flags.compliancePolicy ?? env.COMPLIANCE_POLICY ?? "";
  const { injectConfigFile, valuesFile, meshConfigFile, clientCaFile, quarantineFile } = flags;
  return {
    https: flags.httpsAddress,
    monitoring: flags.monitoringAddress,
    certificate: certificateSource(flags),
    serverNames: flags.serverName ?? [],
    ...(clientCaFile === undefined ? {} : { clientAuthority: clientCaFile }),
    tls: { minVersion: flags.tlsMinVersion, cipherSuites: flags.tlsCipherSuites ?? [], compliancePolicy },
    files: {
      ...(injectConfigFile === undefined ? {} : { injectConfig: injectConfigFile }),
      ...(valuesFile === undefined ? {} : { values: valuesFile }),
      ...(meshConfigFile === undefined ? {} : { mesh: meshConfigFile }),
      objects: flags.objects ?? [],
    },
    settings: {
      revision: flags.revision || env.REVISION || "default",
      nativeSidecars: flags.nativeSidecars,
      compliancePolicy,
      platform: flags.platform ?? env.PLATFORM ?? "",
      textGuard: flags.textGuard,
      skeletons: flags.skeletons,
      environment: Object.fromEntries(
        (flags.templateEnv ?? []).flatMap((name) => {
          const value = env[name];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    },
    workers: flags.workers,
    limits: { ...defaultLimits, requests: flags.maxRequests ?? defaultLimits.requests },
    timeouts: defaultTimeouts,
    drainMs: flags.drainDuration,
    graceMs: flags.gracePeriod,
    hang: {
      timeoutMs: flags.hangTimeout ?? defaultHangMs,
      ...(quarantineFile === undefined ? {} : { quarantineFile }),
    },
    watch: { debounceMs: 100, rereadMs: 60_000 },
    log: { level: isLogLevel(flags.logLevel) ? flags.logLevel : "info", format: flags.logFormat },
    build: { version: packageVersion, istio: embeddedDefaults.istioVersion },
  };
}

function certificateSource({
  tlsCertFile,
  tlsKeyFile,
  devCertDir,
  caSecret,
}: WebhookFlags): CertificateSource {
  if (caSecret !== undefined) {
    if (tlsCertFile !== undefined || tlsKeyFile !== undefined)
      throw new CliError("usage", "give the certificate by files or by --ca-secret, not by both");
    return { kind: "cluster" };
  }
  if (tlsCertFile !== undefined && tlsKeyFile !== undefined) {
    return { kind: "files", certificate: tlsCertFile, key: tlsKeyFile };
  }
  if (tlsCertFile !== undefined || tlsKeyFile !== undefined) {
    throw new CliError("usage", "--tls-cert-file and --tls-key-file go together");
  }
  return { kind: "development", folder: devCertDir };
}

/** What the operator can do something about is told as such; a fault of our own stays what it is. */
function asCliError(error: unknown, { ServerError }: Server): unknown {
  if (error instanceof ReloadError) {
    // Istio's words for the two, which operators may look for.
    const what = error.stage === "read" ? "get initial configuration" : "process webhook config";
    return new CliError("configuration", `cannot start: failed to ${what}: ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof CertificateError || error instanceof ServerError) {
    return new CliError("configuration", `cannot start: ${error.message}`, { cause: error });
  }
  // The class of src/cluster is known by its name: loading it would load the cluster's client library.
  if (error instanceof Error && error.name === "ClusterError") {
    return new CliError("configuration", `cannot start: ${error.message}`, { cause: error });
  }
  if (error instanceof Error && "syscall" in error) {
    return new CliError("file", `cannot start: ${error.message}`, { cause: error });
  }
  return error;
}

function parseAddress(text: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new InvalidArgumentError("Write [HOST]:PORT, such as :15017.");
  const host = bracketed ?? plain ?? "";
  return host === "" ? { port } : { host, port };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count < 1) throw new InvalidArgumentError("Write a number from 1.");
  return count;
}

function parseWorkers(text: string): number {
  const count = parseCount(text);
  if (count > 64) throw new InvalidArgumentError("Write a number from 1 to 64.");
  return count;
}

/** Seconds on the command line, milliseconds inside. */
function parseSeconds(text: string): number {
  if (!/^\d{1,5}(\.\d{1,3})?s?$/.test(text))
    throw new InvalidArgumentError("Write seconds, such as 5 or 0.5s.");
  return Math.round(Number.parseFloat(text) * 1000);
}
