import { InterceptionError } from "../interception-error.js";
import { type SettingName, type SettingsWithOrigins, withProxyIds } from "./capture-settings.js";
import { cniAnnotations, cniSettings, cniVariables } from "./cni-settings.js";
import type { ExecutionOptions } from "./flag-table.js";
import { annotatedForCni } from "./injector-annotations.js";
import { type InjectorDefaults, injectorArguments, injectorDefaults } from "./injector-arguments.js";
import { containerNamed, type PodView, viewPod } from "./pod-view.js";
import { readArguments } from "./read-arguments.js";

/** A pod's capture settings, and who programs them. */
export interface PodCapture extends SettingsWithOrigins {
  /** `init`: the pod's own init container. `cni`: the node's CNI plugin. */
  readonly mode: "init" | "cni";
  /** Whether the pod carries a sidecar already. */
  readonly injected: boolean;
  /** Execution options of the init container; undefined in CNI mode. */
  readonly options: ExecutionOptions | undefined;
  /** The words the init container gets, without `istio-iptables`; undefined in CNI mode. */
  readonly arguments: readonly string[] | undefined;
}

const noCapture = "interceptionMode is NONE, so nothing captures this pod's traffic";

function fromInit(
  pod: PodView,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  injected: boolean,
): PodCapture {
  const words = args[0] === "istio-iptables" ? args.slice(1) : args;
  const request = readArguments(words, env);
  return {
    mode: "init",
    injected,
    settings: withProxyIds(request.settings, undefined),
    origins: originsOfInit(pod, request.origins),
    options: request.options,
    arguments: words,
  };
}

/** A flag of an injected pod came from an annotation if the pod has one for it. */
function originsOfInit(
  pod: PodView,
  origins: ReadonlyMap<SettingName, string>,
): ReadonlyMap<SettingName, string> {
  const annotated = injectorArguments(pod, injectorDefaults)?.origins ?? new Map<SettingName, string>();
  const result = new Map(origins);
  for (const [setting, origin] of annotated) {
    const known = result.get(setting);
    if (known !== undefined && origin.startsWith("annotation"))
      result.set(setting, `${known}, from ${origin}`);
  }
  return result;
}

/**
 * The settings an injected pod lives by: those in the arguments of `istio-init`, or with CNI (`istio-validation`) those
 * the plugin reads. Undefined if the pod is not injected.
 */
function fromInjected(pod: PodView): PodCapture | undefined {
  const init = containerNamed(pod, "istio-init");
  if (init !== undefined) return fromInit(pod, init.args, Object.fromEntries(init.env), true);
  if (containerNamed(pod, "istio-proxy") === undefined) return undefined;
  if (containerNamed(pod, "istio-validation") === undefined)
    throw new InterceptionError(
      "pod-invalid",
      `the pod has istio-proxy but neither istio-init nor istio-validation: ${noCapture}`,
    );
  return { ...cniSettings(pod), mode: "cni", injected: true, options: undefined, arguments: undefined };
}

/**
 * The settings of a pod: read from its sidecar if it has one, else those injection would give it.
 * @param value the pod, or a workload with a pod template, as parsed JSON
 * @throws InterceptionError `pod-invalid`, `usage` for arguments nobody could have written, or `annotation-invalid`.
 */
export function podSettings(value: unknown, defaults: InjectorDefaults = injectorDefaults): PodCapture {
  return viewSettings(viewPod(value), defaults);
}

function viewSettings(pod: PodView, defaults: InjectorDefaults): PodCapture {
  const injected = fromInjected(pod);
  if (injected !== undefined) return injected;
  const written = injectorArguments(pod, defaults);
  if (written === undefined) throw new InterceptionError("pod-invalid", noCapture);
  const init = fromInit(pod, written.args, written.env, false);
  const origins = new Map([...init.origins, ...written.origins]);
  if (!defaults.cniEnabled) return { ...init, origins };
  return {
    ...cniSettings(annotatedForCni(pod, defaults)),
    mode: "cni",
    injected: false,
    options: undefined,
    arguments: undefined,
  };
}

/** What a pod's settings are, without where they came from. */
export type Capture = Pick<PodCapture, "settings" | "mode">;

/**
 * The captures of sidecars by what they are read from. The pods of a mesh differ little in it: most have what the mesh says.
 * The limits keep pods that all differ, or have long lists, from growing it.
 */
const kept = new Map<string, { readonly source: Source; readonly capture: Capture }>();
const mostKept = 256;
const longestKept = 4096;

/** The captures by the arguments of an init container without variables: those of a template are one frozen list for all. */
const byArguments = new WeakMap<readonly string[], Capture>();

/** As {@link podSettings}, for a caller to whom the origins are nothing: pods that say the same share one capture. */
export function captureOf(pod: PodView, defaults: InjectorDefaults): Capture {
  const init = containerNamed(pod, "istio-init");
  if (init === undefined) return captureFrom(sourceOf(pod), pod, defaults);
  const { args, env } = init;
  const shared = env.size === 0 && Object.isFrozen(args);
  const known = shared ? byArguments.get(args) : undefined;
  if (known !== undefined) return known;
  const capture = captureFrom([args.length, ...args, ...[...env].flat()], pod, defaults);
  if (shared) byArguments.set(args, capture);
  return capture;
}

function captureFrom(source: Source | undefined, pod: PodView, defaults: InjectorDefaults): Capture {
  if (source === undefined) return viewSettings(pod, defaults);
  // The key is quick to make, but two sources may have one: the list that is kept with it tells them apart.
  const key = source.join();
  const known = kept.get(key);
  if (known !== undefined && sameSource(known.source, source)) return known.capture;
  const { settings, mode } = viewSettings(pod, defaults);
  const capture = { settings, mode };
  if (kept.size >= mostKept) kept.clear();
  if (key.length <= longestKept) kept.set(key, { source, capture });
  return capture;
}

type Source = readonly (string | number | undefined)[];

function sameSource(a: Source, b: Source): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** All that the capture of a pod without init container is read from; undefined for a pod that is not injected. */
function sourceOf(pod: PodView): Source | undefined {
  const proxy = containerNamed(pod, "istio-proxy");
  if (proxy === undefined || containerNamed(pod, "istio-validation") === undefined) return undefined;
  const annotations = cniAnnotations.map((name) => pod.annotations.get(name));
  const flags = cniVariables.map((name) => proxy.env.get(name));
  return ["cni", ...annotations, ...flags, proxy.runAsUser, proxy.runAsGroup];
}
