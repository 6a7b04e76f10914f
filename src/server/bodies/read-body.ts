import type { IncomingMessage } from "node:http";
import { Rejection } from "../rejection.js";
import type { ArrivingBody, BodyEnd } from "./arriving-body.js";
import type { BodyStore } from "./body-store.js";

/** The largest body that is taken, as in Istio: an object of etcd's limit of 1.5 MiB, several times over. */
export const bodyLimit = 6_291_456;

// What is sent beyond the limit is read away for a while, so that the client is still there to read the answer; but
// not without end.
const discardLimit = 32 * 1024 * 1024;
const discardMs = 2000;

const empty = Buffer.alloc(0);

/** A body that is there whole. It holds its memory until it is left. */
export interface WholeBody {
  readonly bytes: Buffer;
  leave(): void;
}

/**
 * Reads a request's body whole.
 *
 * @param patienceMs how long it may take
 * @throws Rejection when it is too large, does not arrive whole, comes too slowly, or its memory is needed; it holds
 *   nothing then
 */
export function readBody(request: IncomingMessage, store: BodyStore, patienceMs: number): Promise<WholeBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let discarded = 0;
    let rejection: Rejection | undefined;
    let timer: NodeJS.Timeout | undefined;
    const finish = (outcome: Rejection | WholeBody) => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      // Without a listener an error that comes late would end the process.
      request.on("error", () => {});
      if (!(outcome instanceof Rejection)) return resolve(outcome);
      body.leave();
      chunks.length = 0;
      reject(outcome);
    };
    const turnAway = (reason: Rejection) => {
      rejection = reason;
      body.leave();
      chunks.length = 0;
      timer = setTimeout(() => finish(reason), discardMs);
    };
    const onData = (chunk: Buffer) => {
      if (rejection === undefined) return keep(chunk);
      discarded += chunk.length;
      if (discarded > discardLimit) finish(rejection);
    };
    let size = 0;
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodyLimit) turnAway(tooLarge());
      else if (body.reserve(chunk.length)) chunks.push(chunk);
      else turnAway(memoryFull());
    };
    const onEnd = () => {
      if (rejection !== undefined) return finish(rejection);
      body.whole();
      finish({ bytes: joined(chunks), leave: () => body.leave() });
    };
    const onClose = () => finish(new Rejection("body-unreadable", 400, "unexpected EOF"));
    const body: ArrivingBody = store.open(request.socket.remoteAddress ?? "", patienceMs, (why: BodyEnd) => {
      if (why === "memory") turnAway(memoryFull());
      else finish(new Rejection("body-unreadable", 400, "the body did not arrive in time"));
    });
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
    if (Number(request.headers["content-length"]) > bodyLimit) turnAway(tooLarge());
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks);
}

function tooLarge(): Rejection {
  return new Rejection("body-too-large", 400, `Request entity too large: limit is ${bodyLimit}`);
}

function memoryFull(): Rejection {
  return new Rejection("memory-full", 429, "the bodies under way hold all the memory for them; try again");
}
