import { isLoopback, parseGoBool, parsePrefix, prefixContains } from "../go/index.js";
import { excerpt } from "../text/index.js";
import { InterceptionError } from "./interception-error.js";
import { annotationNames } from "./settings/annotation-name.js";
import type { CaptureSettings } from "./settings/capture-settings.js";
import { type InjectorDefaults, injectorDefaults } from "./settings/injector-arguments.js";
import { splitList } from "./settings/list-value.js";
import { captureOf } from "./settings/pod-settings.js";
import { type ContainerView, containerNamed, type PodView, viewPod } from "./settings/pod-view.js";

/** Why settings of a pod contradict each other, or trap it. */
export const contradictionCodes = {
  "application-is-proxy":
    "an application container runs as the proxy's uid or gid, so none of its traffic is captured",
  "include-has-loopback": "the outbound ranges contain loopback addresses",
  "excluded-probe-port":
    "a probe is rewritten to the agent's port, but the agent's port is captured or the probed port is excluded",
  "too-many-owner-groups": "more owner groups than iptables takes in one rule",
  "tproxy-captures-tunnel": "TPROXY mode captures the HBONE port",
  "none-with-cni": "interceptionMode NONE makes pod creation fail where the CNI plugin is enabled",
  "impossible-interface": "an interface name that cannot exist",
  "owner-groups-empty": "the list of owner groups is empty, which turns outbound capture off",
  "validation-cannot-pass": "the loopback CIDR contains 127.0.0.6, so the validation container always fails",
  "proxy-gid-not-spared": "the proxy's gid differs from its uid, and init mode spares only the uid",
  "excludes-ignored": "excluded inbound ports are ignored where inbound ports are listed",
  "settings-unreadable": "the pod's capture settings cannot be planned",
} as const;

export type ContradictionCode = keyof typeof contradictionCodes;

/** One contradiction, with what to do about it. */
export interface Contradiction {
  readonly code: ContradictionCode;
  /** One sentence for people, naming container, annotation and remedy; made to fit an admission warning. */
  readonly message: string;
}

/** More group matches than this iptables-restore refuses in one rule (1.8.9, both variants). */
export const ownerGroupMatchLimit = 49;

interface Case {
  readonly pod: PodView;
  readonly settings: CaptureSettings;
  /** What follows from the settings alone. */
  readonly facts: SettingsFacts;
  readonly cni: boolean;
  readonly statusPort: string;
  /** Whether the mesh gives the proxy an HBONE listener. */
  readonly hbone: boolean;
}

type Check = (given: Case) => readonly Contradiction[];

/** The lists that checks look into for every pod, and what the checks find that look at nothing but the settings. */
function settingsFacts(settings: CaptureSettings) {
  return {
    uids: setOf(settings.proxyUids),
    gids: setOf(settings.proxyGids),
    inbound: setOf(settings.inboundPorts),
    inboundExclude: setOf(settings.inboundPortsExclude),
    includeHasLoopback: includeHasLoopback(settings),
    tooManyOwnerGroups: tooManyOwnerGroups(settings),
    impossibleInterface: impossibleInterface(settings),
    ownerGroupsEmpty: ownerGroupsEmpty(settings),
  };
}

function setOf(list: string): ReadonlySet<string> {
  return new Set(splitList(list));
}

type SettingsFacts = ReturnType<typeof settingsFacts>;

const knownFacts = new WeakMap<CaptureSettings, SettingsFacts>();

/** The facts of settings, worked out once for the pods that share them. */
function factsOf(settings: CaptureSettings): SettingsFacts {
  const known = knownFacts.get(settings);
  if (known !== undefined) return known;
  const facts = settingsFacts(settings);
  knownFacts.set(settings, facts);
  return facts;
}

const nothing: readonly Contradiction[] = [];

function found(code: ContradictionCode, message: string): readonly Contradiction[] {
  return [{ code, message }];
}

const ours = new Set(["istio-proxy", "istio-init", "istio-validation"]);

/** What a check finds in each container by itself. */
function inContainers(
  given: Case,
  check: (given: Case, container: ContainerView) => readonly Contradiction[],
): readonly Contradiction[] {
  let all: Contradiction[] | undefined;
  for (const container of given.pod.containers) {
    if (ours.has(container.name)) continue;
    const some = check(given, container);
    if (some.length === 0) continue;
    all ??= [];
    all.push(...some);
  }
  return all ?? nothing;
}

const applicationIsProxy: Check = (given) => inContainers(given, containerIsProxy);

