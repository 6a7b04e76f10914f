import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConnectionOptions, connect, getCiphers, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { tlsPolicy } from "../../src/server/index.js";
import { readAnswer, reviewFixture } from "../support/admission-review.js";
import { send } from "../support/https-client.js";
import {
  startWebhookUnderTest,
  testAuthority,
  testCertificate,
  type WebhookUnderTest,
} from "../support/webhook-under-test.js";

const body = reviewFixture("shaped-v1-create");
const headers = { "content-type": "application/json" };

function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: "127.0.0.1", port, ca: testAuthority, servername: "localhost", ...options },
      () => resolve(socket),
    );
    socket.once("error", reject);
  });
}

async function offer(webhook: WebhookUnderTest, certificatePem: string, keyPem: string): Promise<void> {
  await writeFile(webhook.certificate.certificate, certificatePem);
  await writeFile(webhook.certificate.key, keyPem);
  await webhook.check();
}

describe("the TLS of the server", () => {
  it("is 1.2 at least, 1.3 at least where asked", async () => {
    const webhook = await startWebhookUnderTest();
    const strict = await startWebhookUnderTest({
      tls: { minVersion: "1.3", cipherSuites: [], compliancePolicy: "" },
    });
    await expect(shake(webhook.httpsPort, { minVersion: "TLSv1", maxVersion: "TLSv1.1" })).rejects.toThrow();
    const two = await shake(webhook.httpsPort, { maxVersion: "TLSv1.2" });
    expect(two.getProtocol()).toBe("TLSv1.2");
    const three = await shake(webhook.httpsPort);
    expect([three.getProtocol(), three.authorized]).toEqual(["TLSv1.3", true]);
    await expect(shake(strict.httpsPort, { maxVersion: "TLSv1.2" })).rejects.toThrow();
    for (const socket of [two, three]) socket.destroy();
    await webhook.end();
    await strict.end();
  });

  it("offers of TLS 1.2 suites with forward secrecy and authenticated encryption, and no other", async () => {
    const webhook = await startWebhookUnderTest();
    const offered: string[] = [];
    for (const name of getCiphers().filter((cipher) => !cipher.startsWith("tls_"))) {
      const only = { maxVersion: "TLSv1.2", ciphers: `${name.toUpperCase()}:@SECLEVEL=0` } as const;
      const socket = await shake(webhook.httpsPort, only).catch(() => undefined);
      if (socket !== undefined) offered.push(socket.getCipher().standardName);
      socket?.destroy();
    }
    // Those of RSA need another certificate.
    expect(offered.sort()).toEqual([
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ]);
    await webhook.end();
    const policy = tlsPolicy({ minVersion: "1.2", cipherSuites: [], compliancePolicy: "" });
    expect(policy.ciphers?.split(":").filter((name) => !/^ECDHE-.*(GCM|POLY1305)/.test(name))).toEqual([]);
  });

  it("offers the suites that are asked for and no other", async () => {
    const webhook = await startWebhookUnderTest({
      tls: {
        minVersion: "1.2",
        cipherSuites: ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
        compliancePolicy: "",
      },
    });
    const socket = await shake(webhook.httpsPort, { maxVersion: "TLSv1.2" });
    expect(socket.getCipher().name).toBe("ECDHE-ECDSA-AES256-GCM-SHA384");
    socket.destroy();
    const other = { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" } as const;
    await expect(shake(webhook.httpsPort, other)).rejects.toThrow();
    await webhook.end();
  });

  it("honours fips-140-2: TLS 1.2, FIPS suites and P-256", async () => {
    const webhook = await startWebhookUnderTest({
      tls: { minVersion: "1.3", cipherSuites: [], compliancePolicy: "fips-140-2" },
    });
    const socket = await shake(webhook.httpsPort);
    expect(socket.getProtocol()).toBe("TLSv1.2");
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: "prime256v1" });
    socket.destroy();
    const chacha = { ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305", maxVersion: "TLSv1.2" } as const;
    await expect(shake(webhook.httpsPort, chacha)).rejects.toThrow();
    await expect(shake(webhook.httpsPort, { ecdhCurve: "P-384" })).rejects.toThrow();
    await webhook.end();
  });

  it("honours fips-140-3: TLS 1.3 too, without ChaCha20", async () => {
    const webhook = await startWebhookUnderTest({
      tls: { minVersion: "1.2", cipherSuites: [], compliancePolicy: "fips-140-3" },
    });
    const socket = await shake(webhook.httpsPort);
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual(["TLSv1.3", "TLS_AES_128_GCM_SHA256"]);
    socket.destroy();
    await expect(shake(webhook.httpsPort, { ciphers: "TLS_CHACHA20_POLY1305_SHA256" })).rejects.toThrow();
    await expect(shake(webhook.httpsPort, { ecdhCurve: "X25519" })).rejects.toThrow();
    await webhook.end();
  });

  it("honours pqc where OpenSSL can, and refuses to start where it cannot", () => {
    const make = () => tlsPolicy({ minVersion: "1.2", cipherSuites: [], compliancePolicy: "pqc" });
    const [major = 0, minor = 0] = process.versions.openssl.split(".").map(Number);
    if (major > 3 || (major === 3 && minor >= 5))
      expect(make()).toMatchObject({ ecdhCurve: "X25519MLKEM768" });
    else expect(make).toThrow(expect.objectContaining({ code: "tls-policy-unsupported" }));
  });

  it("knows no other policy and no other suite", () => {
    const refusal = expect.objectContaining({ code: "tls-setting-invalid" });
    expect(() => tlsPolicy({ minVersion: "1.2", cipherSuites: ["RC4"], compliancePolicy: "" })).toThrow(
      refusal,
    );
    expect(() => tlsPolicy({ minVersion: "1.2", cipherSuites: [], compliancePolicy: "fips" })).toThrow(
      refusal,
    );
  });
});

