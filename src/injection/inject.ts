import { contradictions } from "../interception/index.js";
import { getOwn, isObject, type JsonObject, joined } from "../json/index.js";
import { diff, type Operation } from "../jsonpatch/index.js";
import { decodePod, detectOwner, KubeError, listKey } from "../kube/index.js";
import { applyAnnotationOffline, effectiveProxyConfig, type Message } from "../mesh/index.js";
import { alignInitUser } from "./align-user.js";
import { applyOverrides } from "./apply-overrides.js";
import { checkRecorded, checkSize } from "./check-size.js";
import { chooseTemplates } from "./choose-templates.js";
import { type Decision, decide } from "./decide.js";
import { finishPod } from "./finish/finish-pod.js";
import { keepPortOrder } from "./finish/pod-ports.js";
import { restoreNulls } from "./finish/restore-nulls.js";
import { type ReadStatus, readStatus } from "./finish/status.js";
import type { InjectionContext, Owner } from "./injection-context.js";
import { InjectionError } from "./injection-error.js";
import type { InjectionResult, InjectionWarning } from "./injection-result.js";
import { mergeTemplates } from "./merge-templates.js";
import { containerNames, names } from "./names.js";
import { detectNativeSidecars } from "./native-sidecars.js";
import { clearStampedUser, proxyIds } from "./openshift.js";
import { type Container, findContainer, podOf } from "./pod.js";
import { type RecordedOverrides, readOverrides } from "./recorded-overrides.js";
import type { PartialPod } from "./render.js";
import { RequestBudget } from "./request-budget.js";
import type { Snapshot } from "./snapshot.js";
import { stripPod } from "./strip-pod.js";
import { templateData } from "./template-data.js";
import { type PodSources, PodTexts } from "./text-guard/pod-texts.js";
import { tracesOf } from "./traces/snapshot-traces.js";
import { validateAnnotations } from "./validate-annotations.js";
import { podWarnings, type WarningFacts } from "./warnings/pod-warnings.js";
import { WorkingPod } from "./working-pod.js";

/**
 * Injects one pod: decide, validate, render, merge, overrides, finish, compare.
 *
 * @param pod a Pod as the API server sends it, or a pod template with `metadata` and `spec`; never changed
 * @param context what the caller knows beside the pod
 * @param snapshot the configuration, from `compileConfig`
 * @returns the decision, and the pod with its patch; the pod itself and an empty patch when it is skipped
 * @throws InjectionError when a pod that should be injected cannot be; nothing else
 *
 * Decided in ADR 0006.
 */