function containerIsProxy({ pod, facts }: Case, container: ContainerView): readonly Contradiction[] {
  if (container.init) return nothing;
  const { uids, gids } = facts;
  const uid = String(container.runAsUser ?? pod.runAsUser ?? "");
  const gid = String(container.runAsGroup ?? pod.runAsGroup ?? "");
  if (uids.has(uid))
    return found(
      "application-is-proxy",
      `container ${container.name} runs as uid ${uid}, the proxy's: its traffic is not captured; give it another runAsUser`,
    );
  if (gids.has(gid))
    return found(
      "application-is-proxy",
      `container ${container.name} runs as gid ${gid}, the proxy's: its traffic is not captured; give it another runAsGroup`,
    );
  return nothing;
}

function includeHasLoopback(settings: CaptureSettings): readonly Contradiction[] {
  const loopback = splitList(settings.outboundRanges).find((text) => {
    const prefix = parsePrefix(text);
    return prefix !== undefined && isLoopback(prefix.address);
  });
  if (loopback === undefined) return nothing;
  return found(
    "include-has-loopback",
    `includeOutboundIPRanges contains ${loopback}, so loopback traffic goes through the proxy; leave it out`,
  );
}

/** Rewritten probes ask the agent on the status port; the kubelet cannot reach it if inbound capture takes it. */
const excludedProbePort: Check = (given) => {
  const { pod, statusPort } = given;
  const rewrites = parseGoBool(pod.annotations.get(annotationNames.rewriteProbers) ?? "true") !== false;
  if (!rewrites || statusPort === "0" || statusPort === "") return nothing;
  return inContainers(given, probesAskExcluded);
};

function probesAskExcluded(
  { settings, facts, statusPort }: Case,
  container: ContainerView,
): readonly Contradiction[] {
  const { probes } = container;
  if (probes.length === 0) return nothing;
  const { inbound: included, inboundExclude: excluded } = facts;
  const captured = settings.inboundPorts === "*" ? !excluded.has(statusPort) : included.has(statusPort);
  const all: Contradiction[] = [];
  for (const { handler, kind, port: asked = "" } of probes) {
    if (handler === "other") continue;
    const port = String(container.ports.get(asked) ?? asked);
    if (captured)
      all.push({
        code: "excluded-probe-port",
        message: `${kind} of ${container.name} is rewritten to port ${statusPort}, which is captured; exclude ${statusPort} from inbound capture`,
      });
    else if (
      settings.inboundPorts === "*" &&
      port !== statusPort &&
      excluded.has(port) &&
      !ownPorts.has(port)
    )
      all.push({
        code: "excluded-probe-port",
        message: `${kind} of ${container.name} asks excluded port ${port} but is rewritten to ${statusPort}; set ${annotationNames.rewriteProbers}: "false"`,
      });
  }
  return all;
}

const ownPorts = new Set(["15020", "15021", "15090"]);

function tooManyOwnerGroups(settings: CaptureSettings): readonly Contradiction[] {
  const count = settings.ownerGroups === "*" ? 0 : splitList(settings.ownerGroups).length;
  if (count <= ownerGroupMatchLimit) return nothing;
  return found(
    "too-many-owner-groups",
    `ISTIO_OUTBOUND_OWNER_GROUPS lists ${count} groups, but iptables-restore takes ${ownerGroupMatchLimit} in one rule; list fewer`,
  );
}

/** Whether anything about the pod speaks of HBONE; without it, nobody misses the port. */
function takesHbone(pod: PodView, tunnel: string): boolean {
  const proxy = containerNamed(pod, "istio-proxy");
  return (
    pod.labels.get("networking.istio.io/tunnel") === "http" ||
    parseGoBool(proxy?.env.get("ISTIO_META_ENABLE_HBONE") ?? "") === true ||
    pod.containers.some((container) => [...container.ports.values()].some((port) => String(port) === tunnel))
  );
}

const tproxyCapturesTunnel: Check = ({ pod, settings, facts, hbone }) => {
  if (settings.interceptionMode !== "TPROXY") return nothing;
  const tunnel = settings.tunnelPort;
  if (!hbone && !takesHbone(pod, tunnel) && !facts.inbound.has(tunnel)) return nothing;
  const captured =
    settings.inboundPorts === "*" ? !facts.inboundExclude.has(tunnel) : facts.inbound.has(tunnel);
  if (!captured) return nothing;
  return found(
    "tproxy-captures-tunnel",
    `TPROXY mode captures the HBONE port ${tunnel}; if the pod takes HBONE, add ${tunnel} to ${annotationNames.excludeInboundPorts}`,
  );
};

