import { createConnection, createServer, type Server, type Socket } from "node:net";

/** What the probe tries. */
export interface ProbeRequest {
  /** Ports of the capture listeners. */
  readonly ports: readonly number[];
  /** Port nobody listens on. */
  readonly probePort: number;
  /** Milliseconds the whole may take. */
  readonly timeout: number;
  readonly ipv6: boolean;
  /** A text nobody else could send. */
  readonly token: string;
}

/** Whether traffic is captured, and why not. */
export interface ProbeResult {
  readonly captured: boolean;
  readonly reason: string;
}

/** Istio connects once a second. */
const interval = 1000;

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => resolve());
  });
}

/**
 * Proves capture without asking the kernel for a connection's first destination, which Node cannot: connects from
 * loopback to a port nobody listens on and sends a token. Where the token arrives on a capture listener, from the very
 * source port of that connection, a rule brought it there.
 */
class CaptureProbe {
  readonly #servers: Server[] = [];
  readonly #sent = new Set<number>();
  readonly #sockets = new Set<Socket>();
  #timers: NodeJS.Timeout[] = [];
  #finish: (result: ProbeResult) => void = () => undefined;

  constructor(private readonly request: ProbeRequest) {}

  get #loopback(): string {
    return this.request.ipv6 ? "::1" : "127.0.0.1";
  }

  async run(): Promise<ProbeResult> {
    const result = new Promise<ProbeResult>((resolve) => {
      this.#finish = resolve;
    });
    try {
      for (const port of this.request.ports) await this.#listen(port);
      this.#timers.push(setTimeout(() => this.#finish(this.#timedOut()), this.request.timeout));
      this.#connect();
      this.#timers.push(setInterval(() => this.#connect(), interval));
      return await result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { captured: false, reason: `no capture listener is possible: ${reason}` };
    } finally {
      this.#close();
    }
  }

  #timedOut(): ProbeResult {
    const { ports, probePort, timeout } = this.request;
    return {
      captured: false,
      reason: `within ${timeout} ms, no connection to port ${probePort} arrived on ${ports.join(" or ")}; the rules are missing, or this process is not the proxy's uid`,
    };
  }

  async #listen(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.#keep(socket);
      const source = socket.remotePort ?? 0;
      let heard = "";
      socket.on("data", (data) => {
        heard = (heard + data.toString("utf8")).slice(0, this.request.token.length);
        if (heard !== this.request.token || !this.#sent.has(source)) return;
        socket.destroy();
        this.#finish({
          captured: true,
          reason: `a connection to port ${this.request.probePort} arrived on port ${port}`,
        });
      });
    });
    this.#servers.push(server);
    await listen(server, port, this.#loopback);
    server.on("error", () => undefined);
  }

  #connect(): void {
    const host = this.request.ipv6 ? "::6" : "127.0.0.6";
    const socket = createConnection(
      { host, port: this.request.probePort, localAddress: this.#loopback },
      () => {
        if (socket.localPort !== undefined) this.#sent.add(socket.localPort);
        socket.write(this.request.token);
      },
    );
    this.#keep(socket);
    // A connection that nobody answers must not outlive the next.
    socket.setTimeout(interval, () => socket.destroy());
  }

  /** Remembers a socket until it is closed, so that none keeps the process alive. */
  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    for (const server of this.#servers) server.close();
  }
}

/**
 * Listens and connects in this process's network namespace; never throws.
 *
 * Decided in ADR 0106.
 */
export function probeCapture(request: ProbeRequest): Promise<ProbeResult> {
  return new CaptureProbe(request).run();
}
