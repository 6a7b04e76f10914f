import type { IncomingMessage } from "node:http";
import type { Passage } from "./gate.js";
import { Rejection } from "./rejection.js";

/** The largest body that is taken, as in Istio: an object of etcd's limit of 1.5 MiB, several times over. */
export const bodyLimit = 6_291_456;

// What is sent beyond the limit is read away for a while, so that the client is still there to read the answer; but
// not without end.
const discardLimit = 32 * 1024 * 1024;
const discardMs = 2000;

/**
 * Reads a request's body whole.
 *
 * @param timeoutMs how long it may take
 * @throws Rejection when it is too large, does not arrive whole or in time, or memory is short
 */
export function readBody(request: IncomingMessage, passage: Passage, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let rejection: Rejection | undefined;
    let timer = setTimeout(() => {
      finish(new Rejection("body-unreadable", 400, "the body did not arrive in time"));
    }, timeoutMs);
    const finish = (outcome: Rejection | Buffer) => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      // Without a listener an error that comes late would end the process.
      request.on("error", () => {});
      if (outcome instanceof Rejection) reject(outcome);
      else resolve(outcome);
    };
    const turnAway = (reason: Rejection) => {
      rejection = reason;
      chunks.length = 0;
      clearTimeout(timer);
      timer = setTimeout(() => finish(reason), discardMs);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (rejection !== undefined) {
        if (size > discardLimit) finish(rejection);
      } else if (size > bodyLimit) {
        turnAway(new Rejection("body-too-large", 400, `Request entity too large: limit is ${bodyLimit}`));
      } else if (passage.reserve(chunk.length)) chunks.push(chunk);
      else turnAway(new Rejection("overloaded", 503, "the server is overloaded; try again"));
    };
    const onEnd = () =>
      finish(rejection ?? (chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks)));
    const onClose = () => finish(new Rejection("body-unreadable", 400, "unexpected EOF"));
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

const empty = Buffer.alloc(0);
