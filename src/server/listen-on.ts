import type { Server } from "node:net";
import { ServerError } from "./server-error.js";

/** An address to listen on. Without a host: all addresses of the machine, of both families where it has both. */
export interface ListenAddress {
  readonly host?: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Starts to listen. @throws ServerError `listen-failed` */
export function listenOn(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error) => {
      const where = `${host ?? ""}:${port}`;
      reject(new ServerError("listen-failed", `cannot listen on ${where}: ${cause.message}`, { cause }));
    };
    server.once("error", onError);
    // Connections wait here while the process is busy: more than one may find at once.
    server.listen({ port, backlog: 1024, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", onError);
      resolve();
    });
  });
}
