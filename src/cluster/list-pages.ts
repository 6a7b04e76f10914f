import { getOwn, isObject, type JsonObject } from "../json/index.js";
import type { ApiClient, Query } from "./api-client.js";
import { ClusterError } from "./cluster-error.js";

/** A list as it was at one moment. */
export interface Listed {
  readonly items: readonly JsonObject[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
}

// Pages keep the memory of both sides flat: 5,000 Nodes with their images are 50 MB at once.
const pageSize = "500";

/** Lists in pages. @throws ClusterError; `expired` when the pages took too long, and the list has to begin anew */
export async function listPages(
  client: ApiClient,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<Listed> {
  const items: JsonObject[] = [];
  for (let token = ""; ; ) {
    const next: Query = token === "" ? {} : { continue: token };
    const page = await client.get(path, { ...query, limit: pageSize, ...next }, signal);
    const metadata = getOwn(page, "metadata");
    const list = getOwn(page, "items");
    if (!isObject(metadata)) throw new ClusterError("malformed", `the list of ${path} has no metadata`);
    if (Array.isArray(list)) items.push(...list.filter(isObject));
    const more = getOwn(metadata, "continue");
    if (typeof more === "string" && more !== "") {
      token = more;
      continue;
    }
    const resourceVersion = getOwn(metadata, "resourceVersion");
    return { items, resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "" };
  }
}
