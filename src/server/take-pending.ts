import cluster from "node:cluster";
import type { Server } from "node:net";
import { setTimeout as wait, setImmediate as turn } from "node:timers/promises";

// A worker gets its connections from the primary, which has some on their way.
const handoverMs = 10;
// Under a flood of connections there is always one more.
const maxRounds = 100;

/**
 * Takes the connections that wait to be taken, until a round finds none: those whose handshake the kernel has done would
 * be reset when the server stops listening.
 */
export async function takePending(server: Server): Promise<void> {
  let came = true;
  const note = () => {
    came = true;
  };
  server.on("connection", note);
  for (let round = 0; round < maxRounds && came; round++) {
    came = false;
    if (cluster.isWorker) await wait(handoverMs);
    // The second begins after all that the kernel has ready was looked at.
    else for (let count = 0; count < 2; count++) await turn();
  }
  server.off("connection", note);
}