export function inject(pod: JsonObject, context: InjectionContext, snapshot: Snapshot): InjectionResult {
  const budget = context.budget ?? new RequestBudget(context);
  try {
    const incoming = decode(pod, budget);
    budget.check();
    const namespace = podOf(incoming).metadata?.namespace || context.namespace || "";
    const decision = decide(podOf(incoming), namespace, snapshot);
    if (!decision.inject) {
      const said = podWarnings(incoming, facts(namespace, snapshot, budget));
      return skipped(pod, decision, said);
    }
    checkSize(podOf(incoming), budget);
    return injected(pod, incoming, namespace, decision, { context, snapshot, budget });
  } catch (cause) {
    if (cause instanceof InjectionError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InjectionError("internal", `injection failed in an unforeseen way: ${why}`, { cause });
  }
}

function decode(pod: JsonObject, { spend }: RequestBudget): JsonObject {
  try {
    return decodePod(pod, spend);
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    throw new InjectionError("pod-invalid", `the object is not a pod: ${cause.message}`, { cause });
  }
}

function skipped(
  pod: JsonObject,
  decision: Decision,
  warnings: readonly InjectionWarning[],
): InjectionResult {
  return { decision: "skip", reason: decision.code, warnings, templates: [], pod, patch: [] };
}

/** What warnings need of the world beside the pod. */
function facts(
  namespace: string,
  { cluster, namesInTemplates }: Snapshot,
  { spend }: RequestBudget,
): Pick<WarningFacts, "readByTemplates" | "namespaceLabels" | "spend"> {
  return {
    spend,
    readByTemplates: (name) => namesInTemplates.has(name),
    namespaceLabels: cluster.namespaceLabels.get(namespace),
  };
}

/** What there is beside the pod. */
interface Surroundings {
  readonly context: InjectionContext;
  readonly snapshot: Snapshot;
  readonly budget: RequestBudget;
}

/** The settings of the mesh and of the proxy as they are for one pod. */
interface PodMesh {
  readonly mesh: Message;
  readonly proxyConfig: Message;
}

function podMesh(pod: JsonObject, namespace: string, snapshot: Snapshot): PodMesh {
  const { annotations = {}, labels = {} } = podOf(pod).metadata ?? {};
  const annotation = Object.hasOwn(annotations, names.proxyConfig)
    ? annotations[names.proxyConfig]
    : undefined;
  if (snapshot.strictOffline) {
    const mesh = annotation === undefined ? snapshot.mesh : offlineMesh(snapshot.mesh, annotation);
    return { mesh, proxyConfig: defaultConfig(mesh) };
  }
  const proxyConfig = effectiveProxyConfig({
    mesh: snapshot.mesh,
    annotation,
    podNamespace: namespace,
    podLabels: labels,
    proxyConfigs: snapshot.cluster.proxyConfigs,
    revision: snapshot.revision,
  });
  return { mesh: snapshot.mesh, proxyConfig };
}

function offlineMesh(mesh: Message, annotation: string): Message {
  try {
    return applyAnnotationOffline(mesh, annotation);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InjectionError("annotation-invalid", `could not parse proxy config: ${why}`, { cause });
  }
}

function defaultConfig(mesh: Message): Message {
  const config = mesh.message("defaultConfig");
  if (config === undefined) throw new InjectionError("internal", "the mesh config has no defaultConfig");
  return config;
}

function injected(
  original: JsonObject,
  incoming: JsonObject,
  namespace: string,
  decision: Decision,
  { context, snapshot, budget }: Surroundings,
): InjectionResult {
  const said: InjectionWarning[] = [];
  const metadata = podOf(incoming).metadata ?? {};
  const annotations = metadata.annotations ?? {};
  validateAnnotations(annotations);
  budget.check();
  const ownProxyConfig = Object.hasOwn(annotations, names.proxyConfig);
  const { mesh, proxyConfig } = podMesh(incoming, namespace, snapshot);
  const agentPort = defaultConfig(mesh).number("statusPort");
  const chosen = chooseTemplates(annotations, snapshot, budget.limits.templates);
  const recorded = readOverrides(annotations);
  checkRecorded(recorded, budget.limits);
  const status = readStatus(annotations);
  const start = snapshot.platform === "openshift" ? clearStampedUser(incoming) : incoming;
  const detected = detectNativeSidecars(snapshot.nativeSidecars, podOf(incoming), snapshot.cluster);
  const named = withNamespace(start, namespace);
  const owner = ownerOf(named, context);
  const stripped = stripPod(named, { overrides: recorded, status, agentPort: String(agentPort) });
  budget.check();
  const ids = proxyIds(snapshot.platform, snapshot.cluster.namespaceAnnotations.get(namespace));
  const sources = { pod: stripped, owner: context.owner, proxyConfig, mesh };
  const dataOf = (changed: PodSources, changedOwner: Owner) =>
    templateData({ snapshot, ...changed, owner: changedOwner, ids, nativeSidecars: detected });
  const subject = {
    data: dataOf(sources, owner),
    surroundings: { proxyConfig, ownProxyConfig, nativeSidecars: detected },
    texts: new PodTexts(sources, snapshot.mesh, ownProxyConfig),
    dataOf: (changed: PodSources) => dataOf(changed, changed.owner ?? detectOwner(metadataOf(changed.pod))),
  };
  const merged = mergeTemplates(start, chosen.templates, subject, {
    detected,
    context,
    environment: snapshot.environment,
    guard: snapshot.textGuard,
    traces: tracesOf(snapshot),
    warn: (message) => said.push({ code: "template", message }),
    budget,
  });
  budget.check();
  const overridden = applyOverrides(merged, start, { recorded, status, limits: budget.limits });
  const working = new WorkingPod(overridden);
  const proxy = findContainer(podOf(start).spec ?? {}, containerNames.proxy);
  alignInitUser(working, proxy, proxyConfig);
  if (Object.hasOwn(annotations, names.status)) keepPortOrder(working, proxy);
  finishPod(working, {
    snapshot,
    mesh,
    agentPort,
    context,
    original: annotations,
    templatePod: merged.templatePod,
    only: merged.only,
    decoded: overridden === merged.pod,
    usersContainers: usersContainers(incoming, recorded, status),
  });
  budget.check();
  const pod = restoreNulls(original, incoming, working.toTree());
  const contradicting = contradictions(pod);
  budget.check();
  const { readByTemplates, namespaceLabels, spend } = facts(namespace, snapshot, budget);
  const warnings = podWarnings(incoming, {
    readByTemplates,
    namespaceLabels,
    spend,
    injected: pod,
    ownerKind: owner.kind,
    others: said.length === 0 ? contradicting : [...contradicting, ...said],
  });
  return new Injected(original, pod, decision, chosen.names, warnings, merged.only, budget);
}

const sidecarNames: readonly string[] = [
  containerNames.proxy,
  containerNames.init,
  containerNames.validation,
];

/** The containers that a user wrote, the sidecar's own aside: those that came in and no earlier injection put there. */
function usersContainers(
  incoming: JsonObject,
  recorded: RecordedOverrides,
  status: ReadStatus | undefined,
): ReadonlySet<string> {
  const { spec } = podOf(incoming);
  const injected = status && new Set([...status.containers, ...status.initContainers]);
  const users = new Set<string>();
  const add = (containers: readonly Container[], own: boolean): void => {
    for (const { name } of containers) {
      if (sidecarNames.includes(name)) continue;
      if (own && injected?.has(name)) continue;
      users.add(name);
    }
  };
  if (spec?.containers !== undefined) add(spec.containers, true);
  if (spec?.initContainers !== undefined) add(spec.initContainers, true);
  add(recorded.containers, false);
  add(recorded.initContainers, false);
  return users;
}

/** Where the pod names no namespace, templates see the request's. The answer says nothing of it. */
function withNamespace(pod: JsonObject, namespace: string): JsonObject {
  const own = podOf(pod).metadata?.namespace;
  return own || namespace === "" ? pod : { ...pod, metadata: joined(metadataOf(pod), { namespace }) };
}

function ownerOf(pod: JsonObject, context: InjectionContext): Owner {
  return context.owner ?? detectOwner(metadataOf(pod));
}

function metadataOf(pod: JsonObject): JsonObject {
  const metadata = getOwn(pod, "metadata");
  return isObject(metadata) ? metadata : {};
}

/** The result for an injected pod. The patch costs a comparison, which offline callers do not need. */
class Injected implements InjectionResult {
  readonly decision = "inject";
  readonly reason: InjectionResult["reason"];
  private operations: readonly Operation[] | undefined;

  constructor(
    private readonly original: JsonObject,
    readonly pod: JsonObject,
    { code }: Decision,
    readonly templates: readonly string[],
    readonly warnings: readonly InjectionWarning[],
    private readonly only: PartialPod | undefined,
    private readonly budget: RequestBudget,
  ) {
    this.reason = code;
  }

  textOf(part: JsonObject): string | undefined {
    return this.only?.textOf?.(part);
  }

  get patch(): readonly Operation[] {
    const operations = this.operations ?? diff(this.original, this.pod, listKey, this.budget.spend);
    this.operations = operations;
    return operations;
  }
}
