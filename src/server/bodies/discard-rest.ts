import type { IncomingMessage } from "node:http";

// A client that still sends this much more than it may is told nothing.
const limit = 32 * 1024 * 1024;
// One that pauses for so long waits for an answer, or is gone.
const pauseMs = 2000;
// The API server waits 10 s by default.
const longestPauses = 5;

/**
 * Reads away what is left of a body, but not without end. A client that cannot send on does not read the answer, and an
 * end of the connection with bytes unread would take the answer with it.
 */
export function discardRest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    let seen = 0;
    let looks = 0;
    const done = () => {
      clearInterval(timer);
      request.off("data", onData).off("end", done).off("close", done);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) done();
    };
    const look = () => {
      if (size === seen || ++looks === longestPauses) done();
      seen = size;
    };
    // What has arrived is read between the timer and the look.
    const timer = setInterval(() => setImmediate(look), pauseMs);
    request.on("data", onData).on("end", done).on("close", done);
  });
}
