import type { SecureContextOptions } from "node:tls";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Log } from "../telemetry/index.js";
import { answerClientError } from "./answer-client-error.js";
import type { InjectHandler } from "./inject-handler.js";
import { type Check, runChecks } from "./readiness.js";
import { type RequestTarget, targetReader } from "./request-path.js";

/** How long a client may take, in milliseconds. */
export interface ClientTimeouts {
  readonly handshake: number;
  readonly headers: number;
  readonly body: number;
  readonly idle: number;
}

/** What the HTTPS server is made of. */
export interface HttpsAppOptions {
  readonly secure: SecureContextOptions;
  readonly requestCertificate: boolean;
  readonly timeouts: ClientTimeouts;
  readonly handler: InjectHandler;
  readonly checks: readonly Check[];
  /** Whether answers should tell clients to go elsewhere. */
  readonly draining: () => boolean;
  readonly log: Log;
}

/**
 * Makes the server of `/inject` and `/ready`, not listening yet.
 *
 * Decided in ADR 0204.
 */
export function httpsApp(options: HttpsAppOptions): FastifyInstance {
  const { timeouts } = options;
  const targetOf = targetReader();
  const app: FastifyInstance = fastify({
    https: {
      ...options.secure,
      requestCert: options.requestCertificate,
      // Who must show a certificate is decided for each path; probes show none.
      rejectUnauthorized: false,
      handshakeTimeout: timeouts.handshake,
      headersTimeout: timeouts.headers,
      // How often the two limits are looked at: a quarter, so that one is kept to within a quarter.
      connectionsCheckingInterval: Math.max(100, Math.min(timeouts.headers, timeouts.body) / 4),
    },
    // The body has a limit of its own; this one, for the whole request, stands behind it.
    requestTimeout: timeouts.headers + timeouts.body,
    keepAliveTimeout: timeouts.idle,
    // For a client that takes nothing of its answer; the other limits are reached sooner.
    connectionTimeout: timeouts.headers + timeouts.body,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    frameworkErrors: (_error, request, reply) => dispatch(request, reply),
  });

  const dispatch = (request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
    const target = targetOf(request.raw.url ?? "/");
    if (target === undefined) return refuse(reply, 400, "the path is not percent-encoded as it should be");
    if (target.redirect !== undefined) return reply.redirect(target.redirect, 301);
    return route(request, reply, target, options);
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook("onRequest", (_request, reply, done) => {
    if (options.draining()) reply.header("connection", "close");
    done();
  });
  for (const url of ["/inject", "/inject/*", "/ready"]) app.all(url, dispatch);
  // Methods that the router does not know, and paths it reads otherwise than Go.
  app.setNotFoundHandler(dispatch);
  app.setErrorHandler((error, request, reply) => {
    // The router judges the content type before the handler can judge the body; the order is ours to keep.
    if (isContentTypeError(error)) return dispatch(request, reply);
    options.log.error("request failed", { error: error instanceof Error ? (error.stack ?? "") : "?" });
    return refuse(reply, 500, "Pillion itself failed; please report it");
  });
  app.server.on("tlsClientError", (error) => {
    options.log.debug("TLS handshake failed", { error: error.message });
  });
  return app;
}

function route(
  request: FastifyRequest,
  reply: FastifyReply,
  target: RequestTarget,
  { handler, checks }: HttpsAppOptions,
): FastifyReply | Promise<FastifyReply> {
  const { path } = target;
  if (path === "/inject" || path.startsWith("/inject/")) return handler(request, reply, target);
  if (path !== "/ready") return refuse(reply, 404, "404 page not found");
  const verbose = new URLSearchParams(request.raw.url?.split("?")[1]).has("verbose");
  const answer = runChecks(checks, verbose);
  return reply.code(answer.status).header("content-type", "text/plain; charset=utf-8").send(answer.body);
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).header("content-type", "text/plain; charset=utf-8").send(`${message}\n`);
}

function isContentTypeError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("FST_ERR_CTP_");
}
