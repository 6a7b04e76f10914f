import { connect, type TLSSocket } from "node:tls";

/** Clients that connect to a server to no good end. A connection that is closed is made again after a second. */
export class Siege {
  readonly #target: { readonly port: number; readonly ca: string };
  readonly #sockets = new Set<TLSSocket>();
  #opened = 0;
  #over = false;

  constructor(target: { readonly port: number; readonly ca: string }) {
    this.#target = target;
  }

  /** Connections made so far. */
  get opened(): number {
    return this.#opened;
  }

  /** Makes so many connections, a few at once, and does something with each. */
  async lay(count: number, then: (socket: TLSSocket) => void): Promise<void> {
    let left = count;
    const some = async () => {
      while (left-- > 0) await this.#connect(then);
    };
    await Promise.all(Array.from({ length: 20 }, some));
  }

  #connect(then: (socket: TLSSocket) => void): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", servername: "localhost", ...this.#target });
      this.#sockets.add(socket);
      socket.resume().on("error", () => {});
      socket.once("secureConnect", () => {
        this.#opened++;
        then(socket);
        resolve();
      });
      socket.once("close", () => {
        this.#sockets.delete(socket);
        resolve();
        setTimeout(() => this.#over || void this.#connect(then), 1000).unref();
      });
    });
  }

  lift(): void {
    this.#over = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Begins a request, and then sends a byte of its body a second. */
export function dripBody(socket: TLSSocket): void {
  socket.write("POST /inject HTTP/1.1\r\nHost: localhost\r\n");
  socket.write("Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
  const timer = setInterval(() => socket.write(" "), 1000);
  socket.once("close", () => clearInterval(timer));
}
