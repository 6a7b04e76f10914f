import { isObject, type JsonObject, textOrEmpty, valueAt } from "../../json/index.js";
import type { ApiClient, Query } from "../api-client.js";

/** Metadata and nothing else: a tenth of a pod. */
const metadataOnly = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

// As other lists of Pillion: small enough for both sides, large enough that 5,000 pods are ten requests.
const pageSize = "500";

/**
 * Reads the metadata of a list page by page and hands each object on, so that no more than one page is held.
 * @throws ClusterError; `expired` when reading took longer than the API server keeps the list
 */
export async function eachMetadata(
  client: ApiClient,
  path: string,
  query: Query,
  signal: AbortSignal,
  take: (object: JsonObject) => void,
): Promise<void> {
  for (let token = ""; ; ) {
    const next: Query = token === "" ? {} : { continue: token };
    const page = await client.get(path, { ...query, limit: pageSize, ...next }, signal, metadataOnly);
    const items = valueAt(page, "items");
    for (const item of Array.isArray(items) ? items : []) if (isObject(item)) take(item);
    token = textOrEmpty(page, "metadata", "continue");
    if (token === "") return;
  }
}
