import { type FastifyInstance, fastify } from "fastify";
import { isLogLevel, logLevels } from "../telemetry/index.js";
import { type Check, runChecks } from "./readiness.js";

/** What the plain server of probes and metrics is made of. */
export interface PlainAppOptions {
  readonly live: readonly Check[];
  readonly ready: readonly Check[];
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  readonly setLogLevel: (level: "error" | "warn" | "info" | "debug") => void;
}

/**
 * Makes the server of `/metrics`, `/livez`, `/ready` and `/log-level`, not listening yet. Probes list each check when
 * the query has `verbose`.
 */
export function plainApp({ live, ready, metrics, setLogLevel }: PlainAppOptions): FastifyInstance {
  const app = fastify({ requestTimeout: 10_000, bodyLimit: 1024, return503OnClosing: false });
  const probes: readonly (readonly [string, readonly Check[]])[] = [
    ["/livez", live],
    ["/ready", ready],
  ];
  for (const [path, checks] of probes) {
    app.get<{ Querystring: { verbose?: string } }>(path, (request, reply) => {
      const { status, body } = runChecks(checks, request.query.verbose !== undefined);
      return reply.code(status).type("text/plain; charset=utf-8").send(body);
    });
  }
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.put<{ Querystring: { level?: string } }>("/log-level", (request, reply) => {
    // The port is open to the cluster for scraping. Who forwards a port to the pod arrives from loopback.
    if (!isLoopback(request.socket.remoteAddress)) {
      return reply.code(403).send("the log level can be changed from this host only\n");
    }
    const { level = "" } = request.query;
    if (!isLogLevel(level)) {
      return reply.code(400).send(`want ?level= with one of ${logLevels.join(", ")}\n`);
    }
    setLogLevel(level);
    return reply.send(`${level}\n`);
  });
  return app;
}

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}
