// A client that costs little beside the server it loads: connections that are kept, one request at a time on each, and
// no more parsing than it takes to see where an answer ends.

import { connect } from "node:tls";

const headEnd = Buffer.from("\r\n\r\n");

/** The bytes of a request as the API server sends it. */
export function requestBytes(port, body) {
  const head = [
    "POST /inject?timeout=10s HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "User-Agent: kube-apiserver-admission",
    "Accept: application/json, */*",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** A connection that sends the next request when it has its answer, until the time is over. */
class Connection {
  constructor(port) {
    this.socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    this.socket.setNoDelay(true);
    this.ready = new Promise((resolve, reject) => {
      this.refused = reject;
      this.socket.once("secureConnect", resolve);
    });
    this.socket.on("error", (error) => this.refused(error));
    this.socket.on("close", () => this.refused(new Error("the server hung up")));
    this.left = 0;
    this.socket.on("data", (chunk) => this.receive(chunk));
  }

  /** Resolves when an answer came after the end. */
  run(nextRequest, end, latencies) {
    return new Promise((resolve, reject) => {
      this.answered = () => {
        const now = performance.now();
        latencies.push(now - this.sent);
        if (now >= end) resolve();
        else this.send(nextRequest());
      };
      this.refused = reject;
      this.send(nextRequest());
    });
  }

  send(bytes) {
    this.sent = performance.now();
    this.socket.write(bytes);
  }

  receive(chunk) {
    if (this.left === 0) {
      // Node writes the head of an answer in one piece, and with the body where that is a text.
      const headLength = chunk.indexOf(headEnd) + headEnd.length;
      const head = chunk.toString("latin1", 0, headLength);
      if (!head.startsWith("HTTP/1.1 200 ")) return this.refused(new Error(`not answered with 200: ${head}`));
      this.left = headLength + Number(/content-length: (\d+)/i.exec(head)[1]);
    }
    this.left -= chunk.length;
    if (this.left === 0) this.answered();
  }
}

/** Connections to a server that are kept from one turn of the measurement to the next. */
export class Load {
  /** @param bodies what is sent, in turn */
  static async open(port, bodies, connections) {
    const all = Array.from({ length: connections }, () => new Connection(port));
    await Promise.all(all.map(({ ready }) => ready));
    return new Load(
      all,
      bodies.map((body) => requestBytes(port, body)),
    );
  }

  #next = 0;

  constructor(connections, requests) {
    this.connections = connections;
    this.requests = requests;
  }

  /** Loads the server for a while. @returns milliseconds: how long it took, and the latency of each answer */
  async run(milliseconds) {
    const nextRequest = () => this.requests[this.#next++ % this.requests.length];
    const latencies = [];
    const start = performance.now();
    await Promise.all(this.connections.map((one) => one.run(nextRequest, start + milliseconds, latencies)));
    return { elapsed: performance.now() - start, latencies };
  }

  close() {
    for (const { socket } of this.connections)
      socket
        .removeAllListeners()
        .on("error", () => {})
        .destroy();
  }
}

/** The value below which such a part of the numbers lies. */
export function quantile(numbers, part) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
