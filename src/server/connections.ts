import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";

/** How many connections a server keeps, and by which clock. */
export interface ConnectionsOptions {
  readonly limit: number;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  /** Told how many are open. */
  readonly onCount?: (connections: number) => void;
  /** Told of each that was closed to make room. */
  readonly onEvict?: () => void;
}

/** An open connection. */
interface Connection {
  readonly peer: string;
  socket: Socket;
  /** When its client last did something that counts: it connected, or began a request. */
  since: number;
  exchange?: { readonly request: IncomingMessage; readonly response: ServerResponse };
}

/**
 * Keeps a server's connections within a limit by closing one for each that comes beyond it, so that a new client is
 * always let in (ADR 0210). Of the address that has most connections it closes the one whose client has done nothing for
 * longest, be it in its handshake, idle, or in the midst of a request; never one whose request is being worked on.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  /** By both ends, since TLS gives a connection a second socket. */
  readonly #open = new Map<string, Connection>();
  readonly #bySocket = new WeakMap<Socket, Connection>();
  #whenGreeted: (() => void)[] = [];

  constructor(server: HttpServer, options: ConnectionsOptions) {
    this.#options = options;
    server.on("connection", (socket: Socket) => this.#accept(socket));
    if (server instanceof TlsServer) server.on("secureConnection", (socket) => this.#secure(socket));
    server.on("request", (request, response) => this.#begin(request, response));
  }

  /** Resolves when no connection is open that has not sent a request yet. */
  greeted(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenGreeted.push(resolve);
      this.#tellGreeted();
    });
  }

  #accept(socket: Socket): void {
    const { limit, ticks, onCount } = this.#options;
    const peer = socket.remoteAddress;
    // It is gone already.
    if (peer === undefined) return void socket.destroy();
    const name = nameOf(socket);
    const connection = { peer, socket, since: ticks() };
    this.#open.set(name, connection);
    this.#bySocket.set(socket, connection);
    socket.once("close", () => {
      if (this.#open.get(name) === connection) this.#open.delete(name);
      onCount?.(this.#open.size);
      this.#tellGreeted();
    });
    onCount?.(this.#open.size);
    if (this.#open.size > limit) this.#evict();
  }

  #secure(socket: Socket): void {
    const connection = this.#open.get(nameOf(socket));
    if (connection === undefined) return;
    connection.socket = socket;
    this.#bySocket.set(socket, connection);
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#bySocket.get(request.socket);
    if (connection === undefined) return;
    connection.since = this.#options.ticks();
    connection.exchange = { request, response };
    if (this.#whenGreeted.length > 0) this.#tellGreeted();
  }

  #evict(): void {
    const counts = new Map<string, number>();
    for (const { peer } of this.#open.values()) counts.set(peer, (counts.get(peer) ?? 0) + 1);
    let victim: Connection | undefined;
    for (const connection of this.#open.values()) {
      if (isWorking(connection)) continue;
      const more = (counts.get(connection.peer) ?? 0) - (counts.get(victim?.peer ?? "") ?? 0);
      if (victim === undefined || more > 0 || (more === 0 && connection.since < victim.since))
        victim = connection;
    }
    if (victim === undefined) return;
    this.#options.onEvict?.();
    victim.socket.destroy();
  }

  #tellGreeted(): void {
    if (this.#whenGreeted.length === 0) return;
    for (const { exchange } of this.#open.values()) if (exchange === undefined) return;
    const waiting = this.#whenGreeted;
    this.#whenGreeted = [];
    for (const resolve of waiting) resolve();
  }
}

function nameOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** The request is there whole, and its answer is not written yet. */
function isWorking({ exchange }: Connection): boolean {
  return exchange?.request.complete === true && !exchange.response.writableEnded;
}
