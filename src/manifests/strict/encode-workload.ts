import { getOwn, isObject, type JsonObject, type JsonValue, objectOrEmpty, pick } from "../../json/index.js";
import { normalize, normalizePod } from "../../kube/index.js";

/** What Go prints of a kind even when it is zero, beside what the object holds. */
interface AlwaysPrinted {
  readonly spec?: JsonObject;
  readonly status: JsonObject;
}

const counters = (...names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, 0]));

const alwaysPrinted: Readonly<Record<string, AlwaysPrinted>> = {
  Deployment: { spec: { strategy: {} }, status: {} },
  DaemonSet: {
    spec: { updateStrategy: {} },
    status: counters("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"),
  },
  StatefulSet: { spec: { updateStrategy: {} }, status: counters("availableReplicas", "replicas") },
  ReplicaSet: { status: counters("replicas") },
  ReplicationController: { status: counters("replicas") },
  Job: { status: {} },
  CronJob: { status: {} },
  DeploymentConfig: {
    spec: { strategy: { resources: {} }, test: false },
    status: counters(
      "availableReplicas",
      "latestVersion",
      "observedGeneration",
      "replicas",
      "unavailableReplicas",
      "updatedReplicas",
    ),
  },
};

/** Fields of a workload's spec that are plain booleans or numbers in Go, so that their zero is not printed. */
const omittedZeros = new Set(["paused", "minReadySeconds"]);

/** An object of a kind with a pod, as Go encodes it: zero fields gone, quantities canonical, Go's extras there. */
export function encodeWorkload(object: JsonObject): JsonObject {
  const kind = getOwn(object, "kind");
  if (kind === "Pod") return encodePod(object);
  const extras = (typeof kind === "string" ? getOwn(alwaysPrinted, kind) : undefined) ?? { status: {} };
  const spec = encodeSpec(objectOrEmpty(object, "spec"));
  return {
    ...pick(object, ["apiVersion", "kind"]),
    metadata: normalize("ObjectMeta", objectOrEmpty(object, "metadata")),
    spec: withDefaults(spec, extras.spec ?? {}),
    status: withDefaults(withoutEmpty(objectOrEmpty(object, "status")), extras.status),
  };
}

/** A List, as Go encodes it. */
export function encodeList(list: JsonObject, items: JsonValue[]): JsonObject {
  return {
    ...pick(list, ["apiVersion", "kind"]),
    items,
    metadata: withoutEmpty(objectOrEmpty(list, "metadata")),
  };
}

function encodePod(pod: JsonObject): JsonObject {
  const normal = normalizePod(pod);
  return { ...normal, status: objectOrEmpty(normal, "status") };
}

function encodeSpec(spec: JsonObject): JsonObject {
  const plain = withoutEmpty(spec);
  if (isObject(getOwn(spec, "template")))
    return { ...plain, template: encodeTemplate(objectOrEmpty(spec, "template")) };
  if (!isObject(getOwn(spec, "jobTemplate"))) return plain;
  const job = objectOrEmpty(spec, "jobTemplate");
  const metadata = normalize("ObjectMeta", objectOrEmpty(job, "metadata"));
  return { ...plain, jobTemplate: { metadata, spec: encodeSpec(objectOrEmpty(job, "spec")) } };
}

function encodeTemplate(template: JsonObject): JsonObject {
  return {
    metadata: normalize("ObjectMeta", objectOrEmpty(template, "metadata")),
    spec: normalize("PodSpec", objectOrEmpty(template, "spec")),
  };
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => !isEmpty(key, value)));
}

function isEmpty(key: string, value: JsonValue): boolean {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return true;
  return omittedZeros.has(key) && (value === false || value === 0);
}

function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const result: JsonObject = { ...defaults, ...object };
  for (const [key, value] of Object.entries(defaults)) {
    const own = getOwn(object, key);
    if (isObject(value) && isObject(own)) result[key] = withDefaults(own, value);
  }
  return result;
}
