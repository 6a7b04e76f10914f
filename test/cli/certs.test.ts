import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { certificateInfo, parseCertificates } from "../../src/certificates/index.js";
import { run } from "./recording-io.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pillion-certs-command-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("pillion certs dev", () => {
  it("makes a pair with its authority, says where, and keeps it the next time", async () => {
    const dir = join(folder, "dev");
    const first = await run(["certs", "dev", "--dir", dir, "--name", "pillion.istio-system.svc"]);
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain(
      `made a certificate for localhost, 127.0.0.1, ::1, pillion.istio-system.svc\n`,
    );
    expect(first.stdout).toContain(join(dir, "ca.crt"));
    const text = await readFile(join(dir, "tls.crt"), "utf8");
    const [leaf] = parseCertificates(text);
    expect(leaf !== undefined && certificateInfo(leaf).names).toContain("pillion.istio-system.svc");
    const second = await run(["certs", "dev", "--dir", dir]);
    expect(second.stdout).toMatch(/^kept a certificate/);
    expect(await readFile(join(dir, "tls.crt"), "utf8")).toBe(text);
    await run(["certs", "dev", "--dir", dir, "--renew"]);
    expect(await readFile(join(dir, "tls.crt"), "utf8")).not.toBe(text);
  });

  it("fails where it cannot write, and where it is misused", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const blocked = await run(["certs", "dev", "--dir", join(file, "dev")]);
    expect([blocked.exitCode, blocked.stderr]).toEqual([1, expect.stringContaining("--dir")]);
    expect((await run(["certs", "dev", "--nothing"])).exitCode).toBe(2);
  });
});

describe("pillion webhook", () => {
  it.each([
    ["--https-address", "15017"],
    ["--https-address", ":99999"],
    ["--workers", "0"],
    ["--workers", "many"],
    ["--drain-duration", "-1"],
    ["--tls-min-version", "1.1"],
    ["--compliance-policy", "mine"],
  ])("refuses %s %s as wrong usage", async (flag, value) => {
    const { exitCode, stderr } = await run(["webhook", flag, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(flag);
  });
});
