import type { Container } from "../pod.js";

/** What the OTEL_RESOURCE_ATTRIBUTES of a pod are made of. */
export interface OtelSubject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly containers: readonly Pick<Container, "name" | "image">[];
}

/**
 * The resource attributes by OpenTelemetry's semantic conventions for Kubernetes, joined by commas:
 * namespace, version and instance id, each from its annotation if that is set.
 */
export function otelResourceAttributes(subject: OtelSubject): string {
  const said = (name: string) => subject.annotations[`resource.opentelemetry.io/${name}`] || undefined;
  const first = subject.containers[0];
  const attributes: [string, string | undefined][] = [
    ["service.namespace", said("service.namespace") ?? subject.namespace],
    ["service.version", said("service.version") ?? version(subject)],
    [
      "service.instance.id",
      said("service.instance.id") ?? (first && `${subject.namespace}.$(POD_NAME).${first.name}`),
    ],
  ];
  return attributes
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

/** A label says the version; else the image does, if there is just one to ask. */
function version({ labels, containers }: OtelSubject): string | undefined {
  const label = labels["app.kubernetes.io/version"];
  if (label) return label;
  const [only, ...others] = containers;
  if (only === undefined || others.length > 0) return undefined;
  const image = only.image ?? "";
  const at = image.indexOf("@");
  const digest = at < 0 ? "" : image.slice(at + 1);
  const reference = at < 0 ? image : image.slice(0, at);
  const colon = reference.lastIndexOf(":");
  const tag = colon > reference.lastIndexOf("/") ? reference.slice(colon + 1) : "";
  return [tag, digest].filter((part) => part !== "").join("@");
}
