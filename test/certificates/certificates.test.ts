import { generateKeyPairSync, webcrypto } from "node:crypto";
import { type AddressInfo, createConnection } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import {
  CertificateError,
  type CertificateErrorCode,
  certificateInfo,
  checkKeyPair,
  createAuthority,
  issueLeaf,
  type KeyPair,
  type KeyPairDemands,
  parseCertificates,
  renewalTime,
  selfSignedIssuer,
} from "../../src/certificates/index.js";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 15);
const world = { crypto: webcrypto, now };
const authority = await createAuthority({ commonName: "Test authority", days: 10 }, world);
const leaf = await issueLeaf(authority, { names: ["localhost", "127.0.0.1", "::1"], days: 5 }, world);

function codeOf(pair: KeyPair, demands: KeyPairDemands): CertificateErrorCode | undefined {
  try {
    checkKeyPair(pair, demands);
    return undefined;
  } catch (error) {
    if (error instanceof CertificateError) return error.code;
    throw error;
  }
}

describe("an authority", () => {
  it("signs itself, is an authority, and signs the leaves it issues", () => {
    const [root] = parseCertificates(authority.certificatePem);
    const [issued] = parseCertificates(leaf.certificatePem);
    if (root === undefined || issued === undefined) throw new Error("nothing was parsed");
    expect(certificateInfo(root)).toMatchObject({ authority: true, subject: "CN=Test authority" });
    expect(root.verify(root.publicKey)).toBe(true);
    expect(issued.verify(root.publicKey)).toBe(true);
    expect(issued.checkIssued(root)).toBe(true);
    expect(certificateInfo(issued)).toMatchObject({ authority: false, issuer: "CN=Test authority" });
  });

  it("takes any character in its name, and gives every certificate a number of its own", async () => {
    const odd = await createAuthority({ commonName: 'a, O="b"+#c', days: 1 }, world);
    const infos = [odd, authority, leaf]
      .flatMap((pair) => parseCertificates(pair.certificatePem))
      .map(certificateInfo);
    expect(infos[0]?.subject).not.toContain("\nO=");
    expect(new Set(infos.map((info) => info.serialNumber)).size).toBe(3);
  });

  it("does not issue a leaf for no name", async () => {
    await expect(issueLeaf(authority, { names: [], days: 1 }, world)).rejects.toMatchObject({
      code: "request-invalid",
    });
  });

  it("stands behind an issuer that keeps its key", async () => {
    const issuer = await selfSignedIssuer("Kept", 10, () => world);
    const issued = await issuer.issue({ names: ["pillion.istio-system.svc"], days: 1 });
    const [root] = parseCertificates(issuer.authorityPem);
    const [one] = parseCertificates(issued.certificatePem);
    expect(root !== undefined && one?.verify(root.publicKey)).toBe(true);
    expect(Object.values(issuer).join(" ")).not.toContain("PRIVATE KEY");
  });
});

describe("checking a pair", () => {
  it("gives its dates, names and fingerprint when all is well", () => {
    const { info } = checkKeyPair(leaf, { now, names: ["localhost", "127.0.0.1", "::1"] });
    expect(info.names.map((name) => name.toLowerCase())).toEqual([
      "localhost",
      "127.0.0.1",
      "0:0:0:0:0:0:0:1",
    ]);
    expect([info.notBefore, info.notAfter]).toEqual([now - 300_000, now + 5 * day]);
    expect(info.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ecKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const pkcs8 = { type: "pkcs8", format: "pem" } as const;
  const secret = ecKey.export({ ...pkcs8, cipher: "aes-256-cbc", passphrase: "x" }).toString();
  const broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  const brokenCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const rows: readonly [string, CertificateErrorCode, Partial<KeyPair>, Partial<KeyPairDemands>][] = [
    ["a key of another certificate", "key-mismatch", { keyPem: ecKey.export(pkcs8).toString() }, {}],
    ["a key of another kind", "key-mismatch", { keyPem: rsaKey.export(pkcs8).toString() }, {}],
    ["an encrypted key", "key-encrypted", { keyPem: secret }, {}],
    ["a broken key", "key-invalid", { keyPem: broken }, {}],
    ["no key", "key-missing", { keyPem: leaf.certificatePem }, {}],
    ["no certificate", "certificate-missing", { certificatePem: "" }, {}],
    ["a broken certificate", "certificate-invalid", { certificatePem: brokenCertificate }, {}],
    ["a key where certificates belong", "certificate-invalid", { certificatePem: leaf.keyPem }, {}],
    ["a certificate before its time", "not-yet-valid", {}, { now: now - day }],
    ["a certificate after its time", "expired", {}, { now: now + 6 * day }],
    [
      "a certificate for other names",
      "name-missing",
      {},
      { names: ["localhost", "pillion.istio-system.svc"] },
    ],
    ["a certificate for other addresses", "name-missing", {}, { names: ["10.0.0.1"] }],
  ];
  it.each(rows)("refuses %s: %s", (_what, code, pair, demands) => {
    expect(codeOf({ ...leaf, ...pair }, { now, ...demands })).toBe(code);
  });

  it("does not count the subject's name as a name, as Go does not", async () => {
    const other = await issueLeaf(authority, { names: ["10.1.2.3"], days: 1 }, world);
    expect(codeOf(other, { now, names: ["10.1.2.3"] })).toBeUndefined();
    const root = { certificatePem: authority.certificatePem, keyPem: authority.keyPem };
    expect(codeOf(root, { now, names: ["Test authority"] })).toBe("name-missing");
  });

  it("never says a part of a key", () => {
    const body = secret.split("\n")[1] ?? "";
    expect(() => checkKeyPair({ ...leaf, keyPem: secret }, { now })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(body) }),
    );
  });
});

describe("a pair that was issued", () => {
  it("serves TLS to a client that trusts the authority", async () => {
    const authorityNow = await createAuthority(
      { commonName: "Now", days: 1 },
      { crypto: webcrypto, now: Date.now() },
    );
    const pair = await issueLeaf(
      authorityNow,
      { names: ["localhost"], days: 1 },
      { crypto: webcrypto, now: Date.now() },
    );
    const server = createServer({ cert: pair.certificatePem, key: pair.keyPem }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const client = await new Promise<TLSSocket>((resolve, reject) => {
      const socket = connect(
        {
          socket: createConnection(port, "127.0.0.1"),
          ca: authorityNow.certificatePem,
          servername: "localhost",
        },
        () => resolve(socket),
      ).once("error", reject);
    });
    expect(client.authorized).toBe(true);
    client.destroy();
    server.close();
  });
});

describe("renewalTime", () => {
  it("is after two thirds of the life", () => {
    expect(renewalTime({ notBefore: 1000, notAfter: 4000 })).toBe(3000);
  });
});
