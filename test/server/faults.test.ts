import { connect as connectPlain } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { outcomeCodes } from "../../src/admission/index.js";
import { recordingLog } from "../../src/telemetry/index.js";
import { readAnswer, reviewFixture } from "../support/admission-review.js";
import { turns } from "../support/soak.js";
import {
  startWebhookUnderTest,
  testAuthority,
  type WebhookUnderTest,
} from "../support/webhook-under-test.js";

const body = reviewFixture("shaped-v1-create");
const head = (length: number, path = "/inject") =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

function open(webhook: WebhookUnderTest): TLSSocket {
  const socket = connect({
    host: "127.0.0.1",
    port: webhook.httpsPort,
    ca: testAuthority,
    servername: "localhost",
  });
  socket.on("error", () => {});
  return socket;
}

/** Everything the server sends until it hangs up. */
function untilClosed(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => socket.once("close", () => resolve(Buffer.concat(chunks).toString())));
}

async function stillServes(webhook: WebhookUnderTest): Promise<void> {
  expect(readAnswer((await webhook.post("/inject", body)).text).response.allowed).toBe(true);
}

const impatient = { handshake: 1000, headers: 1000, body: 1000, idle: 90_000 };

describe("a client that", () => {
  it("cuts its body off is counted, and nothing else happens", async () => {
    const webhook = await startWebhookUnderTest();
    for (let turn = 0; turn < 20; turn++) {
      const socket = open(webhook);
      socket.write(head(body.length) + body.slice(0, turn * 50));
      await new Promise((resolve) => socket.once("secureConnect", resolve));
      if (turn % 2 === 0) socket.end();
      else socket.destroy();
    }
    const series = 'pillion_injections_total{result="rejected",reason="body-unreadable"}';
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(0), {
      timeout: 20_000,
    });
    await stillServes(webhook);
    expect(await webhook.metric(series)).toBeGreaterThan(0);
    await webhook.end();
  });

  it("sends its body too slowly gets an answer, by the server's patience or by its own", async () => {
    const webhook = await startWebhookUnderTest({ timeouts: impatient });
    const slow = open(webhook);
    slow.write(head(1000) + body.slice(0, 10));
    expect(await untilClosed(slow)).toMatch(/^HTTP\/1\.1 400 .*\r\n\r\nthe body did not arrive in time\n$/s);
    await webhook.end();
    const patient = await startWebhookUnderTest();
    const hasty = open(patient);
    hasty.write(head(1000, "/inject?timeout=200ms") + body.slice(0, 10));
    expect(await untilClosed(hasty)).toMatch(/^HTTP\/1\.1 400 /);
    await stillServes(patient);
    await patient.end();
  });

  it("sends its headers too slowly, too large or not at all is answered or hung up on", async () => {
    const webhook = await startWebhookUnderTest({ timeouts: impatient });
    const slow = open(webhook);
    slow.write("POST /inject HTTP/1.1\r\nHost: loc");
    expect(await untilClosed(slow)).toMatch(/^HTTP\/1\.1 408 /);
    const large = open(webhook);
    large.write(`POST /inject HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n\r\n`);
    expect(await untilClosed(large)).toMatch(/^HTTP\/1\.1 431 /);
    const garbage = open(webhook);
    garbage.write("\u0000\u0001garbage\r\n\r\n");
    expect(await untilClosed(garbage)).toMatch(/^HTTP\/1\.1 400 /);
    await stillServes(webhook);
    await webhook.end();
  });

  it("speaks no TLS, or only half of it, is hung up on", async () => {
    const webhook = await startWebhookUnderTest({ timeouts: impatient });
    const hello = Buffer.from("16030100e0010000dc0303", "hex");
    const all = [body, "GET / HTTP/1.1\r\n\r\n", Buffer.alloc(10_000, 0xff), hello, ""].map((bytes) => {
      const socket = connectPlain(webhook.httpsPort, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(bytes);
      socket.resume();
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await Promise.all(all);
    await stillServes(webhook);
    await webhook.end();
  });

  it("sends half of its body takes nobody's place, and is answered when the rest comes", async () => {
    const webhook = await startWebhookUnderTest({
      limits: { requests: 2, bytes: 1_000_000, connections: 50 },
    });
    const held = [open(webhook), open(webhook), open(webhook)];
    for (const socket of held) socket.write(head(body.length) + body.slice(0, 10));
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(3), {
      timeout: 20_000,
    });
    for (let count = 0; count < 5; count++) await stillServes(webhook);
    for (const socket of held) {
      socket.write(body.slice(10));
      const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
      socket.destroy();
    }
    await webhook.end();
  });

  it("comes when there is too much to do is turned away with 503, and counted", async () => {
    const webhook = await startWebhookUnderTest({
      limits: { requests: 2, bytes: 1_000_000, connections: 50 },
    });
    const sockets = Array.from({ length: 8 }, () => open(webhook));
    const half = Math.floor(body.length / 2);
    for (const socket of sockets) socket.write(head(body.length) + body.slice(0, half));
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(8), {
      timeout: 20_000,
    });
    const answers = sockets.map((socket) => new Promise<Buffer>((resolve) => socket.once("data", resolve)));
    // All at once, so that the server reads more of them in one turn than it may work on.
    for (const socket of sockets) socket.write(body.slice(half));
    const texts = (await Promise.all(answers)).map(String);
    const shed = texts.filter((text) => text.startsWith("HTTP/1.1 503 "));
    expect(shed.length).toBeGreaterThan(0);
    for (const text of shed) expect(text).toMatch(/^retry-after: 1\r$/m);
    expect(texts.filter((text) => text.startsWith("HTTP/1.1 200 ")).length).toBe(8 - shed.length);
    const series = 'pillion_injections_total{result="shed",reason="overloaded"}';
    expect(await webhook.metric(series)).toBe(shed.length);
    for (const socket of sockets) socket.destroy();
    await stillServes(webhook);
    await webhook.end();
  });

  it("sends more than there is memory for is turned away with 429, and counted", async () => {
    const webhook = await startWebhookUnderTest({
      limits: { requests: 2, bytes: 1_000_000, connections: 50 },
    });
    const large = await webhook.post("/inject", Buffer.alloc(1_500_000, " "));
    expect([large.status, large.headers["retry-after"]]).toEqual([429, "1"]);
    expect(await webhook.metric('pillion_injections_total{result="shed",reason="memory-full"}')).toBe(1);
    await stillServes(webhook);
    await webhook.end();
  });
});