describe("a new certificate", () => {
  it("is shown to new connections, and the open ones go on", async () => {
    const webhook = await startWebhookUnderTest();
    const open = await shake(webhook.httpsPort);
    const before = open.getPeerX509Certificate()?.fingerprint256;
    const fresh = await testCertificate();
    await offer(webhook, fresh.certificatePem, fresh.keyPem);
    const next = await shake(webhook.httpsPort);
    expect(next.getPeerX509Certificate()?.fingerprint256).toBe(webhook.fingerprint());
    expect(webhook.fingerprint()).not.toBe(before);
    open.write("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const answer = await new Promise<Buffer>((resolve) => open.once("data", resolve));
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
    for (const socket of [open, next]) socket.destroy();
    expect(await webhook.metric('pillion_certificate_reloads_total{result="taken"}')).toBe(1);
    await webhook.end();
  });

  it("that is not sound is refused, with the reason where people look, and the old one stays", async () => {
    const webhook = await startWebhookUnderTest({ serverNames: ["localhost"] });
    const before = webhook.fingerprint();
    const fresh = await testCertificate();
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const otherName = await testCertificate(["elsewhere.example"]);
    const rows: readonly [string, string, string][] = [
      [fresh.certificatePem, rsa.export({ type: "pkcs8", format: "pem" }).toString(), "does not belong"],
      [otherName.certificatePem, otherName.keyPem, "is not for localhost"],
      [fresh.certificatePem.slice(0, 200), fresh.keyPem, "no PEM certificate"],
    ];
    for (const [certificate, key, why] of rows) {
      await offer(webhook, certificate, key);
      expect((await webhook.monitor("/ready?verbose")).text).toContain(why);
      const socket = await shake(webhook.httpsPort);
      expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(before);
      socket.destroy();
    }
    expect(
      await webhook.metric('pillion_certificate_reloads_total{result="refused"}'),
    ).toBeGreaterThanOrEqual(3);
    expect(await webhook.metric("pillion_certificate_last_reload_successful")).toBe(0);
    await offer(webhook, fresh.certificatePem, fresh.keyPem);
    expect(await webhook.metric("pillion_certificate_last_reload_successful")).toBe(1);
    expect(webhook.fingerprint()).not.toBe(before);
    expect((await webhook.monitor("/ready?verbose")).text).not.toContain("was refused");
    await webhook.end();
  });

  it("must be sound at the start", async () => {
    await expect(startWebhookUnderTest({ serverNames: ["pillion.istio-system.svc"] })).rejects.toMatchObject({
      code: "name-missing",
    });
  });
});

describe("a client CA", () => {
  const only = (version: "TLSv1.2" | "TLSv1.3") => ({
    minVersion: version,
    maxVersion: version,
    servername: "localhost",
  });

  async function guarded() {
    const first = await startWebhookUnderTest();
    const clientAuthority = join(first.folder, "client-ca.crt");
    await writeFile(clientAuthority, testAuthority);
    const webhook = await startWebhookUnderTest({ clientAuthority });
    const url = (path: string) => `https://localhost:${webhook.httpsPort}${path}`;
    return {
      webhook,
      url,
      end: async () => {
        await webhook.end();
        await first.end();
      },
    };
  }

  it("is demanded on /inject only", async () => {
    const { webhook, url, end } = await guarded();
    const client = await testCertificate(["kube-apiserver"], "client");
    const server = await testCertificate(["kube-apiserver"], "server");
    const common = { ca: testAuthority, family: 4, method: "POST", headers, agent: false } as const;
    const known = await send(
      url("/inject"),
      { ...common, cert: client.certificatePem, key: client.keyPem },
      body,
    );
    expect(readAnswer(known.text).response.allowed).toBe(true);
    expect((await send(url("/inject"), common, body)).status).toBe(403);
    const wrongUse = { ...common, cert: server.certificatePem, key: server.keyPem };
    expect((await send(url("/inject"), wrongUse, body)).status).toBe(403);
    expect((await send(url("/ready"), { ...common, method: "GET" })).status).toBe(200);
    const counted = await webhook.metric(
      'pillion_injections_total{result="rejected",reason="client-certificate"}',
    );
    expect(counted).toBe(2);
    await end();
  });

  it("knows a client again whose session is resumed, and is not fooled by one that never showed a certificate", async () => {
    const { webhook, end } = await guarded();
    const client = await testCertificate(["kube-apiserver"], "client");
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const [identity, status] of [
        [{}, 403],
        [{ cert: client.certificatePem, key: client.keyPem }, 200],
      ] as const) {
        const target = { host: "127.0.0.1", port: webhook.httpsPort, ca: testAuthority, ...only(version) };
        const first = connect({ ...target, ...identity });
        // With TLS 1.3 the session comes with the first answer.
        const session = await new Promise<Buffer>((resolve) => {
          first.once("session", resolve);
          first.write("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
        });
        first.destroy();
        const again = await shake(webhook.httpsPort, { ...only(version), session });
        expect(again.isSessionReused()).toBe(true);
        again.write(
          `POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        const answer = await new Promise<Buffer>((resolve) => again.once("data", resolve));
        expect(answer.toString().slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
        again.destroy();
      }
    }
    await end();
  });
});
