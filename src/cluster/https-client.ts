import http, { type IncomingMessage } from "node:http";
import https, { type RequestOptions } from "node:https";
import { getOwn, isObject, type JsonObject } from "../json/index.js";
import { excerpt } from "../text/index.js";
import type { ApiClient, Query, ServerTime, StreamOptions, WriteRequest } from "./api-client.js";
import { ClusterError } from "./cluster-error.js";
import { jsonLines } from "./json-lines.js";
import { longestRetryAfter, mostAttempts, retryAfter } from "./retry-after.js";
import { sleep } from "./sleep.js";

/** What an {@link httpsClient} is made of. */
export interface HttpsClientOptions {
  readonly server: URL;
  readonly namespace?: string | undefined;
  /** Adds what the server demands: authority, certificate, token. It is asked before every request. */
  readonly authorize: (options: RequestOptions) => Promise<void>;
}

// A page of 500 objects with everything in them is about 5 MB; etcd holds no object over 1.5 MiB.
const answerLimit = 64 * 1024 * 1024;
// A list is answered within the API server's own limit of a minute, or not at all.
const answerMs = 65_000;

// What an admission webhook of others says of a write, for example.
const mostReason = 1000;

// A repaired caBundle cannot wait for a handshake. Idle connections are given up before anything on the way does so in
// silence; the replica that writes renews its Lease more often, so that it always has one.
const idleMs = 15_000;

/** What is sent beside the URL. */
interface Sent {
  readonly method: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
}

/** The API server over HTTPS, with connections of their own: a watch must not wait behind another. */
export function httpsClient({ server, namespace, authorize }: HttpsClientOptions): ApiClient {
  const agent = new https.Agent({ keepAlive: true, timeout: idleMs });
  let serverTime: ServerTime | undefined;
  const onAnswer = ({ headers }: IncomingMessage) => {
    const time = Date.parse(headers.date ?? "");
    if (!Number.isNaN(time)) serverTime = { time, monotonic: performance.now() };
  };
  const open = async (
    path: string,
    query: Query,
    signal: AbortSignal,
    silenceMs: number,
    { method, body, contentType, accept = "application/json" }: Sent,
    reuse = true,
  ) => {
    const url = new URL(`${server.pathname.replace(/\/$/, "")}${path}`, server);
    url.search = new URLSearchParams(query).toString();
    const headers = {
      accept,
      "user-agent": "pillion",
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      // Node tells the length of a body by itself, but not with DELETE: there its bytes would count as the next request.
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    };
    const options: RequestOptions = { method, headers };
    await authorize(options).catch((cause: unknown) => {
      throw new ClusterError("kubeconfig", `cannot get credentials for ${server.origin}: ${textOf(cause)}`, {
        cause,
      });
    });
    // The pool tells connections apart by their credentials. An agent for a proxy is left as it is.
    const shared = reuse && options.agent instanceof https.Agent && options.agent.constructor === https.Agent;
    const whole = { ...options, ...(shared ? { agent } : {}), signal, timeout: silenceMs };
    return patiently(() => send(url, whole, body, onAnswer), signal);
  };
  return {
    namespace,
    get serverTime() {
      return serverTime;
    },
    async get(path, query, signal, accept) {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const sent = { method: "GET", ...(accept === undefined ? {} : { accept }) };
      const response = await open(path, query, ending, answerMs, sent);
      return parse(await readWhole(response, path), path);
    },
    async stream(path, query, { signal, silenceMs, onOpen, onObject }: StreamOptions) {
      const response = await open(path, query, signal, silenceMs, { method: "GET" }, false);
      onOpen();
      response.socket.setTimeout(silenceMs, () =>
        response.destroy(
          new ClusterError(
            "silent",
            `the API server said nothing on ${path} for ${silenceMs / 1000} seconds`,
          ),
        ),
      );
      for await (const line of guard(jsonLines(response, answerLimit), path)) onObject(parse(line, path));
    },
    async write({ method, path, query = {}, body, contentType = "application/json" }: WriteRequest, signal) {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const sent = { method, ...(body === undefined ? {} : { body: JSON.stringify(body), contentType }) };
      return parse(await readWhole(await open(path, query, ending, answerMs, sent), path), path);
    },
  };
}

/**
 * Sends again what the API server refused with 429 and a time to come again: it did nothing with it yet, so that a write may
 * come twice. A longer time than is waited for, or one refusal too many, is the caller's to know.
 */
async function patiently(
  attempt: () => Promise<IncomingMessage>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = error instanceof ClusterError && error.status === 429 ? error.retryAfterMs : undefined;
      if (wait === undefined || wait > longestRetryAfter || attempts >= mostAttempts) throw error;
      await sleep(wait, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** Sends a request and gives the answer when its status is one of success. */
function send(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
  onAnswer: (response: IncomingMessage) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const library = url.protocol === "http:" ? http : https;
    const again = () => send(url, { ...options, agent: false }, body, onAnswer).then(resolve, reject);
    const request = library.request(url, options, (response) => {
      request.removeAllListeners("timeout");
      onAnswer(response);
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) resolve(response);
      else refusal(url.pathname, response).then(reject, reject);
    });
    request.on("timeout", () =>
      request.destroy(new ClusterError("silent", `the API server does not answer ${url.pathname}`)),
    );
    request.on("error", (cause) => {
      // The other side had closed it while it was idle. What is sent twice does no harm: writes carry versions.
      if (request.reusedSocket && wasClosed(cause)) again();
      else reject(unreachable(url.pathname, cause));
    });
    request.end(body);
  });
}

function wasClosed(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
}

async function refusal(path: string, response: IncomingMessage): Promise<ClusterError> {
  const status = response.statusCode ?? 0;
  const body = await readWhole(response, path).catch(() => "");
  const why = messageOf(body) ?? http.STATUS_CODES[status] ?? "no reason given";
  return statusError(path, status, why, retryAfter(response.headers, Date.now()));
}

/** The error for a Status that the API server sent, as an answer or inside a watch. */
export function statusError(
  path: string,
  status: number,
  message: string,
  retryAfterMs?: number,
): ClusterError {
  const code = status === 410 ? "expired" : "refused";
  return new ClusterError(
    code,
    `the API server refuses ${path}: ${excerpt(message, mostReason)} (${status})`,
    { status, retryAfterMs },
  );
}

function messageOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const message = isObject(value) ? getOwn(value, "message") : undefined;
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

async function readWhole(response: IncomingMessage, path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of guard<Buffer>(response, path)) {
    size += chunk.length;
    if (size > answerLimit) throw new ClusterError("malformed", `the answer to ${path} is too large`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function* guard<T>(source: AsyncIterable<T>, path: string): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (cause) {
    throw unreachable(path, cause);
  }
}

function unreachable(path: string, cause: unknown): ClusterError {
  if (cause instanceof ClusterError) return cause;
  return new ClusterError("unreachable", `cannot reach the API server for ${path}: ${textOf(cause)}`, {
    cause,
  });
}

function parse(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ClusterError("malformed", `the answer to ${path} is no JSON`, { cause });
  }
  if (!isObject(value)) throw new ClusterError("malformed", `the answer to ${path} is no object`);
  return value;
}

/** A connection that was refused by each of a name's addresses has no message of its own, only parts. */
function textOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(textOf).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}
