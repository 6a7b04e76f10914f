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
      this.socket.once("secureConnect", resolve).once("error", reject);
    });
    this.left = 0;
    this.socket.on("data", (chunk) => this.receive(chunk));
  }

  /** Resolves when an answer came after the end. */
  run(nextRequest, end, latencies) {
    return new Promise((resolve, reject) => {
      this.socket.once("error", reject).once("close", () => reject(new Error("the server hung up")));
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

/**
 * Loads a server for a while.
 *
 * @param bodies what is sent, in turn
 * @returns requests per second, and latencies in milliseconds, sorted
 */
export async function load(port, bodies, connections, milliseconds) {
  const requests = bodies.map((body) => requestBytes(port, body));
  let next = 0;
  const nextRequest = () => requests[next++ % requests.length];
  const all = Array.from({ length: connections }, () => new Connection(port));
  await Promise.all(all.map(({ ready }) => ready));
  const latencies = [];
  const start = performance.now();
  await Promise.all(all.map((one) => one.run(nextRequest, start + milliseconds, latencies)));
  const elapsed = performance.now() - start;
  for (const { socket } of all)
    socket
      .removeAllListeners()
      .on("error", () => {})
      .destroy();
  latencies.sort((left, right) => left - right);
  return { perSecond: (latencies.length / elapsed) * 1000, answers: latencies.length, latencies };
}

/** The value below which such a part of sorted numbers lies. */
export function quantile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
