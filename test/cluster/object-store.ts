import { type ApiClient, ClusterError, type WriteRequest } from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";

/** Objects by their paths with the API server's rules for writing them, in memory, so that tests can own the clock. */
export class ObjectStore implements ApiClient {
  readonly namespace = undefined;
  readonly writes: WriteRequest[] = [];
  /** Fails every request with this while it is set. */
  failure: ClusterError | undefined;
  readonly #objects = new Map<string, JsonObject>();
  #version = 0;

  async get(path: string): Promise<JsonObject> {
    if (this.failure !== undefined) throw this.failure;
    const found = this.#objects.get(path);
    if (found === undefined) throw refused(404);
    return structuredClone(found);
  }

  stream(): Promise<void> {
    return Promise.reject(refused(405));
  }

  async write(request: WriteRequest): Promise<JsonObject> {
    if (this.failure !== undefined) throw this.failure;
    this.writes.push(request);
    const { method, path, body = {} } = request;
    const metadata = body.metadata as JsonObject;
    const place = method === "POST" ? `${path}/${String(metadata.name)}` : path;
    const before = this.#objects.get(place);
    if (method === "POST" ? before !== undefined : versionOf(before) !== metadata.resourceVersion)
      throw refused(409);
    const after = { ...body, metadata: { ...metadata, resourceVersion: String(++this.#version) } };
    this.#objects.set(place, after);
    return structuredClone(after);
  }

  delete(path: string): void {
    this.#objects.delete(path);
  }
}

function versionOf(object: JsonObject | undefined): unknown {
  return (object?.metadata as JsonObject | undefined)?.resourceVersion;
}

function refused(status: number): ClusterError {
  return new ClusterError("refused", `refused with ${status}`, { status });
}
