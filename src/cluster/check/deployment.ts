import { type JsonObject, objectsAt, textListAt, textOrEmpty, textsAt, valueAt } from "../../json/index.js";

/** What a Deployment says of the injector that it runs. */
export interface DeploymentFacts {
  /** As `namespace/name`. */
  readonly title: string;
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** The Secret with the serving certificate; undefined where it cannot be told. */
  readonly secret: string | undefined;
  /** The value of a flag of the injector, such as `configmap`; undefined where it is not given. */
  readonly flag: (name: string) => string | undefined;
}

/** Reads a Deployment: what the API server defaults is taken as its default where it is missing. */
export function readDeployment(object: JsonObject): DeploymentFacts {
  const name = textOrEmpty(object, "metadata", "name");
  const namespace = textOrEmpty(object, "metadata", "namespace");
  const template = valueAt(object, "spec", "template");
  const args = objectsAt(template, "spec", "containers").flatMap((container) =>
    textListAt(container, "args"),
  );
  const flag = (wanted: string) => flagValue(args, wanted);
  return {
    title: `${namespace}/${name}`,
    name,
    namespace,
    replicas: numberAt(object, 1, "spec", "replicas"),
    readyReplicas: numberAt(object, 0, "status", "readyReplicas"),
    podLabels: textsAt(template, "metadata", "labels"),
    nodeSelector: textsAt(template, "spec", "nodeSelector"),
    secret: flag("ca-secret") ?? mountedSecret(object, flag("tls-cert-file")),
    flag,
  };
}

/** Whether a Service that selects by these labels selects the Deployment's pods. */
export function isSelected(
  { podLabels }: DeploymentFacts,
  selector: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => podLabels[key] === value);
}

function numberAt(object: JsonObject, missing: number, ...path: readonly string[]): number {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : missing;
}

function flagValue(args: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  const joined = args.find((arg) => arg.startsWith(prefix));
  if (joined !== undefined) return joined.slice(prefix.length);
  const index = args.indexOf(`--${name}`);
  return index < 0 ? undefined : args[index + 1];
}

/** The Secret that is mounted where the certificate's file is. */
function mountedSecret(object: JsonObject, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const spec = valueAt(object, "spec", "template", "spec");
  const mounts = objectsAt(spec, "containers").flatMap((container) => objectsAt(container, "volumeMounts"));
  const mount = mounts.find((one) => file.startsWith(`${textOrEmpty(one, "mountPath")}/`));
  const volume = objectsAt(spec, "volumes").find(
    (one) => textOrEmpty(one, "name") === textOrEmpty(mount, "name"),
  );
  return textOrEmpty(volume, "secret", "secretName") || undefined;
}
