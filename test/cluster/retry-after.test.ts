import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { httpsClient } from "../../src/cluster/https-client.js";
import { retryAfter } from "../../src/cluster/retry-after.js";

const signal = new AbortController().signal;

describe("the time after which a server asks to come again", () => {
  it.each([
    ["1", {}, 1000],
    [" 120 ", {}, 120_000],
    ["0", {}, 0],
    ["Sun, 29 Nov 2026 10:00:07 GMT", { date: "Sun, 29 Nov 2026 10:00:00 GMT" }, 7000],
    ["Sun, 29 Nov 2026 09:00:00 GMT", { date: "Sun, 29 Nov 2026 10:00:00 GMT" }, 0],
    ["Sun, 29 Nov 2026 10:00:07 GMT", {}, 5000],
    ["", {}, undefined],
    ["soon", {}, undefined],
    ["-1", {}, undefined],
    ["1.5", {}, undefined],
    ["99999999999", {}, undefined],
  ])("is read of %j", (said, headers, expected) => {
    const now = Date.parse("Sun, 29 Nov 2026 10:00:02 GMT");
    expect(retryAfter({ ...headers, "retry-after": said }, now)).toBe(expected);
  });
});

describe("a request that is refused for now", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** A server that refuses so many requests, and what it was sent. */
  async function refusing(times: number, status: number, headers: Record<string, string>) {
    const seen: string[] = [];
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        seen.push(`${request.method} ${body}`);
        const refused = seen.length <= times;
        response.writeHead(refused ? status : 200, refused ? headers : {});
        response.end(refused ? '{"message":"too many requests"}' : '{"kind":"Lease"}\n');
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = new URL(`http://127.0.0.1:${port}`);
    return { seen, client: httpsClient({ server: url, authorize: async () => {} }) };
  }

  it("is sent again when its time has come, a read, a watch and a write with its body", async () => {
    const { seen, client } = await refusing(1, 429, { "retry-after": "0" });
    expect(await client.get("/a", {}, signal)).toEqual({ kind: "Lease" });
    seen.length = 0;
    expect(await client.write({ method: "PUT", path: "/a", body: { b: 1 } }, signal)).toEqual({
      kind: "Lease",
    });
    expect(seen).toEqual(['PUT {"b":1}', 'PUT {"b":1}']);
    seen.length = 0;
    const objects: unknown[] = [];
    const options = {
      signal,
      silenceMs: 10_000,
      onOpen: () => {},
      onObject: (one: unknown) => objects.push(one),
    };
    await client.stream("/a", {}, options);
    expect(objects).toEqual([{ kind: "Lease" }]);
    expect(seen).toHaveLength(2);
  });

  it("fails in the end, with what was asked for", async () => {
    const { seen, client } = await refusing(Number.POSITIVE_INFINITY, 429, { "retry-after": "0" });
    await expect(client.get("/a", {}, signal)).rejects.toMatchObject({ status: 429, retryAfterMs: 0 });
    expect(seen).toHaveLength(4);
  });

  it.each([
    ["nobody said when", 429, {}],
    ["it is told to come very much later", 429, { "retry-after": "3600" }],
    ["it was not told to be too many", 503, { "retry-after": "0" }],
  ])("fails at once where %s", async (_, status, headers) => {
    const { seen, client } = await refusing(9, status, headers);
    await expect(client.get("/a", {}, signal)).rejects.toMatchObject({ code: "refused", status });
    expect(seen).toHaveLength(1);
  });

  it("is not sent again when nobody wants it any more", async () => {
    const { seen, client } = await refusing(9, 429, { "retry-after": "5" });
    const controller = new AbortController();
    const answer = client.get("/a", {}, controller.signal);
    await expect.poll(() => seen.length).toBe(1);
    controller.abort();
    await expect(answer).rejects.toBeInstanceOf(Error);
    expect(seen).toHaveLength(1);
  });
});
