import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkKeyPair, parseCertificates } from "../../src/certificates/index.js";
import { developmentCertificate, developmentNames } from "../../src/config/index.js";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "pillion-certs-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const now = Date.now();
const day = 86_400_000;
const request = (more = {}) => ({
  folder: join(base, "certs", "dev"),
  names: developmentNames,
  now,
  ...more,
});

describe("a development certificate", () => {
  it("is made with its authority, for localhost, with keys for their owner alone", async () => {
    const made = await developmentCertificate(request());
    if (made.files === undefined) throw new Error("nothing was written");
    const pair = {
      certificatePem: await readFile(made.files.certificate, "utf8"),
      keyPem: await readFile(made.files.key, "utf8"),
    };
    checkKeyPair(pair, { now, names: ["localhost", "127.0.0.1", "::1"] });
    const [authority] = parseCertificates(await readFile(made.files.authority, "utf8"));
    const [leaf] = parseCertificates(pair.certificatePem);
    expect(authority !== undefined && leaf?.verify(authority.publicKey)).toBe(true);
    for (const key of [made.files.key, made.files.authorityKey])
      expect((await stat(key)).mode & 0o777).toBe(0o600);
  });

  it("is kept while it holds, and made anew when asked, when it is about to end, or when it is for other names", async () => {
    const first = await developmentCertificate(request());
    expect(await developmentCertificate(request())).toMatchObject({ made: false, pair: first.pair });
    const others = [
      { renew: true },
      { now: now + 85 * day },
      { names: [...developmentNames, "pillion.istio-system.svc"] },
    ];
    let last = first;
    for (const change of others) {
      const next = await developmentCertificate(request(change));
      expect([next.made, next.pair.keyPem === last.pair.keyPem]).toEqual([true, false]);
      last = next;
    }
  });

  it("is made anew where the files are broken or open to others", async () => {
    const { files } = await developmentCertificate(request());
    if (files === undefined) throw new Error("nothing was written");
    await chmod(files.key, 0o644);
    await writeFile(files.certificate, "garbage");
    expect((await developmentCertificate(request())).made).toBe(true);
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
  });

  it("stays in memory where the folder cannot be written", async () => {
    await writeFile(join(base, "certs"), "a file where the folder should be");
    const made = await developmentCertificate(request());
    expect(made).not.toHaveProperty("files");
    expect(checkKeyPair(made.pair, { now, names: ["localhost"] }).info.names).toContain("localhost");
  });
});
