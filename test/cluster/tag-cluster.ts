import { type ApiClient, ClusterError, type WriteRequest } from "../../src/cluster/index.js";
import { getOwn, isObject, type JsonObject } from "../../src/json/index.js";

/** Entries of an injector's webhook configuration, as far as tags look at them. */
export interface Installed {
  readonly name: string;
  readonly revision: string;
  readonly tag?: string;
  readonly service?: string;
  readonly namespace?: string;
  readonly url?: string;
  readonly caBundle?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Also entries for `istio-injection` and the like. */
  readonly byDefault?: boolean;
  /** Also the entry for pods that say nothing. */
  readonly everywhere?: boolean;
}

const bundle = Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64");
const noLegacy = { key: "istio-injection", operator: "DoesNotExist" };
const noRevision = { key: "istio.io/rev", operator: "DoesNotExist" };
const notFalse = { key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] };

/** A webhook configuration as Istio's chart installs it, read from the table of spec 3.2, with the API server's defaults. */
export function installed(options: Installed): JsonObject {
  const { name, revision, tag, labels = {}, annotations = {} } = options;
  const R = { key: "istio.io/rev", operator: "In", values: [tag ?? revision] };
  const enabled = { key: "istio-injection", operator: "In", values: ["enabled"] };
  const asked = { key: "sidecar.istio.io/inject", operator: "In", values: ["true"] };
  const unsaid = { key: "sidecar.istio.io/inject", operator: "DoesNotExist" };
  const system = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];
  const notSystem = { key: "kubernetes.io/metadata.name", operator: "NotIn", values: system };
  const webhooks = [
    entry(options, "rev.namespace", [R, noLegacy], [notFalse]),
    entry(options, "rev.object", [noRevision, noLegacy], [notFalse, R]),
    ...(options.byDefault
      ? [
          entry(options, "namespace", [enabled], [notFalse]),
          entry(options, "object", [noLegacy, noRevision], [asked, noRevision]),
        ]
      : []),
    ...(options.everywhere
      ? [entry(options, "auto", [noLegacy, noRevision, notSystem], [unsaid, noRevision])]
      : []),
  ];
  const tagLabel: Record<string, string> = tag === undefined ? {} : { "istio.io/tag": tag };
  const all = { app: "sidecar-injector", "istio.io/rev": revision, ...tagLabel, ...labels };
  return { metadata: { name, labels: all, annotations: { ...annotations } }, webhooks };
}

function entry(
  { service = "istiod", namespace = "istio-system", url, caBundle = bundle }: Installed,
  name: string,
  namespaces: JsonObject[],
  pods: JsonObject[],
): JsonObject {
  const called: JsonObject =
    url === undefined ? { service: { name: service, namespace, path: "/inject", port: 443 } } : { url };
  return {
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: { ...called, caBundle },
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: pods },
    rules: [
      { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" },
    ],
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    reinvocationPolicy: "Never",
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
  };
}

/** A write as the cluster was asked for it. */
export interface Asked {
  readonly method: string;
  readonly name: string;
  readonly dryRun: boolean;
}

/**
 * Webhook configurations behind the interface of the API server's client, with resource versions, for the ways in which a
 * change can fail in the middle. The real API server is in test/e2e/tag.test.ts.
 */
export class TagCluster implements ApiClient {
  readonly namespace = undefined;
  readonly asked: Asked[] = [];
  /** Told of each write that is no dry run, before it is made. What it throws is the answer. */
  beforeWrite: (asked: Asked) => void = () => {};
  /** Told of each write that is no dry run, after it was made. What it throws is the answer. */
  afterWrite: (asked: Asked) => void = () => {};
  /** Says whether a write is forbidden. */
  forbids: (asked: Asked) => boolean = () => false;
  readonly #objects = new Map<string, JsonObject>();
  #version = 1;

  constructor(...objects: readonly JsonObject[]) {
    for (const object of objects) this.put(object);
  }

  get objects(): readonly JsonObject[] {
    return [...this.#objects.values()];
  }

  object(name: string): JsonObject | undefined {
    return this.#objects.get(name);
  }

  put(object: JsonObject): JsonObject {
    const name = nameOf(object);
    const metadata = { ...metadataOf(object), uid: `uid of ${name}`, resourceVersion: `${++this.#version}` };
    const kept = { ...object, metadata };
    this.#objects.set(name, kept);
    return kept;
  }

  async get(): Promise<JsonObject> {
    return { metadata: { resourceVersion: `${this.#version}` }, items: [...this.objects] };
  }

  stream(): Promise<void> {
    throw new Error("tags watch nothing");
  }

  async write({ method, path, query = {}, body = {} }: WriteRequest): Promise<JsonObject> {
    const name = method === "POST" ? nameOf(body) : decodeURIComponent(path.split("/").at(-1) ?? "");
    const asked = { method, name, dryRun: (method === "DELETE" ? body : query).dryRun !== undefined };
    this.asked.push(asked);
    if (this.forbids(asked)) throw refusal(403);
    if (!asked.dryRun) this.beforeWrite(asked);
    const found = this.#objects.get(name);
    if (method === "POST" ? found !== undefined : found === undefined)
      throw refusal(method === "POST" ? 409 : 404);
    if (found !== undefined && versionSent(method, body) !== metadataOf(found).resourceVersion)
      throw refusal(409);
    if (asked.dryRun) return body;
    if (method === "DELETE") this.#objects.delete(name);
    else this.put(body);
    this.afterWrite(asked);
    return body;
  }
}

function versionSent(method: string, body: JsonObject): unknown {
  const preconditions = getOwn(body, "preconditions");
  if (method !== "DELETE") return metadataOf(body).resourceVersion;
  return isObject(preconditions) ? preconditions.resourceVersion : undefined;
}

function refusal(status: number): ClusterError {
  return new ClusterError("refused", `refused with ${status}`, { status });
}

function metadataOf(object: JsonObject): JsonObject {
  const metadata = getOwn(object, "metadata");
  return isObject(metadata) ? metadata : {};
}

function nameOf(object: JsonObject): string {
  return String(metadataOf(object).name);
}