function impossibleInterface(settings: CaptureSettings): readonly Contradiction[] {
  return (["excludeInterfaces", "rerouteInterfaces"] as const).flatMap((setting) =>
    splitList(settings[setting]).flatMap((name) => {
      const shown = JSON.stringify(excerpt(name, 40));
      const possible = /^[^\s/:]{1,15}$/.test(name) && name !== "." && name !== "..";
      return possible
        ? []
        : found(
            "impossible-interface",
            `no interface can be called ${shown} (1 to 15 characters, no blank, slash or colon); correct ${setting}`,
          );
    }),
  );
}

function ownerGroupsEmpty(settings: CaptureSettings): readonly Contradiction[] {
  if (splitList(settings.ownerGroups).length > 0) return nothing;
  return found(
    "owner-groups-empty",
    "ISTIO_OUTBOUND_OWNER_GROUPS is set but empty, which turns outbound capture off; remove it or set *",
  );
}

/** The source of the proxy's inbound side, and the address the validation connects to. */
const passthrough = { family: 4, value: 0x7f000006n } as const;

const validationCannotPass: Check = ({ settings, cni }) => {
  if (!cni) return nothing;
  const prefix = parsePrefix(settings.loopbackCidr);
  if (prefix === undefined || !prefixContains(prefix, passthrough)) return nothing;
  return found(
    "validation-cannot-pass",
    `loopback CIDR ${settings.loopbackCidr} contains 127.0.0.6, so istio-validation always fails; use 127.0.0.1/32`,
  );
};

const proxyGidNotSpared: Check = ({ pod, settings, facts, cni }) => {
  const proxy = containerNamed(pod, "istio-proxy");
  const gid = proxy?.runAsGroup;
  if (cni || gid === undefined || facts.gids.has(String(gid))) return nothing;
  return found(
    "proxy-gid-not-spared",
    `istio-proxy runs as gid ${gid}, but istio-init spares gid ${settings.proxyGids}; run it as that gid, or pass -g ${gid}`,
  );
};

const excludesIgnored: Check = ({ pod, settings }) => {
  const excluded = pod.annotations.get(annotationNames.excludeInboundPorts) ?? "";
  if (settings.inboundPorts === "*" || excluded === "") return nothing;
  return found(
    "excludes-ignored",
    `${annotationNames.excludeInboundPorts} counts only where includeInboundPorts is *; it is ${JSON.stringify(settings.inboundPorts)}`,
  );
};

const checks: readonly Check[] = [
  applicationIsProxy,
  ({ facts }) => facts.includeHasLoopback,
  excludedProbePort,
  ({ facts }) => facts.tooManyOwnerGroups,
  tproxyCapturesTunnel,
  ({ facts }) => facts.impossibleInterface,
  ({ facts }) => facts.ownerGroupsEmpty,
  validationCannotPass,
  proxyGidNotSpared,
  excludesIgnored,
];

function noneWithCni(pod: PodView, defaults: InjectorDefaults): readonly Contradiction[] | undefined {
  const mode = pod.annotations.get(annotationNames.interceptionMode) ?? defaults.interceptionMode;
  if (mode !== "NONE") return undefined;
  if (!defaults.cniEnabled) return nothing;
  return found(
    "none-with-cni",
    "interceptionMode NONE makes pod creation fail under the CNI plugin; exclude all ports and ranges instead",
  );
}

function hboneMetadata({ proxyMetadata }: InjectorDefaults): string {
  const name = "ISTIO_META_ENABLE_HBONE";
  return (Object.hasOwn(proxyMetadata, name) ? proxyMetadata[name] : undefined) ?? "";
}

/**
 * Tells where a pod's capture settings contradict each other or trap the pod. Works on a pod before and after
 * injection; never throws.
 * @param value the pod as parsed JSON
 * @param defaults what the mesh says where the pod says nothing
 */
export function contradictions(
  value: unknown,
  defaults: InjectorDefaults = injectorDefaults,
): readonly Contradiction[] {
  try {
    const pod = viewPod(value);
    const none = noneWithCni(pod, defaults);
    if (none !== undefined) return none;
    const { settings, mode } = captureOf(pod, defaults);
    const statusPort = pod.annotations.get(annotationNames.statusPort) ?? defaults.statusPort;
    const hbone = parseGoBool(hboneMetadata(defaults)) === true;
    const given: Case = { pod, settings, facts: factsOf(settings), cni: mode === "cni", statusPort, hbone };
    const all: Contradiction[] = [];
    for (const check of checks) {
      for (const one of check(given)) all.push(one);
    }
    return all;
  } catch (error) {
    if (!(error instanceof InterceptionError)) throw error;
    return error.code === "pod-invalid"
      ? nothing
      : found("settings-unreadable", `istio-init: ${excerpt(error.message)}`);
  }
}
