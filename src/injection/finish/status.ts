import type { JsonObject } from "../../json/index.js";
import { names } from "../names.js";
import { type Named, podOf } from "../pod.js";

/** What the status annotation of an injected pod lists: the names of everything that templates put in. */
export interface InjectionStatus {
  readonly initContainers: readonly string[];
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly imagePullSecrets: readonly string[];
  readonly revision: string;
}

/** The text of the status annotation. Key order and null for an empty list are as istiod writes them. */
export function statusText(templatePod: JsonObject, revision: string): string {
  const { initContainers, containers, volumes, imagePullSecrets } = podOf(templatePod).spec ?? {};
  return (
    `{"initContainers":${namesText(initContainers)},"containers":${namesText(containers)}` +
    `,"volumes":${namesText(volumes)},"imagePullSecrets":${namesText(imagePullSecrets)}` +
    `,"revision":${JSON.stringify(revision === "" ? "default" : revision)}}`
  );
}

/** The names of frozen lists: what templates make is frozen where pods share it. */
const known = new WeakMap<readonly Named[], string>();

function namesText(items: readonly Named[] | undefined): string {
  if (items === undefined || items.length === 0) return "null";
  let text = known.get(items);
  if (text === undefined) {
    text = `[${items.map(({ name }) => JSON.stringify(name) ?? "null").join(",")}]`;
    if (Object.isFrozen(items)) known.set(items, text);
  }
  return text;
}

/** A status as it was read. */
export interface ReadStatus extends InjectionStatus {
  /** Whether the annotation could be read. */
  readonly readable: boolean;
}

/**
 * Reads the status annotation; undefined when there is none. One that cannot be read still says that
 * the pod was injected: it then lists nothing and `readable` is false.
 */
export function readStatus(annotations: Readonly<Record<string, string>>): ReadStatus | undefined {
  if (!Object.hasOwn(annotations, names.status)) return undefined;
  const empty = { initContainers: [], containers: [], volumes: [], imagePullSecrets: [], revision: "" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(annotations[names.status] ?? "");
  } catch {
    return { ...empty, readable: false };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return { ...empty, readable: false };
  const at = (key: string): unknown => (Object.hasOwn(parsed, key) ? Reflect.get(parsed, key) : undefined);
  const list = (key: string): string[] => {
    const value = at(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  const revision = at("revision");
  return {
    initContainers: list("initContainers"),
    containers: list("containers"),
    volumes: list("volumes"),
    imagePullSecrets: list("imagePullSecrets"),
    revision: typeof revision === "string" ? revision : "",
    readable: true,
  };
}
