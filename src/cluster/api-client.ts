import type { JsonObject } from "../json/index.js";

/** Parameters of a request's query. */
export type Query = Readonly<Record<string, string>>;

/** How a stream is read. */
export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the stream counts as dead. */
  readonly silenceMs: number;
  /** The server has agreed to stream. */
  readonly onOpen: () => void;
  /** One JSON object of the stream, in order. What it throws ends the stream. */
  readonly onObject: (object: JsonObject) => void;
}

/** A time that the API server told. */
export interface ServerTime {
  /** Milliseconds since 1970; the header `Date` tells whole seconds. */
  readonly time: number;
  /** `performance.now()` when it came. */
  readonly monotonic: number;
}

/** A request that changes something. */
export interface WriteRequest {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query;
  readonly body?: JsonObject;
  /** What the body is; absent: `application/json`. A PATCH names its kind, such as `application/apply-patch+yaml`. */
  readonly contentType?: string;
}

/** The API server, as far as Pillion needs it. */
export interface ApiClient {
  /** The namespace that the credentials belong to. */
  readonly namespace: string | undefined;
  /** The time that the newest answer told; undefined before the first. */
  readonly serverTime?: ServerTime | undefined;
  /**
   * Reads one JSON object. @throws ClusterError
   *
   * @param accept the form that is asked for; absent: the whole object
   */
  get(path: string, query: Query, signal: AbortSignal, accept?: string): Promise<JsonObject>;
  /** Reads a stream of JSON objects, one a line, until the server ends it. @throws ClusterError */
  stream(path: string, query: Query, options: StreamOptions): Promise<void>;
  /** Changes one object and gives the answer: the object as it is now. @throws ClusterError; status 409 for a conflict */
  write(request: WriteRequest, signal: AbortSignal): Promise<JsonObject>;
}
