import { connect, type TLSSocket } from "node:tls";

/** What a client does with its connection. */
type Deed = (socket: TLSSocket) => void;

/**
 * Clients that connect to a server to no good end. Connections that are closed are made again, one after the other: a
 * handshake costs both sides more than all the rest, and is not what a siege is about.
 */
export class Siege {
  readonly #target: { readonly port: number; readonly ca: string };
  readonly #sockets = new Set<TLSSocket>();
  readonly #lost: Deed[] = [];
  #opened = 0;
  #over = false;

  constructor(target: { readonly port: number; readonly ca: string }) {
    this.#target = target;
    void this.#replace();
  }

  /** Connections made so far. */
  get opened(): number {
    return this.#opened;
  }

  /** Makes so many connections, a few at once, and does something with each. */
  async lay(count: number, deed: Deed): Promise<void> {
    let left = count;
    const some = async () => {
      while (left-- > 0) await this.#connect(deed);
    };
    await Promise.all(Array.from({ length: 20 }, some));
  }

  lift(): void {
    this.#over = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #replace(): Promise<void> {
    while (!this.#over) {
      const deed = this.#lost.shift();
      if (deed !== undefined) await this.#connect(deed);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #connect(deed: Deed): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", servername: "localhost", ...this.#target });
      this.#sockets.add(socket);
      socket.resume().on("error", () => {});
      socket.once("secureConnect", () => {
        this.#opened++;
        deed(socket);
        resolve();
      });
      socket.once("close", () => {
        this.#sockets.delete(socket);
        this.#lost.push(deed);
        resolve();
      });
    });
  }
}

/** Has one request answered, and then keeps the connection. */
export function askOnce(socket: TLSSocket): void {
  socket.write("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

/** Begins a request, and then sends a byte of its body a second. */
export function dripBody(socket: TLSSocket): void {
  socket.write("POST /inject HTTP/1.1\r\nHost: localhost\r\n");
  socket.write("Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
  const timer = setInterval(() => socket.write(" "), 1000);
  socket.once("close", () => clearInterval(timer));
}
