import { containerNames } from "../names.js";
import type { Container } from "../pod.js";
import type { WorkingPod } from "../working-pod.js";

const portsVariable = "ISTIO_META_POD_PORTS";

function portsOf(container: Container | undefined): string | undefined {
  return container?.env?.find(({ name }) => name === portsVariable)?.value;
}

/** The entries of the list, one a line, in an order of their own. */
function entries(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^,/, ""))
    .sort()
    .join("\n");
}

/**
 * Keeps the list of ports that an earlier injection wrote when the new one only differs in order: the order is that of the
 * containers, which the earlier injection has changed. `before` is the proxy of the pod that came in.
 */
export function keepPortOrder(pod: WorkingPod, before: Container | undefined): void {
  const sidecar = pod.find(containerNames.proxy);
  const [old, fresh] = [portsOf(before), portsOf(sidecar)];
  if (sidecar === undefined || old === undefined || fresh === undefined || old === fresh) return;
  if (entries(old) !== entries(fresh)) return;
  const env = sidecar.env?.map((one) => (one.name === portsVariable ? { ...one, value: old } : one));
  pod.replace(sidecar, { ...sidecar, env: env ?? [] });
}
