import { parseGoBool } from "../../go/index.js";
import { InterceptionError } from "../interception-error.js";
import {
  type CaptureSettings,
  defaultSettings,
  isSettingName,
  type SettingName,
} from "./capture-settings.js";
import { type ExecutionOptions, environmentName, type Flag, flagTable, loggingFlags } from "./flag-table.js";
import { readDuration, readPort } from "./read-value.js";

/** What istio-iptables was asked to do. */
export interface Request {
  readonly settings: CaptureSettings;
  readonly options: ExecutionOptions;
  /** Where each setting that is not a default came from. */
  readonly origins: ReadonlyMap<SettingName, string>;
}

/** Environment variables; a variable that is set to the empty string counts as set. */
export type Environment = Readonly<Record<string, string | undefined>>;

const defaultOptions: ExecutionOptions = {
  dryRun: false,
  probePort: 15002,
  probeTimeout: 5000,
  skipRuleApply: false,
  runValidation: false,
  networkNamespace: "",
  cniMode: false,
  reconcile: false,
  cleanupOnly: false,
  forceApply: false,
  nativeNftables: false,
  forceBinary: "",
  dryRunFile: "",
  envoyUser: "istio-proxy",
};

type Value = string | boolean | number;

const byName = new Map(flagTable.map((flag) => [flag.name, flag]));
const byShort = new Map(flagTable.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])));

/** Variables without a flag, and the setting each fills. */
const environmentOnly: readonly (readonly [string, "ownerGroups" | "ownerGroupsExclude" | "loopbackCidr"])[] =
  [
    ["ISTIO_OUTBOUND_OWNER_GROUPS", "ownerGroups"],
    ["ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", "ownerGroupsExclude"],
    ["ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR", "loopbackCidr"],
  ];

function readValue(flag: Flag, text: string): Value | undefined {
  switch (flag.kind) {
    case "string":
      return text;
    case "boolean":
      return parseGoBool(text);
    case "port":
      return readPort(text);
    case "duration":
      return readDuration(text);
  }
}

class Collector {
  readonly values = new Map<string, Value>();
  readonly origins = new Map<SettingName, string>();

  set(flag: Flag, value: Value, origin: string): void {
    this.values.set(flag.target, value);
    if (isSettingName(flag.target)) this.origins.set(flag.target, origin);
  }
}

function variable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/** A value that cannot be read is passed over without a word, as Istio does. */
function readEnvironment(environment: Environment, into: Collector): void {
  for (const flag of flagTable) {
    if (!flag.environment) continue;
    for (const name of [environmentName(flag.name), ...(flag.alias === undefined ? [] : [flag.alias])]) {
      const text = variable(environment, name);
      const value = text === undefined ? undefined : readValue(flag, text);
      if (value !== undefined) into.set(flag, value, `environment variable ${name}`);
    }
  }
  for (const [name, setting] of environmentOnly) {
    const text = variable(environment, name);
    if (text === undefined) continue;
    into.values.set(setting, text);
    into.origins.set(setting, `environment variable ${name}`);
  }
}

function usage(message: string): InterceptionError {
  return new InterceptionError("usage", message);
}

function setFlag(flag: Flag, text: string, spelling: string, into: Collector): void {
  const value = readValue(flag, text);
  if (value === undefined)
    throw usage(
      `${spelling}: ${JSON.stringify(text)} is not a ${flag.kind === "port" ? "port (0 to 65535)" : flag.kind}`,
    );
  into.set(flag, value, `flag --${flag.name}`);
}

/** Reads words as Go's pflag does: `--name value`, `--name=value`, `-x value`, `-xvalue`, `-x=value`, grouped booleans. */
class ArgumentReader {
  #next = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly into: Collector,
  ) {}

  read(): void {
    for (let word = this.#take(); word !== undefined; word = this.#take()) {
      if (word === "--") {
        const rest = this.#take();
        if (rest !== undefined) throw usage(`unexpected argument ${JSON.stringify(rest)}`);
      } else if (word.startsWith("--")) this.#long(word.slice(2));
      else if (word.startsWith("-") && word.length > 1) this.#short(word.slice(1));
      else throw usage(`unexpected argument ${JSON.stringify(word)}: every value follows a flag`);
    }
  }

  #take(): string | undefined {
    return this.words[this.#next++];
  }

  #argument(spelling: string): string {
    const text = this.#take();
    if (text === undefined) throw usage(`flag needs an argument: ${spelling}`);
    return text;
  }

  #long(body: string): void {
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    const inline = equals < 0 ? undefined : body.slice(equals + 1);
    const flag = byName.get(name);
    if (flag !== undefined) {
      const implied = flag.kind === "boolean" ? "true" : undefined;
      setFlag(flag, inline ?? implied ?? this.#argument(`--${name}`), `--${name}`, this.into);
      return;
    }
    const takesValue = loggingFlags.get(name);
    if (takesValue === undefined) throw usage(`unknown flag: --${name}`);
    if (takesValue && inline === undefined) this.#argument(`--${name}`);
  }

  #short(group: string): void {
    for (let at = 0; at < group.length; at++) {
      const letter = group.charAt(at);
      const flag = byShort.get(letter);
      if (flag === undefined) throw usage(`unknown shorthand flag: -${letter}`);
      const rest = group.slice(at + 1);
      if (flag.kind === "boolean" && !rest.startsWith("=")) {
        setFlag(flag, "true", `-${letter}`, this.into);
        continue;
      }
      const text = rest.startsWith("=") ? rest.slice(1) : rest === "" ? this.#argument(`-${letter}`) : rest;
      setFlag(flag, text, `-${letter}`, this.into);
      return;
    }
  }
}

