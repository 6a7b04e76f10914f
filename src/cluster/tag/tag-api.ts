import { getOwn, isObject, type JsonObject } from "../../json/index.js";
import type { ApiClient, Query } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import { listPages } from "../list-pages.js";
import {
  readWebhookConfigurations,
  type WebhookConfiguration,
  webhookConfigurationsPath,
} from "../webhook-configuration.js";
import { TagError } from "./tag-error.js";
import type { TagWrite } from "./tag-write.js";

const resource = "mutatingwebhookconfigurations.admissionregistration.k8s.io";
const verbs = { create: "create", replace: "update", delete: "delete" } as const;
const methods = { create: "POST", replace: "PUT", delete: "DELETE" } as const;

/** The configurations of injectors. @throws ClusterError, TagError `forbidden` */
export async function readConfigurations(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly WebhookConfiguration[]> {
  return readWebhookConfigurations(await list(client, webhookConfigurationsPath, {}, resource, signal));
}

/** Namespaces with a label. @throws ClusterError, TagError `forbidden` */
export function readNamespaces(
  client: ApiClient,
  labelSelector: string,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  return list(client, "/api/v1/namespaces", { labelSelector }, "namespaces", signal);
}

async function list(client: ApiClient, path: string, query: Query, what: string, signal: AbortSignal) {
  try {
    return (await listPages(client, path, query, signal)).items;
  } catch (error) {
    throw explained(error, "list", what);
  }
}

/**
 * Carries out a change, if the object still is as it was read. A change that has begun is not interrupted.
 * @throws ClusterError; status 409 when somebody else has changed the object; TagError `forbidden`
 */
export async function send(
  client: ApiClient,
  { kind, name, object }: TagWrite,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<void> {
  const query: Query = { fieldManager: "pillion-tag", ...(dryRun ? { dryRun: "All" } : {}) };
  const path =
    kind === "create"
      ? webhookConfigurationsPath
      : `${webhookConfigurationsPath}/${encodeURIComponent(name)}`;
  const body = kind === "delete" ? onlyAsRead(object, dryRun) : withKind(object);
  try {
    await client.write({ method: methods[kind], path, query, body }, new AbortController().signal);
  } catch (error) {
    throw explained(error, verbs[kind], `${resource} ${name}`);
  }
}

/** Beside options in the body, an API server may leave those of the query out of account. */
function onlyAsRead(object: JsonObject, dryRun: boolean): JsonObject {
  const metadata = getOwn(object, "metadata");
  const { uid, resourceVersion } = isObject(metadata) ? metadata : {};
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(uid === undefined || resourceVersion === undefined
      ? {}
      : { preconditions: { uid, resourceVersion } }),
    ...(dryRun ? { dryRun: ["All"] } : {}),
  };
}

/** Items of a list do not say what they are. */
function withKind(object: JsonObject): JsonObject {
  return {
    ...object,
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
  };
}

function explained(error: unknown, verb: string, what: string): unknown {
  if (!(error instanceof ClusterError) || error.status !== 403) return error;
  return new TagError(
    "forbidden",
    `the API server does not let you ${verb} ${what}: ${error.message}. docs/tag.md has a ClusterRole with all that is needed`,
    { cause: error },
  );
}
