import { deepEqual, type JsonObject, type JsonValue, objectAt, objectsAt } from "../../json/index.js";
import { nameOf } from "../name-of.js";

/** The parts of a pod by name, such as `initContainers[istio-proxy].env[POD_NAME]`. A part is compared as a whole. */
export type PodElements = ReadonlyMap<string, JsonValue>;

const namedLists = ["volumes", "imagePullSecrets"] as const;
const containerLists = ["initContainers", "containers"] as const;

/** Takes a pod apart into the elements whose origin can be told. */
export function podElements(pod: JsonObject): PodElements {
  const elements = new Map<string, JsonValue>();
  const metadata = objectAt(pod, "metadata");
  for (const kind of ["labels", "annotations"] as const) {
    for (const [key, value] of Object.entries(objectAt(metadata, kind) ?? {}))
      elements.set(`${kind}[${key}]`, value);
  }
  const spec = objectAt(pod, "spec") ?? {};
  for (const list of containerLists) {
    for (const container of objectsAt(spec, list))
      addContainer(elements, `${list}[${nameOf(container)}]`, container);
  }
  for (const list of namedLists) {
    for (const item of objectsAt(spec, list)) elements.set(`${list}[${nameOf(item)}]`, item);
  }
  const others = Object.entries(spec).filter(([key]) => !isList(key));
  for (const [key, value] of others) elements.set(key, value);
  return elements;
}

function isList(key: string): boolean {
  return (
    (namedLists as readonly string[]).includes(key) || (containerLists as readonly string[]).includes(key)
  );
}

function addContainer(elements: Map<string, JsonValue>, path: string, container: JsonObject): void {
  elements.set(path, nameOf(container));
  for (const [field, value] of Object.entries(container)) {
    if (field === "name") continue;
    if (field !== "env") elements.set(`${path}.${field}`, value);
    else
      for (const variable of objectsAt(container, "env"))
        elements.set(`${path}.env[${nameOf(variable)}]`, variable);
  }
}

/** The elements of the second pod that the first does not have, or has otherwise. */
export function changedElements(before: PodElements, after: PodElements): readonly string[] {
  return [...after].flatMap(([path, value]) => {
    const old = before.get(path);
    return old !== undefined && deepEqual(old, value) ? [] : [path];
  });
}
