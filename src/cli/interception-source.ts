import type { Command } from "commander";
import {
  type CaptureSettings,
  type HostFacts,
  type InjectorDefaults,
  injectorDefaults,
  isSettingName,
  type Origins,
  podSettings,
  profileOf,
  profiles,
  readArguments,
  type StrategyName,
  strategies,
  strategyOf,
  withProxyIds,
} from "../interception/index.js";
import type { JsonObject } from "../json/index.js";
import { readManifestPods } from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";
import { readText } from "./read-text.js";

/** The flags that say whose rules are meant. */
export interface SourceFlags {
  readonly filename?: string;
  readonly profile?: string;
  readonly release?: string;
  readonly strategy?: string;
  readonly ipv6?: boolean;
  readonly dnsServer?: readonly string[];
  readonly cni?: boolean;
  readonly proxyMetadata?: readonly string[];
  readonly nativeNftables?: boolean;
}

/** One set of settings to plan, with a heading if there are several. */
export interface RuleSource {
  readonly name: string;
  readonly settings: CaptureSettings;
  readonly origins: Origins;
  readonly release: string;
  readonly strategy: StrategyName;
  readonly host: HostFacts;
  readonly nativeNftables: boolean;
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Adds the flags of {@link SourceFlags}. */
export function addSourceOptions(command: Command): Command {
  return command
    .option("-f, --filename <path>", "pod or workload, injected or not, or - for standard input")
    .option("--profile <name>", "a rule set of the past instead of a pod (see below)")
    .option("--release <release>", "the rules of this Istio release, 1.2 or later (default: today's)")
    .option("--strategy <name>", "how the proxy's own traffic is known: owner, mark or cgroup (see below)")
    .option("--ipv6", "the pod has IPv6")
    .option("--dns-server <address>", "a name server of the pod's resolv.conf (repeatable)", collect)
    .option("--cni", "for a pod not injected yet: the CNI plugin programs the rules")
    .option("--proxy-metadata <name=value>", "an entry of proxyConfig.proxyMetadata (repeatable)", collect)
    .option("--native-nftables", "nft rules instead of iptables");
}

/** Help about profiles and strategies, for every command that takes them. */
export function sourceHelp(): string {
  const known = profiles.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`).join("\n");
  const ways = Object.values(strategies)
    .map(
      ({ name, summary, costs, needs }) =>
        `  ${name.padEnd(8)} ${summary}.\n           Costs: ${costs}.\n           Needs: ${needs}.`,
    )
    .join("\n");
  return `
Instead of a file or a profile, the flags of istio-iptables may follow --:
  -- -b '*' -i 10.0.0.0/8

Profiles:
${known}

Ways to spare the proxy's own traffic:
${ways}
`;
}

function metadataOf(flags: SourceFlags): Record<string, string> {
  const entries = (flags.proxyMetadata ?? []).map((entry): [string, string] => {
    const equals = entry.indexOf("=");
    if (equals < 1) throw new CliError("usage", `--proxy-metadata ${entry}: write NAME=value`);
    return [entry.slice(0, equals), entry.slice(equals + 1)];
  });
  return Object.fromEntries(entries);
}

/** What the mesh says, as far as flags tell. */
export function defaultsOf(flags: SourceFlags): InjectorDefaults {
  return { ...injectorDefaults, cniEnabled: flags.cni ?? false, proxyMetadata: metadataOf(flags) };
}

function hostOf(flags: SourceFlags): HostFacts {
  const servers = flags.dnsServer ?? [];
  return {
    ipv6: flags.ipv6 ?? false,
    dnsServersV4: servers.filter((server) => !server.includes(":")),
    dnsServersV6: servers.filter((server) => server.includes(":")),
  };
}

/** A pod of a file, and the workload it stands in. */
export interface NamedPod {
  readonly name: string;
  readonly pod: JsonObject;
}

/** The pods of a YAML or JSON file: those of workloads and Lists too. Other objects are passed over. */
export async function readPods(path: string, io: CliIo): Promise<readonly NamedPod[]> {
  const file = await readText(path, "--filename", io);
  const { pods, errors } = readManifestPods(file);
  const [error] = errors;
  if (error !== undefined) throw error;
  if (pods.length === 0)
    throw new CliError("input", `${file.source} holds no pod and no workload with a pod template`);
  return pods.map(({ object, template }) => ({ name: object, pod: template.pod }));
}

/** The settings that the flags, a file, a profile or arguments behind `--` describe. */
export async function readSources(
  flags: SourceFlags,
  words: readonly string[],
  io: CliIo,
): Promise<readonly RuleSource[]> {
  const given = [flags.filename !== undefined, flags.profile !== undefined, words.length > 0];
  if (given.filter(Boolean).length !== 1)
    throw new CliError(
      "usage",
      "Name one of: a pod (-f), a profile (--profile), or flags of istio-iptables behind --",
    );
  const strategy = strategyOf(flags.strategy ?? "owner").name;
  const common = { strategy, host: hostOf(flags), release: flags.release ?? "current" };
  const native = flags.nativeNftables ?? false;
  if (flags.profile !== undefined) {
    const profile = profileOf(flags.profile);
    const release = flags.release ?? profile.release;
    const { name, settings } = profile;
    const origins = new Map(
      Object.keys(settings)
        .filter(isSettingName)
        .map((key) => [key, `profile ${name}`] as const),
    );
    return [{ ...common, name, settings, origins, release, nativeNftables: native }];
  }
  if (flags.filename === undefined) {
    const request = readArguments(words, {});
    const settings = withProxyIds(request.settings, undefined);
    const nativeNftables = native || request.options.nativeNftables;
    return [{ ...common, name: "istio-iptables", settings, origins: request.origins, nativeNftables }];
  }
  const pods = await readPods(flags.filename, io);
  return pods.map(({ name, pod }) => {
    const { settings, origins, options } = podSettings(pod, defaultsOf(flags));
    const nativeNftables = native || (options?.nativeNftables ?? false);
    return { ...common, name, settings, origins, nativeNftables };
  });
}
