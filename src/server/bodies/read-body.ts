import type { IncomingMessage } from "node:http";
import { Rejection } from "../rejection.js";
import type { ArrivingBody, BodyEnd } from "./arriving-body.js";
import type { BodyStore } from "./body-store.js";
import { discardRest } from "./discard-rest.js";

/** The largest body that is taken, as in Istio: an object of etcd's limit of 1.5 MiB, several times over. */
export const bodyLimit = 6_291_456;

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
    let size = 0;
    const stop = () => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      body.leave();
      chunks.length = 0;
    };
    const fail = (rejection: Rejection) => {
      stop();
      reject(rejection);
    };
    const turnAway = (rejection: Rejection) => {
      stop();
      discardRest(request).then(() => reject(rejection));
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodyLimit) turnAway(tooLarge());
      else if (body.reserve(chunk.length)) chunks.push(chunk);
      else turnAway(memoryFull());
    };
    const onEnd = () => {
      body.whole();
      request.off("close", onClose);
      resolve({ bytes: joined(chunks), leave: () => body.leave() });
    };
    const onClose = () => fail(unreadable("unexpected EOF"));
    const body: ArrivingBody = store.open(request.socket.remoteAddress ?? "", patienceMs, (why: BodyEnd) => {
      if (why === "memory") turnAway(memoryFull());
      else fail(unreadable("the body did not arrive in time"));
    });
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    // An error is followed by the close; without a listener it would end the process, however late it comes.
    request.on("error", () => {});
    if (Number(request.headers["content-length"]) > bodyLimit) turnAway(tooLarge());
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks);
}

function unreadable(message: string): Rejection {
  return new Rejection("body-unreadable", 400, message);
}

function tooLarge(): Rejection {
  return new Rejection("body-too-large", 400, `Request entity too large: limit is ${bodyLimit}`);
}

function memoryFull(): Rejection {
  return new Rejection("memory-full", 429, "the bodies under way hold all the memory for them; try again");
}
