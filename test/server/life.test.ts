import { type ConnectionOptions, connect } from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { readAnswer, reviewFixture } from "../support/admission-review.js";
import { keepAliveAgent } from "../support/https-client.js";
import { Load } from "../support/load.js";
import { startWebhookUnderTest, testAuthority } from "../support/webhook-under-test.js";

const body = reviewFixture("shaped-v1-create");

/** A wait that ends when the test says so. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("the end of a server", () => {
  it("is announced: unready at once, and every answer tells its client to connect elsewhere", async () => {
    const drain = gate();
    const webhook = await startWebhookUnderTest({}, undefined, { wait: () => drain.opened });
    expect((await webhook.post("/inject", body)).headers.connection).toBe("keep-alive");
    const ended = webhook.end();
    expect((await webhook.monitor("/ready")).status).toBe(503);
    expect((await webhook.monitor("/ready?verbose")).text).toContain("[-]drain is ending");
    expect((await webhook.get("/ready")).status).toBe(503);
    expect((await webhook.monitor("/livez")).status).toBe(200);
    const answer = await webhook.post("/inject", body);
    expect(readAnswer(answer.text).response.allowed).toBe(true);
    expect(answer.headers.connection).toBe("close");
    drain.open();
    await ended;
    await expect(webhook.post("/inject", body)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("lets the work under way finish", async () => {
    const webhook = await startWebhookUnderTest({ graceMs: 5000 });
    const options: ConnectionOptions = { host: "127.0.0.1", port: webhook.httpsPort, ca: testAuthority };
    const socket = connect({ ...options, servername: "localhost" });
    const head = `POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    socket.write(head + body.slice(0, 100));
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(1), {
      timeout: 20_000,
    });
    const ended = webhook.end();
    // Who connects while the server ends is still answered; soon nobody can.
    await vi.waitFor(() => expect(webhook.post("/ready", "")).rejects.toThrow(/ECONNREFUSED/), {
      timeout: 20_000,
    });
    socket.write(body.slice(100));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => socket.once("close", resolve));
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(readAnswer(answer.slice(answer.indexOf("\r\n\r\n"))).response.allowed).toBe(true);
    await ended;
  });

  it("does not wait longer than the grace period for work that never ends", async () => {
    const webhook = await startWebhookUnderTest({ graceMs: 50 });
    const socket = connect({
      host: "127.0.0.1",
      port: webhook.httpsPort,
      ca: testAuthority,
      servername: "localhost",
    });
    socket.on("error", () => {});
    socket.write("POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
    await vi.waitFor(async () => expect(await webhook.metric("pillion_requests_in_flight")).toBe(1), {
      timeout: 20_000,
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await webhook.end();
    await closed;
  });

  it("of one of two servers under load fails no request", async () => {
    const drain = gate();
    const servers = await Promise.all([
      startWebhookUnderTest({}, undefined, { wait: () => drain.opened }),
      startWebhookUnderTest(),
    ]);
    const agents = servers.map(() => keepAliveAgent(testAuthority, 4));
    // What endpoints of a Service do: who is ready gets requests, by a view that is a moment old.
    let ready = [0, 1];
    let watching = true;
    const watch = (async () => {
      while (watching) {
        const states = await Promise.all(
          servers.map((server) =>
            server.monitor("/ready").then(
              ({ status }) => status === 200,
              () => false,
            ),
          ),
        );
        ready = [0, 1].filter((index) => states[index] === true);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    let next = 0;
    const load = new Load(
      4,
      () => {
        const index = ready[next++ % ready.length] ?? 0;
        const [server, agent] = [servers[index], agents[index]];
        if (server === undefined || agent === undefined) throw new Error("no server is ready");
        return { url: `https://localhost:${server.httpsPort}/inject`, agent, body };
      },
      (answer) => (readAnswer(answer.text).response.allowed ? undefined : answer.text),
    );
    await load.further(20);
    const [first, second] = servers;
    const ended = first.end();
    await vi.waitFor(() => expect(ready).toEqual([1]), { timeout: 20_000 });
    await load.further(20);
    drain.open();
    await ended;
    await load.further(20);
    const result = await load.stop();
    watching = false;
    await watch;
    expect(result.failures).toEqual([]);
    for (const agent of agents) agent.destroy();
    await second.end();
  });
});

describe("the start of a server", () => {
  it("fails where the port is taken, and leaves nothing behind", async () => {
    const first = await startWebhookUnderTest();
    const taken = { https: { host: "127.0.0.1", port: first.httpsPort } };
    await expect(startWebhookUnderTest(taken)).rejects.toMatchObject({
      code: "listen-failed",
      message: expect.stringContaining("EADDRINUSE"),
    });
    await first.end();
  });
});
