import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readAnswer, reviewFixture } from "../support/admission-review.js";
import {
  startWebhookUnderTest,
  testAuthority,
  type WebhookUnderTest,
} from "../support/webhook-under-test.js";

const body = reviewFixture("shaped-v1-create");
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

function head(length: number): string {
  return `POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
}

/** Connects from an address of loopback. Resolves when the handshake is done. */
function open(webhook: WebhookUnderTest, localAddress = "127.0.0.1"): Promise<TLSSocket> {
  const options: ConnectionOptions & { localAddress: string } = {
    host: "127.0.0.1",
    port: webhook.httpsPort,
    ca: testAuthority,
    servername: "localhost",
    localAddress,
  };
  const socket = connect(options);
  sockets.add(socket);
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("secureConnect", () => resolve(socket)));
}

function openMany(webhook: WebhookUnderTest, count: number, from?: string): Promise<TLSSocket[]> {
  return Promise.all(Array.from({ length: count }, () => open(webhook, from)));
}

/** Sends a whole request over a connection, and gives the status of its answer. */
function ask(socket: TLSSocket, text: string | Buffer = body): Promise<number> {
  const answer = statusOf(socket);
  socket.write(head(Buffer.byteLength(text)));
  socket.write(text);
  return answer;
}

/** The status of the next answer, NaN when the connection ends without one. */
function statusOf(socket: TLSSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once("data", (data: Buffer) => resolve(Number(data.toString("latin1", 9, 12))));
    socket.once("close", () => resolve(Number.NaN));
  });
}

async function stillServes(webhook: WebhookUnderTest): Promise<void> {
  expect(readAnswer((await webhook.post("/inject", body)).text).response.allowed).toBe(true);
}

const limits = { requests: 8, bytes: 64 * 1024 * 1024, connections: 32 };

describe("a server with all the connections it may have", () => {
  it("closes the ones that were idle longest for new ones", async () => {
    const webhook = await startWebhookUnderTest({ limits });
    const first = await openMany(webhook, 30);
    const second = await openMany(webhook, 30);
    await vi.waitFor(() => expect(first.filter(({ closed }) => closed)).toHaveLength(20), {
      timeout: 20_000,
    });
    expect(second.filter(({ closed }) => closed)).toEqual([]);
    expect(await webhook.metric("pillion_connections")).toBe(40);
    expect(await webhook.metric("pillion_connections_evicted_total")).toBe(20);
    await stillServes(webhook);
    await webhook.end();
  });

  it("closes slow bodies and unfinished handshakes for new ones as well", async () => {
    const webhook = await startWebhookUnderTest({ limits });
    const slow = await openMany(webhook, 35);
    for (const socket of slow) socket.write(`${head(1000)}{`);
    const silent = Array.from({ length: 35 }, () => {
      const socket = connectPlain(webhook.httpsPort, "127.0.0.1");
      sockets.add(socket);
      return socket.on("error", () => {});
    });
    await vi.waitFor(() => expect(slow.every(({ closed }) => closed)).toBe(false), { timeout: 20_000 });
    for (const socket of await openMany(webhook, 40)) expect(await ask(socket)).toBe(200);
    expect([...slow, ...silent].filter(({ closed }) => closed)).toHaveLength(70);
    await webhook.end();
  });

  it("takes none from an address that has few, however many others come from elsewhere", async () => {
    const webhook = await startWebhookUnderTest({ limits });
    const few = await openMany(webhook, 10, "127.0.0.2");
    for (const socket of few) expect(await ask(socket)).toBe(200);
    await openMany(webhook, 100, "127.0.0.3");
    for (const socket of few) expect(await ask(socket)).toBe(200);
    expect(await webhook.metric("pillion_connections_evicted_total")).toBe(70);
    await webhook.end();
  });
});

describe("bodies that hold all the memory there is for them", () => {
  const little = { ...limits, bytes: 4_000_000 };
  const large = Buffer.concat([Buffer.from(body), Buffer.alloc(1_500_000 - Buffer.byteLength(body), " ")]);

  /** Bodies that stop short of their end, and the statuses of their answers. */
  async function hold(webhook: WebhookUnderTest, from: string): Promise<Promise<number>[]> {
    const held = await openMany(webhook, 3, from);
    for (const socket of held) socket.write(head(1_000_000) + "{".padEnd(950_000));
    const answers = held.map(statusOf);
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(3), {
      timeout: 20_000,
    });
    return answers;
  }

  it("give way to one from an address that holds less, and are told to come again", async () => {
    const webhook = await startWebhookUnderTest({ limits: little });
    const answers = await hold(webhook, "127.0.0.2");
    expect(await ask(await open(webhook, "127.0.0.3"), large)).toBe(200);
    await stillServes(webhook);
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 429 && status !== 400)).toEqual([]);
    await webhook.end();
  });

  it("give way to one from the same address when they stand still", async () => {
    const webhook = await startWebhookUnderTest({ limits: little });
    await hold(webhook, "127.0.0.2");
    await stillServes(webhook);
    await vi.waitFor(async () => expect(await ask(await open(webhook, "127.0.0.2"), large)).toBe(200), {
      timeout: 20_000,
      interval: 100,
    });
    await webhook.end();
  });

  it("that are sent byte by byte count as what they really hold", async () => {
    const webhook = await startWebhookUnderTest({ limits: { ...limits, bytes: 500_000 } });
    const socket = await open(webhook);
    const answer = statusOf(socket);
    socket.setNoDelay(true);
    socket.write(head(2000));
    for (let count = 0; count < 1500; count++) {
      socket.write(" ");
      // Each in a record of its own, and read by itself.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toBe(429);
    await webhook.end();
  });
});

describe("a body that has arrived while the server was busy", () => {
  it("is not said to come too late, though its time was over before it was read", async () => {
    const webhook = await startWebhookUnderTest({
      timeouts: { handshake: 10_000, headers: 30_000, body: 1000, idle: 90_000 },
    });
    const socket = await open(webhook);
    socket.write(head(Buffer.byteLength(body)) + body.slice(0, 100));
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(1), {
      timeout: 20_000,
    });
    const answer = statusOf(socket);
    socket.write(body.slice(100));
    // Server and client are one process here: the bytes are in the kernel, and nobody reads them for two time-outs.
    const until = performance.now() + 2000;
    while (performance.now() < until);
    expect(await answer).toBe(200);
    await webhook.end();
  });
});

describe("connections that wait to be taken when a drain ends", () => {
  it("are answered", async () => {
    const webhook = await startWebhookUnderTest();
    await stillServes(webhook);
    const opened = Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await open(webhook);
        return ask(socket);
      }),
    );
    // The clients' kernel has connected by now, and nobody has looked yet.
    await webhook.end();
    expect(await opened).toEqual(Array(20).fill(200));
  });
});
