import type { Message } from "../mesh/index.js";
import { containerNames, names } from "./names.js";
import type { Container } from "./pod.js";
import type { WorkingPod } from "./working-pod.js";

/** Replaces the argument after the first `-u`; a list that ends with `-u` stays as it is. */
function withCaptureUser(container: Container, user: number): Container {
  const args = container.args ?? [];
  const flag = args.indexOf("-u");
  if (flag < 0 || flag + 1 >= args.length) return container;
  return { ...container, args: args.with(flag + 1, String(user)) };
}

/**
 * Makes the rules spare the user that the pod's author gave the proxy: 7.6.
 * `proxy` is the proxy container of the pod that came in, `proxyConfig` the proxy's settings.
 */
export function alignInitUser(pod: WorkingPod, proxy: Container | undefined, proxyConfig: Message): void {
  const { runAsUser, runAsGroup } = proxy?.securityContext ?? {};
  if (runAsUser === undefined && runAsGroup === undefined) return;
  const target =
    pod.initContainers.find((container) => container.name === containerNames.init) ??
    pod.initContainers.find((container) => container.name === containerNames.validation);
  if (target === undefined) return;
  const configured = proxyConfig.enum("interceptionMode").name === "TPROXY";
  const tproxy = configured || pod.annotations.get(names.interceptionMode) === "TPROXY";
  const final = pod.find(containerNames.proxy);
  if (tproxy && runAsUser !== undefined && final !== undefined) {
    // Only root may set the mark by which a transparent proxy's own packets are known.
    pod.replace(final, { ...final, securityContext: { ...final.securityContext, runAsUser: 0 } });
  }
  let changed = target;
  if (!tproxy && target.name === containerNames.validation) {
    const user = runAsUser === undefined ? {} : { runAsUser };
    const group = runAsGroup === undefined ? {} : { runAsGroup };
    changed = { ...changed, securityContext: { ...changed.securityContext, ...user, ...group } };
  }
  if (runAsUser !== undefined && runAsUser !== 0) changed = withCaptureUser(changed, runAsUser);
  pod.replace(target, changed);
}
