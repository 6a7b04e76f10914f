import { createConnection, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { probeCapture } from "../../src/netfilter/index.js";

const token = "0123456789abcdef";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the proof of capture", () => {
  it("fails in time where no rule redirects the connection", async () => {
    const request = {
      ports: [await freePort()],
      probePort: await freePort(),
      timeout: 50,
      ipv6: false,
      token,
    };
    expect(await probeCapture(request)).toMatchObject({
      captured: false,
      reason: expect.stringContaining("within 50 ms"),
    });
  });

  it("fails where a capture listener is not possible", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const request = { ports: [port], probePort: await freePort(), timeout: 50, ipv6: false, token };
      expect((await probeCapture(request)).reason).toContain("no capture listener is possible");
    } finally {
      server.close();
    }
  });

  it("is not taken in by a stranger who connects to the listener himself", async () => {
    const port = await freePort();
    const request = { ports: [port], probePort: await freePort(), timeout: 300, ipv6: false, token };
    const proof = probeCapture(request);
    const stranger = createConnection({ port, host: "127.0.0.1" }, () => stranger.write(token));
    stranger.on("error", () => undefined);
    expect((await proof).captured).toBe(false);
    stranger.destroy();
  });
});