function text(values: ReadonlyMap<string, Value>, name: string, fallback: string): string {
  const value = values.get(name);
  return typeof value === "string" ? value : fallback;
}

function truth(values: ReadonlyMap<string, Value>, name: string): boolean {
  return values.get(name) === true;
}

function number(values: ReadonlyMap<string, Value>, name: string, fallback: number): number {
  const value = values.get(name);
  return typeof value === "number" ? value : fallback;
}

function toSettings(values: ReadonlyMap<string, Value>): CaptureSettings {
  const of = (name: Exclude<SettingName, "interceptionMode" | BooleanSetting>) =>
    text(values, name, defaultSettings[name]);
  return {
    outboundPort: of("outboundPort"),
    inboundPort: of("inboundPort"),
    tunnelPort: of("tunnelPort"),
    proxyUids: of("proxyUids"),
    proxyGids: of("proxyGids"),
    // Anything but the exact word is REDIRECT, as in Istio.
    interceptionMode: text(values, "interceptionMode", "") === "TPROXY" ? "TPROXY" : "REDIRECT",
    tproxyMark: of("tproxyMark"),
    tproxyRouteTable: of("tproxyRouteTable"),
    inboundPorts: of("inboundPorts"),
    inboundPortsExclude: of("inboundPortsExclude"),
    excludeInterfaces: of("excludeInterfaces"),
    outboundRanges: of("outboundRanges"),
    outboundRangesExclude: of("outboundRangesExclude"),
    outboundPorts: of("outboundPorts"),
    outboundPortsExclude: of("outboundPortsExclude"),
    rerouteInterfaces: of("rerouteInterfaces"),
    redirectDns: truth(values, "redirectDns"),
    captureAllDns: truth(values, "captureAllDns"),
    dropInvalid: truth(values, "dropInvalid"),
    dualStack: truth(values, "dualStack"),
    ownerGroups: of("ownerGroups"),
    ownerGroupsExclude: of("ownerGroupsExclude"),
    loopbackCidr: of("loopbackCidr"),
  };
}

type BooleanSetting = "redirectDns" | "captureAllDns" | "dropInvalid" | "dualStack";

function toOptions(values: ReadonlyMap<string, Value>, environment: Environment): ExecutionOptions {
  return {
    dryRun: truth(values, "dryRun"),
    probePort: number(values, "probePort", defaultOptions.probePort),
    probeTimeout: number(values, "probeTimeout", defaultOptions.probeTimeout),
    skipRuleApply: truth(values, "skipRuleApply"),
    runValidation: truth(values, "runValidation"),
    networkNamespace: text(values, "networkNamespace", ""),
    cniMode: truth(values, "cniMode"),
    reconcile: truth(values, "reconcile"),
    cleanupOnly: truth(values, "cleanupOnly"),
    forceApply: truth(values, "forceApply"),
    nativeNftables: truth(values, "nativeNftables"),
    forceBinary: text(values, "forceBinary", ""),
    dryRunFile: variable(environment, "DRY_RUN_FILE_PATH") ?? defaultOptions.dryRunFile,
    envoyUser: variable(environment, "ENVOY_USER") ?? defaultOptions.envoyUser,
  };
}

/**
 * Reads the arguments and environment of `istio-iptables` (without the command's own name). The environment is read
 * first, a flag overrides it.
 * @throws InterceptionError `usage` for a flag that does not exist or cannot be read.
 */
export function readArguments(words: readonly string[], environment: Environment): Request {
  const collector = new Collector();
  readEnvironment(environment, collector);
  new ArgumentReader(words, collector).read();
  return {
    settings: toSettings(collector.values),
    options: toOptions(collector.values, environment),
    origins: collector.origins,
  };
}
