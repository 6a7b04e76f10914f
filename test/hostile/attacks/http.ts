import { connect as connectPlain, type Socket } from "node:net";
import { connect } from "node:tls";
import { type RecordingLog, recordingLog } from "../../../src/telemetry/index.js";
import {
  startWebhookUnderTest,
  testAuthority,
  type WebhookUnderTest,
} from "../../support/webhook-under-test.js";
import { type RawConnection, rawConnection, smuggled } from "../make/raw-requests.js";
import { realPods, reviewText } from "../make/reviews.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";

/** Connections that are there at once. */
const crowd = 32;
/** A client that is answered nothing, though it sent all it meant to, is cut off by these. */
const timeouts = { handshake: 500, headers: 500, body: 500, idle: 500 };
// Many times those, for a busy machine: a connection that is open then will stay so. The plain port has
// longer times of its own, which nobody needs to see.
const longestMs = { tls: 30_000, "tls port": 30_000, "plain port": 2000 };

/** What came back over a connection, and whether the server has ended it. */
interface Heard {
  readonly to: RawConnection["to"];
  readonly text: string;
  readonly closed: boolean;
}

async function hear(one: RawConnection, webhook: WebhookUnderTest): Promise<Heard> {
  const port = one.to === "plain port" ? webhook.monitoringPort : webhook.httpsPort;
  const target = { host: "127.0.0.1", port };
  const socket: Socket =
    one.to === "tls"
      ? connect({ ...target, ca: testAuthority, servername: "localhost" })
      : connectPlain(target);
  const chunks: Buffer[] = [];
  const closed = new Promise<boolean>((resolve) => {
    socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => {});
    socket.once("close", () => resolve(true));
    setTimeout(() => resolve(false), longestMs[one.to]).unref();
  });
  for (const piece of one.pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, one.pieces.length > 1 ? 2 : 0));
  }
  if (one.leaves) socket.destroy();
  const isClosed = await closed;
  socket.destroy();
  return { to: one.to, text: Buffer.concat(chunks).toString(), closed: isClosed };
}

const statuses = new Set([
  "100",
  "200",
  "301",
  "400",
  "403",
  "404",
  "405",
  "408",
  "413",
  "414",
  "415",
  "417",
  "429",
  "431",
  "503",
]);

function faultsOfHeard({ text, closed, to }: Heard): Fault[] {
  const faults: Fault[] = [];
  const wrong = (message: string) =>
    faults.push({ kind: "wrong", message: `${message}: ${text.slice(0, 600)}` });
  for (const [, status = ""] of text.matchAll(/^HTTP\/1\.1 (\d+)/gm)) {
    if (status === "500") faults.push({ kind: "unforeseen", message: text.slice(0, 600) });
    else if (!statuses.has(status)) wrong(`status ${status}`);
  }
  // The plain port is more patient than this test.
  if (!closed && to !== "plain port") wrong("the connection stays open without end");
  if (text.includes(smuggled)) wrong("what was hidden in a body was answered as a request");
  return faults;
}

function weapon(
  webhook: WebhookUnderTest,
  log: RecordingLog,
): Weapon<{ readonly connections: readonly RawConnection[] }> {
  const honest = reviewText(realPods[0] ?? {});
  const tally: Record<string, number> = {};
  let logged = 0;
  return {
    make: (random) => ({ connections: Array.from({ length: crowd }, () => rawConnection(random)) }),
    count: ({ connections }) => connections.length,
    try: async ({ connections }) => {
      const crowded = Promise.all(connections.map((one) => hear(one, webhook)));
      const before = await webhook.post("/inject", honest);
      const heard = await crowded;
      const after = await webhook.post("/inject", honest);
      const faults = heard.flatMap(faultsOfHeard);
      for (const { text } of heard) {
        const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "no answer";
        tally[status] = (tally[status] ?? 0) + 1;
      }
      for (const { status, text } of [before, after])
        if (status !== 200 || !text.includes('"patch":'))
          faults.push({ kind: "wrong", message: `an honest request: ${status} ${text}` });
      for (const { level, message, fields } of log.records.slice(logged))
        if (level === "error")
          faults.push({ kind: "unforeseen", message: `${message} ${JSON.stringify(fields)}` });
      logged = log.records.length;
      return faults;
    },
    *smaller({ connections }) {
      for (let size = connections.length >> 1; size >= 1; size >>= 1)
        for (let at = 0; at + size <= connections.length; at += size)
          yield { connections: connections.slice(at, at + size) };
    },
    summary: () =>
      Object.entries(tally)
        .sort()
        .map(([status, count]) => `${status}: ${count}`)
        .join(", "),
    end: () => webhook.end(),
  };
}

/** Raw bytes to a real server. */
export const httpAttacks: readonly Attack[] = [
  attack({
    name: "raw HTTP and TLS",
    share: 10,
    begin: async () => {
      const log = recordingLog("warn");
      return weapon(await startWebhookUnderTest({ timeouts }, log), log);
    },
  }),
];