/** A JSON value in which some part of a review was replaced, removed, or put elsewhere. */
function mutated(base: unknown): fc.Arbitrary<unknown> {
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]) => {
    paths.push(path);
    if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(base, []);
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, "", "__proto__", "{{ .Values }}", "\u0000", 1e308, -1, [], {}, "true", [[]], {
      a: null,
    }),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  const change = fc.tuple(
    fc.constantFrom(...paths),
    odd,
    fc.boolean(),
    fc.constantFrom("", "__proto__", "constructor", "x/y~"),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const tree = structuredClone(base);
    for (const [path, value, remove, added] of changes) replace(tree, path, value, remove, added);
    return tree;
  });
}

function replace(
  tree: unknown,
  path: readonly string[],
  value: unknown,
  remove: boolean,
  added: string,
): void {
  const key = path.at(-1);
  let parent: unknown = tree;
  for (const step of path.slice(0, -1)) parent = Reflect.get(Object(parent), step);
  if (typeof parent !== "object" || parent === null || key === undefined) return;
  if (remove) Reflect.deleteProperty(parent, key);
  else
    Object.defineProperty(parent, added || key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

const reviews: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 8, arbitrary: mutated(JSON.parse(body)).map((tree) => Buffer.from(JSON.stringify(tree) ?? "")) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(body.length), fc.nat(body.length))
      .map(([from, to]) => Buffer.from(body.slice(0, from) + body.slice(to))),
  },
);

describe("random and mutated reviews", () => {
  const count = turns(2000, 10_000);

  it(`${count} of them are each answered in good form, and the heap is as it was`, {
    timeout: 600_000,
  }, async () => {
    const webhook = await startWebhookUnderTest({}, recordingLog("error"));
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const heap = () => {
      for (let turn = 0; turn < 3; turn++) collect();
      return process.memoryUsage().heapUsed;
    };
    const send = async (bytes: Buffer) => {
      const answer = await webhook.post("/inject", bytes);
      if (bytes.length === 0) expect(answer.status).toBe(400);
      else {
        expect(answer.status).toBe(200);
        readAnswer(answer.text);
      }
    };
    const run = (numRuns: number) =>
      fc.assert(fc.asyncProperty(reviews, send), { numRuns, endOnFailure: true, seed: numRuns });
    await run(Math.min(500, count / 2));
    const before = heap();
    await run(count);
    expect(heap() / before).toBeLessThan(1.1);
    const { text } = await webhook.monitor("/metrics");
    const reasons = [...text.matchAll(/^pillion_injections_total\{.*reason="([^"]*)"\}/gm)].map(
      (m) => m[1] ?? "",
    );
    expect(reasons.filter((reason) => !Object.hasOwn(outcomeCodes, reason))).toEqual([]);
    expect(reasons).not.toContain("internal");
    expect(webhook.log.records).toEqual([]);
    await webhook.end();
  });
});
