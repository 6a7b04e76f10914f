import { GoYamlError, jsonToYaml, splitDocuments, yamlToJson } from "../../goyaml/index.js";
import { InjectionError, inject, type Snapshot } from "../../injection/index.js";
import {
  getOwn,
  isObject,
  type JsonObject,
  type JsonValue,
  memberOf,
  textOrEmpty,
  valueAt,
} from "../../json/index.js";
import { KubeError } from "../../kube/index.js";
import { ManifestError } from "../manifest-error.js";
import { type ManifestText, syntaxError } from "../read-documents.js";
import { withValueAt } from "../workload/pod-template.js";
import { workloadKinds } from "../workload/workload-kinds.js";
import { encodeList, encodeWorkload } from "./encode-workload.js";

export interface StrictManifest {
  readonly text: string;
  /** What Istio says about objects that it skips, in its words. */
  readonly warnings: readonly string[];
}

/**
 * Injects a manifest as `istioctl kube-inject` does, form included: objects of kinds with a pod are written anew with
 * sorted keys even when they are skipped, all others are copied, and every document ends in `---`. A CronJob's pod
 * takes its metadata from the job template. Throws ManifestError at the first document that fails, as Istio stops there.
 *
 * @param snapshot a configuration compiled with `strictOffline`
 */
export function injectManifestStrictly(file: ManifestText, snapshot: Snapshot): StrictManifest {
  const warnings: string[] = [];
  const parts = split(file).map(({ text, line }) => {
    const tree = read(text, line, file);
    const done = registered(tree) ? jsonToYaml(injectObject(tree, { file, line, snapshot, warnings })) : text;
    return `${done}${done.endsWith("\n") ? "" : "\n"}---\n`;
  });
  return { text: parts.join(""), warnings };
}

interface World {
  readonly file: ManifestText;
  readonly line: number;
  readonly snapshot: Snapshot;
  readonly warnings: string[];
}

function split(file: ManifestText): ReturnType<typeof splitDocuments> {
  try {
    return splitDocuments(file.text);
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    throw syntaxError(cause, file.text, 1, file.source);
  }
}

function read(text: string, line: number, file: ManifestText): JsonValue {
  try {
    return yamlToJson(text);
  } catch (cause) {
    if (!(cause instanceof GoYamlError)) throw cause;
    throw syntaxError(cause, file.text, line, file.source);
  }
}

function typeOf(object: JsonObject): string {
  return `${String(getOwn(object, "apiVersion"))} ${String(getOwn(object, "kind"))}`;
}

function registered(tree: JsonValue): tree is JsonObject {
  return isObject(tree) && (typeOf(tree) === "v1 List" || workloadKinds.has(typeOf(tree)));
}

function injectObject(object: JsonObject, world: World): JsonObject {
  if (typeOf(object) !== "v1 List") return injectWorkload(object, world);
  const items = getOwn(object, "items");
  const done = Array.isArray(items)
    ? items.map((item) => (registered(item) ? injectObject(item, world) : item))
    : [];
  return encodeList(object, done);
}

function injectWorkload(object: JsonObject, world: World): JsonObject {
  const kind = textOrEmpty(object, "kind");
  const path = workloadKinds.get(typeOf(object))?.template ?? [];
  // A CronJob's pod takes the metadata of its job template: Istio's offline path reads and writes it there.
  const metadataPath = kind === "CronJob" ? ["spec", "jobTemplate", "metadata"] : [...path, "metadata"];
  const specPath = [...path, "spec"];
  const template = valueAt(object, ...path);
  if (path.length > 0 && !isObject(template))
    throw fault(object, world, "template-missing", `${path.join(".")} is required value`);
  const metadata = valueAt(object, ...metadataPath);
  const spec = valueAt(object, ...specPath);
  const pod: JsonObject = {
    apiVersion: "v1",
    kind: "Pod",
    ...(isObject(metadata) ? { metadata } : {}),
    ...(isObject(spec) ? { spec } : {}),
  };
  const injected = injectStrictly(pod, object, path.length === 0, world);
  try {
    if (path.length === 0) return encodeWorkload({ ...object, ...injected });
    const withMetadata = put(object, metadataPath, injected.metadata);
    return encodeWorkload(put(withMetadata, specPath, injected.spec));
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    throw fault(object, world, "injection-failed", cause.message, cause);
  }
}

function put(object: JsonObject, path: readonly string[], value: JsonValue | undefined): JsonObject {
  if (value === undefined) return object;
  const parent = path.slice(0, -1);
  const key = path.at(-1) ?? "";
  const holder = valueAt(object, ...parent);
  const tree = withValueAt(object, parent, { ...(isObject(holder) ? holder : {}), [key]: value });
  return isObject(tree) ? tree : object;
}

function injectStrictly(pod: JsonObject, object: JsonObject, isPod: boolean, world: World): JsonObject {
  const meta = memberOf(object, "metadata");
  const [name, namespace] = [textOrEmpty(meta, "name"), textOrEmpty(meta, "namespace")];
  const owner = {
    apiVersion: textOrEmpty(object, "apiVersion"),
    kind: textOrEmpty(object, "kind"),
    name,
    namespace,
  };
  try {
    const result = inject(pod, isPod ? {} : { owner }, world.snapshot);
    if (result.decision === "skip") world.warnings.push(skipWarning(result.reason, pod, owner));
    return result.pod;
  } catch (cause) {
    if (!(cause instanceof InjectionError)) throw cause;
    throw fault(object, world, "injection-failed", cause.message, cause);
  }
}

function skipWarning(
  reason: string,
  pod: JsonObject,
  owner: { kind: string; name: string; namespace: string },
): string {
  const name = textOrEmpty(pod.metadata, "name") || owner.name;
  const full = owner.namespace === "" ? name : `${owner.namespace}/${name}`;
  const object = owner.kind === "" ? `"${full}"` : `${owner.kind} "${full}"`;
  const why = reason === "host-network" ? "has host networking enabled" : "has sidecar injection disabled";
  return `===> Skipping injection because ${object} ${why}\n`;
}

function fault(
  object: JsonObject,
  { file, line }: World,
  code: "template-missing" | "injection-failed",
  message: string,
  cause?: unknown,
): ManifestError {
  const meta = memberOf(object, "metadata");
  const [name, namespace] = [textOrEmpty(meta, "name"), textOrEmpty(meta, "namespace")];
  const label = `${textOrEmpty(object, "kind")} "${namespace === "" ? name : `${namespace}/${name}`}"`;
  return new ManifestError(
    code,
    message,
    { source: file.source, line, object: label },
    cause === undefined ? {} : { cause },
  );
}
