import { webcrypto } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueLeaf } from "../../src/certificates/index.js";
import { ClusterError, connect } from "../../src/cluster/index.js";
import { isObject } from "../../src/json/index.js";
import { ApiServer } from "./api-server.js";

const signal = new AbortController().signal;

describe("connecting by a kubeconfig", () => {
  const server = new ApiServer();
  let folder: string;
  let port: number;
  let authorityPem: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pillion-connect-"));
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    const authority = await createAuthority({ commonName: "test", days: 1 }, world);
    const leaf = await issueLeaf(authority, { names: ["127.0.0.1"], days: 1 }, world);
    authorityPem = authority.certificatePem;
    port = await server.start(0, { key: leaf.keyPem, cert: leaf.certificatePem });
    server.serve("/api/v1/nodes", { metadata: { name: "n1" } });
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function kubeconfig(user: object, authority = authorityPem): Promise<string> {
    const path = join(folder, `config-${Math.random()}`);
    const data = Buffer.from(authority).toString("base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "here",
      contexts: [{ name: "here", context: { cluster: "c", user: "u", namespace: "istio-system" } }],
      clusters: [
        { name: "c", cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": data } },
      ],
      users: [{ name: "u", user }],
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  }

  it("shows the token, trusts the named authority alone, and tells the namespace", async () => {
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }) });
    expect(client.namespace).toBe("istio-system");
    expect(await client.get("/api/v1/nodes", {}, signal)).toMatchObject({
      items: [{ metadata: { name: "n1" } }],
    });
    expect(server.seen.at(-1)?.authorization).toBe("Bearer secret");
  });

  it("keeps a connection for the next request, a write above all, and opens another when it was closed", async () => {
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }) });
    const before = server.connections;
    await client.get("/api/v1/nodes", {}, signal);
    const body = { metadata: { name: "n2" } };
    expect(await client.write({ method: "POST", path: "/api/v1/nodes", body }, signal)).toMatchObject(body);
    expect(server.connections - before).toBe(1);
    expect(client.serverTime?.time).toBeGreaterThan(Date.now() - 60_000);
    server.cut();
    await client.get("/api/v1/nodes", {}, signal);
    expect(server.connections - before).toBe(2);
    const again = client.write({ method: "POST", path: "/api/v1/nodes", body }, signal);
    await expect(again).rejects.toMatchObject({ code: "refused", status: 409 });
  });

  it("sends what a removal demands with it, and goes on with the same connection", async () => {
    const nodes = "/api/v1/nodes";
    server.put(nodes, { metadata: { name: "old" } });
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }) });
    const before = server.connections;
    const remove = (resourceVersion: unknown) => {
      const body = { kind: "DeleteOptions", preconditions: { resourceVersion: String(resourceVersion) } };
      return client.write({ method: "DELETE", path: `${nodes}/old`, body }, signal);
    };
    await expect(remove("1")).rejects.toMatchObject({ status: 409 });
    const { metadata } = await client.get(`${nodes}/old`, {}, signal);
    await remove(isObject(metadata) ? metadata.resourceVersion : undefined);
    await expect(client.get(`${nodes}/old`, {}, signal)).rejects.toMatchObject({ status: 404 });
    expect(server.connections - before).toBe(1);
  });

  it("does not talk to a server of another authority", async () => {
    const world = { crypto: webcrypto as webcrypto.Crypto, now: Date.now() };
    const other = await createAuthority({ commonName: "other", days: 1 }, world);
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }, other.certificatePem) });
    await expect(client.get("/api/v1/nodes", {}, signal)).rejects.toThrow(ClusterError);
  });

  it("says what is wrong with a kubeconfig", async () => {
    await expect(connect({ kubeconfig: join(folder, "none") })).rejects.toThrow(/cannot use .*none to reach/);
    const path = join(folder, "empty");
    await writeFile(path, "{}");
    await expect(connect({ kubeconfig: path })).rejects.toThrow(/cannot use .*empty to reach/);
    await expect(connect({})).rejects.toThrow(/Run in a pod, or name a kubeconfig file/);
  });
});
