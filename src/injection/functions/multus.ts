import type { ExecutionContext } from "../../gotemplate/index.js";

interface Attachment {
  readonly name?: unknown;
  readonly namespace?: unknown;
}

/**
 * Adds a network to the value of `k8s.v1.cni.cncf.io/networks`, which is a comma list or a JSON list of objects.
 * The text around stays as it is written. A JSON list that cannot be read is left alone, with a warning.
 */
export function appendMultusNetwork(
  existing: string,
  network: string,
  warn: ExecutionContext["warn"],
): string {
  if (existing === "") return network;
  if (existing.includes("]")) return appendToJsonList(existing, network, warn);
  const items = existing.split(",").map((item) => item.trim());
  return items.includes(network) ? existing : `${existing}, ${network}`;
}

function appendToJsonList(existing: string, network: string, warn: ExecutionContext["warn"]): string {
  const slash = network.indexOf("/");
  const name = slash < 0 ? network : network.slice(slash + 1);
  const namespace = slash < 0 ? "" : network.slice(0, slash);
  let attachments: unknown;
  try {
    attachments = JSON.parse(existing);
  } catch {
    attachments = undefined;
  }
  if (!Array.isArray(attachments)) {
    warn("k8s.v1.cni.cncf.io/networks is not a JSON list, so no network was added to it");
    return existing;
  }
  const present = attachments.some((attachment: Attachment | null) => {
    return attachment?.name === name && (attachment.namespace ?? "") === namespace;
  });
  if (present) return existing;
  const added =
    namespace === ""
      ? `{"name": ${JSON.stringify(name)}}`
      : `{"name": ${JSON.stringify(name)}, "namespace": ${JSON.stringify(namespace)}}`;
  const end = existing.lastIndexOf("]");
  const separator = attachments.length === 0 ? "" : ", ";
  return `${existing.slice(0, end)}${separator}${added}${existing.slice(end)}`;
}
