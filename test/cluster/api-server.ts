import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { JsonObject } from "../../src/json/index.js";

/** A request that the server was sent. */
export interface Seen {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  readonly method: string;
}

interface Change {
  readonly version: number;
  readonly type: string;
  readonly object: JsonObject;
}

interface Collection {
  readonly objects: Map<string, JsonObject>;
  changes: Change[];
}

/**
 * The part of the Kubernetes API protocol that lists and watches are made of, over real sockets: resource versions,
 * pages, field selectors, bookmarks, 410 for versions that are forgotten. Tests make it fail in the ways of real ones.
 */
export class ApiServer {
  readonly seen: Seen[] = [];
  /** How many connections were opened. */
  connections = 0;
  readonly #collections = new Map<string, Collection>();
  readonly #watches = new Set<{ path: string; name: string | undefined; response: ServerResponse }>();
  #server = this.#create(undefined);
  #version = 100;
  #forgotten = 0;
  /** Answers every request with this status. */
  refuse: number | undefined;
  /** Paths that answer with a status of their own. */
  readonly refusals = new Map<string, number>();
  /** What answers a POST to a path: a status and an object. */
  readonly posts = new Map<string, (body: JsonObject) => readonly [status: number, answer: JsonObject]>();
  /** Takes connections and says nothing. */
  mute = false;
  /** Tokens for the next pages are refused with 410, once. */
  expirePages = false;

