import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  type AdmissionContext,
  type AdmissionOutcome,
  handleReview,
  usableTimeout,
} from "../admission/index.js";
import type { LiveSnapshot } from "../config/index.js";
import type { Log, Metrics } from "../telemetry/index.js";
import { type BodyStore, smallBody } from "./bodies/body-store.js";
import { readBody, type WholeBody } from "./bodies/read-body.js";
import type { Gate } from "./gate.js";
import { Rejection } from "./rejection.js";
import type { RequestTarget } from "./request-path.js";
import { Rounds } from "./rounds.js";

/** What the handler of `/inject` works with. */
export interface InjectHandlerOptions {
  /** The configuration in use. Asked once a request. */
  readonly live: () => Pick<LiveSnapshot, "snapshot">;
  readonly gate: Gate;
  readonly bodies: BodyStore;
  /** Whether a certificate of the client CA is demanded. */
  readonly clientCertificate: boolean;
  /** How long a body may take to arrive when the client does not say how long it waits. */
  readonly bodyTimeoutMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  /** What answers a review; absent: injection. A benchmark compares injection with an answer that was prepared. */
  readonly review?: ReviewHandler;
}

/** As `handleReview`. */
export type ReviewHandler = (body: Uint8Array, context: AdmissionContext) => AdmissionOutcome;

/** Answers one request to `/inject`. Never rejects. */
export type InjectHandler = (
  request: FastifyRequest,
  reply: FastifyReply,
  target: RequestTarget,
) => Promise<FastifyReply>;

/** Makes the handler of `/inject`: the checks of docs/behaviour.md#requests, in their order. */
export function injectHandler(options: InjectHandlerOptions): InjectHandler {
  const { gate, bodies, log, metrics, ticks, review = handleReview } = options;
  const rounds = new Rounds(ticks);
  const onRender = (path: string) => metrics.increment("pillion_render_total", { path });
  return async (request, reply, target) => {
    const arrived = ticks();
    const elapsed = () => (ticks() - arrived) * 1000;
    metrics.increment("sidecar_injection_requests_total");
    const passage = gate.enter();
    let body: WholeBody | undefined;
    try {
      if (options.clientCertificate) demandClientCertificate(request.raw);
      const { patience } = target;
      const timeout = patience === undefined ? undefined : usableTimeout(patience);
      const deadline = timeout === undefined ? undefined : options.now() + timeout;
      const limit = options.bodyTimeoutMs;
      body = await readBody(request.raw, bodies, Math.min(limit, timeout ?? limit));
      const { bytes } = body;
      checkContent(bytes, request.raw);
      if (!passage.work()) throw overloaded();
      const answer = () =>
        review(bytes, {
          snapshot: options.live().snapshot,
          path: target.path,
          now: options.now,
          onRender,
          elapsed,
          deadline,
        });
      const outcome = await rounds.do(answer, bytes.length > smallBody);
      report(outcome, elapsed(), log, metrics);
      return reply.code(200).header("content-type", "application/json").serializer(asItIs).send(outcome.body);
    } catch (error) {
      return reject(error, reply, elapsed(), log, metrics);
    } finally {
      body?.leave();
      passage.leave();
      const seconds = elapsed() / 1_000_000;
      metrics.observe("sidecar_injection_time_seconds", seconds);
      metrics.observe("pillion_injection_duration_seconds", seconds);
    }
  };
}

// Without a serializer Fastify would add a charset, which JSON has none of; as bytes the text would be copied once more.
function asItIs(payload: unknown): string {
  return String(payload);
}

function overloaded(): Rejection {
  return new Rejection("overloaded", 503, "the server is overloaded; try again");
}

// A session that is resumed has no certificate, and Node then calls the client authorized whoever it is; so the
// certificate itself must be there.
function demandClientCertificate({ socket }: IncomingMessage): void {
  const shown =
    socket instanceof TLSSocket && socket.authorized && socket.getPeerX509Certificate() !== undefined;
  if (!shown) {
    throw new Rejection("client-certificate", 403, "a certificate of the client CA is needed here");
  }
}

function checkContent(body: Buffer, request: IncomingMessage): void {
  if (body.length === 0) throw new Rejection("body-empty", 400, "no body found");
  if (request.headers["content-type"] !== "application/json") {
    throw new Rejection("content-type", 415, "invalid Content-Type, want `application/json`");
  }
}

/** Istio counts every answered review as a success, one that refuses its pod too, and that one also as a failure. */
function report(outcome: AdmissionOutcome, microseconds: number, log: Log, metrics: Metrics): void {
  const { result, reason } = outcome;
  metrics.increment("sidecar_injection_success_total");
  metrics.increment("pillion_injections_total", { result, reason });
  if (result === "failed") metrics.increment("sidecar_injection_failure_total");
  if (result === "skipped") metrics.increment("sidecar_injection_skip_total");
  if (!log.enabled("info")) return;
  log.info("review answered", {
    uid: outcome.uid,
    namespace: outcome.namespace,
    pod: outcome.pod,
    decision: result,
    reason,
    microseconds: Math.round(microseconds),
    error: outcome.failure,
    warnings: outcome.warnings.length === 0 ? undefined : outcome.warnings.join("; "),
    ignoredPathKey: outcome.ignoredPathKey?.slice(0, 63),
  });
}

function reject(
  error: unknown,
  reply: FastifyReply,
  microseconds: number,
  log: Log,
  metrics: Metrics,
): FastifyReply {
  const [code, status, message] =
    error instanceof Rejection
      ? ([error.code, error.status, error.message] as const)
      : (["internal", 500, "Pillion itself failed; please report it"] as const);
  const shed = status === 503 || status === 429;
  metrics.increment("sidecar_injection_failure_total");
  metrics.increment("pillion_injections_total", { result: shed ? "shed" : "rejected", reason: code });
  const fields = { status, reason: code, microseconds: Math.round(microseconds) };
  if (status === 500) {
    log.error("request failed", { ...fields, error: error instanceof Error ? (error.stack ?? "") : "?" });
  } else if (shed) {
    // A line for each would be work at the wrong time; the metric counts them.
    log.debug("request shed", fields);
  } else log.info("request rejected", { ...fields, error: message });
  // What is left of the body is not read, so the connection cannot go on.
  reply.code(status).header("connection", "close").header("content-type", "text/plain; charset=utf-8");
  if (shed) reply.header("retry-after", "1");
  return reply.send(`${message}\n`);
}
