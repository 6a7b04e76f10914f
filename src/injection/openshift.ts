import type { JsonObject } from "../json/index.js";
import { containerNames } from "./names.js";
import { type Container, type Pod, type PodSpec, podOf, treeOf } from "./pod.js";

/** The user and group that Istio's proxy has everywhere but on OpenShift. */
const usualId = 1337;

const uidRange = "openshift.io/sa.scc.uid-range";
const groupRange = "openshift.io/sa.scc.supplemental-groups";

/** The last id of a block `start/size` or `start-end`; undefined for anything else. */
function lastOfBlock(block: string | undefined): number | undefined {
  const match = /^([0-9]{1,15})([/-])([0-9]{1,15})$/.exec((block ?? "").trim());
  if (match === null) return undefined;
  const start = Number(match[1]);
  const other = Number(match[3]);
  if (match[2] === "-") return other >= start ? other : undefined;
  return other > 0 ? start + other - 1 : undefined;
}

interface ProxyIds {
  readonly user: number;
  readonly group: number;
}

const usualIds: ProxyIds = { user: usualId, group: usualId };

/** The ids the proxy may use in a namespace with these annotations, in which OpenShift gives it ranges of its own: 7.7. */
export function proxyIds(
  platform: string,
  annotations: Readonly<Record<string, string>> | undefined,
): ProxyIds {
  if (platform !== "openshift" || annotations === undefined) return usualIds;
  const user = lastOfBlock(annotations[uidRange]);
  const firstGroups = annotations[groupRange]?.split(",")[0];
  const group = lastOfBlock(firstGroups === undefined ? annotations[uidRange] : firstGroups);
  return { user: user ?? usualId, group: group ?? usualId };
}

const ours: readonly string[] = [containerNames.proxy, containerNames.validation, containerNames.init];

/** The user that the application runs as: that of the last container which names one; 0 when none does. */
function applicationUser(spec: PodSpec): number {
  const users = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
    .filter((container) => !ours.includes(container.name))
    .map((container) => container.securityContext?.runAsUser)
    .filter((user) => user !== undefined);
  return users.at(-1) ?? 0;
}

/**
 * OpenShift stamps one user on all containers, the proxy's own among them, which then runs as the application and is
 * not spared by the rules. So a proxy with the application's user loses user and group here, and gets its own later.
 */
export function clearStampedUser(tree: JsonObject): JsonObject {
  const pod: Pod = podOf(tree);
  const spec = pod.spec ?? {};
  const application = applicationUser(spec);
  const clear = (container: Container): Container => {
    const context = container.securityContext;
    if (container.name !== containerNames.proxy || context === undefined) return container;
    if ((context.runAsUser ?? 0) !== application) return container;
    const { runAsUser: _user, runAsGroup: _group, ...kept } = context;
    return { ...container, securityContext: kept };
  };
  const changed: PodSpec = {
    ...spec,
    ...(spec.containers === undefined ? {} : { containers: spec.containers.map(clear) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(clear) }),
  };
  return treeOf({ ...pod, spec: changed });
}