  #create(tls: { key: string; cert: string } | undefined) {
    const listener: RequestListener = (request, response) => this.#answer(request, response);
    return tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  }

  /** @param port 0: any */
  async start(port = 0, tls?: { key: string; cert: string }): Promise<number> {
    this.#server = this.#create(tls);
    this.#server.on("connection", () => this.connections++);
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** A kind that the server serves, with what is there. */
  serve(path: string, ...objects: JsonObject[]): void {
    this.#collections.set(path, { objects: new Map(), changes: [] });
    for (const object of objects) this.put(path, object);
  }

  put(path: string, object: JsonObject): void {
    const collection = this.#collection(path);
    const key = nameOf(object);
    const type = collection.objects.has(key) ? "MODIFIED" : "ADDED";
    collection.objects.set(key, this.#change(path, type, object));
  }

  /** An object as it is now. */
  object(path: string, name: string): JsonObject | undefined {
    return this.#collection(path).objects.get(name);
  }

  delete(path: string, name: string): void {
    const object = this.#collection(path).objects.get(name);
    if (object === undefined) throw new Error(`no ${name}`);
    this.#collection(path).objects.delete(name);
    this.#change(path, "DELETED", object);
  }

  /** Forgets the past: a watch from before now is answered with 410. */
  compact(): void {
    this.#forgotten = ++this.#version;
    for (const collection of this.#collections.values()) collection.changes = [];
  }

  /** Changes an object without telling anybody, as a watch cache that lost an event. */
  putSilently(path: string, object: JsonObject): void {
    this.#collection(path).objects.set(nameOf(object), { ...object });
  }

  /** Sends an event as it is to all watches of a path. */
  send(path: string, event: string): void {
    for (const watch of this.#watches) if (watch.path === path) watch.response.write(event);
  }

  /** Cuts all connections. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  watches(path: string): number {
    return [...this.#watches].filter((watch) => watch.path === path).length;
  }

  requests(path: string, kind: "list" | "watch"): Seen[] {
    return this.seen.filter((seen) => seen.path === path && seen.query.has("watch") === (kind === "watch"));
  }

  #collection(path: string): Collection {
    const found = this.#collections.get(path);
    if (found === undefined) throw new Error(`${path} is not served`);
    return found;
  }

  #change(path: string, type: string, object: JsonObject): JsonObject {
    const version = ++this.#version;
    const metadata = { ...(object.metadata as JsonObject), resourceVersion: String(version) };
    const change = { version, type, object: { ...object, metadata } };
    this.#collection(path).changes.push(change);
    for (const watch of this.#watches) if (watch.path === path) tell(watch, change);
    return change.object;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname;
    const query = url.searchParams;
    const { headers, method = "GET" } = request;
    this.seen.push({ path, query, authorization: headers.authorization, accept: headers.accept, method });
    if (this.mute) return;
    const single = this.#single(path);
    const known = this.#collections.has(path) || single !== undefined || this.posts.has(path);
    const status = this.refuse ?? this.refusals.get(path) ?? (known ? 200 : 404);
    if (status !== 200) fail(response, status);
    else if (method === "POST" && this.posts.has(path)) void this.#post(path, request, response);
    else if (method !== "GET") void this.#write(method, path, request, response);
    else if (single !== undefined) reply(response, 200, single);
    else if (query.has("watch")) this.#watch(path, query, response);
    else this.#list(path, query, response);
  }

  /** One object by its path: that of a collection, and its name. */
  #single(path: string): JsonObject | undefined {
    const end = path.lastIndexOf("/");
    return this.#collections.get(path.slice(0, end))?.objects.get(path.slice(end + 1));
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = this.posts.get(path);
    if (answer === undefined) return fail(response, 405);
    const [status, object] = answer(JSON.parse(await text(request)) as JsonObject);
    reply(response, status, object);
  }

  /** POST makes, PUT replaces a version, DELETE removes one, PATCH applies bundles to the entries of a webhook configuration. */
  async #write(
    method: string,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = JSON.parse(await text(request)) as JsonObject;
    const end = path.lastIndexOf("/");
    const collection = method === "POST" ? path : path.slice(0, end);
    if (method === "DELETE") return this.#remove(collection, path.slice(end + 1), body, response);
    const before = this.object(collection, nameOf(body));
    const lost = method === "POST" ? before !== undefined : versionOf(before) !== versionOf(body);
    if (lost) return fail(response, 409);
    this.put(collection, method === "PATCH" && before !== undefined ? withBundles(before, body) : body);
    reply(response, 200, this.object(collection, nameOf(body)) ?? {});
  }

  #remove(path: string, name: string, { preconditions }: JsonObject, response: ServerResponse): void {
    const object = this.object(path, name);
    const isMeant = versionOf({ metadata: preconditions ?? {} }) === versionOf(object);
    if (object === undefined) fail(response, 404);
    else if (!isMeant) fail(response, 409);
    else {
      this.delete(path, name);
      reply(response, 200, { kind: "Status", status: "Success" });
    }
  }

  #list(path: string, query: URLSearchParams, response: ServerResponse): void {
    const wanted = [...this.#collection(path).objects.values()].filter((object) =>
      isSelected(nameOf(object), selectedName(query)),
    );
    const from = Number(query.get("continue") ?? 0);
    if (from > 0 && this.expirePages) {
      this.expirePages = false;
      fail(response, 410);
      return;
    }
    const limit = Number(query.get("limit") ?? wanted.length);
    const items = wanted.slice(from, from + limit);
    const more = from + limit < wanted.length ? { continue: String(from + limit) } : {};
    const metadata = { resourceVersion: String(this.#version), ...more };
    reply(response, 200, { kind: "List", apiVersion: "v1", metadata, items });
  }

  #watch(path: string, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get("resourceVersion"));
    response.setHeader("content-type", "application/json");
    response.flushHeaders();
    if (from < this.#forgotten) {
      response.end(
        `${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } })}\n`,
      );
      return;
    }
    const watch = { path, name: selectedName(query), response };
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
    for (const change of this.#collection(path).changes) if (change.version > from) tell(watch, change);
  }
}

function tell(watch: { name: string | undefined; response: ServerResponse }, { type, object }: Change): void {
  if (isSelected(nameOf(object), watch.name)) watch.response.write(`${JSON.stringify({ type, object })}\n`);
}

function isSelected(name: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === name;
}

function selectedName(query: URLSearchParams): string | undefined {
  return /^metadata\.name=(.*)$/.exec(query.get("fieldSelector") ?? "")?.[1];
}

function withBundles(before: JsonObject, applied: JsonObject): JsonObject {
  const changes = new Map((applied.webhooks as JsonObject[]).map((entry) => [entry.name, entry]));
  const webhooks = (before.webhooks as JsonObject[]).map((entry) => {
    const change = changes.get(entry.name as string)?.clientConfig as JsonObject | undefined;
    return { ...entry, clientConfig: { ...(entry.clientConfig as JsonObject), ...change } };
  });
  return { ...before, webhooks };
}

function versionOf(object: JsonObject | undefined): unknown {
  return (object?.metadata as JsonObject | undefined)?.resourceVersion;
}

function nameOf(object: JsonObject): string {
  return String((object.metadata as JsonObject).name);
}

function fail(response: ServerResponse, code: number): void {
  reply(response, code, { kind: "Status", code, message: `refused with ${code}` });
}

function reply(response: ServerResponse, status: number, object: JsonObject): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(object));
}
