import { webcrypto } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CertificateError,
  checkKeyPair,
  createAuthority,
  issueLeaf,
  type KeyPair,
} from "../certificates/index.js";

/** A certificate for development, with the authority to trust. */
export interface DevelopmentCertificate {
  readonly pair: KeyPair;
  /** The authority's certificate, PEM. */
  readonly authorityPem: string;
  /** The files; absent when the folder cannot be written and all is in memory only. */
  readonly files?: DevelopmentFiles;
  /** Whether it was made now, and not found. */
  readonly made: boolean;
}

/** Where a development certificate lies. */
export interface DevelopmentFiles {
  readonly authority: string;
  readonly authorityKey: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a development certificate is for. */
export interface DevelopmentRequest {
  /** The folder, which is made when it is not there. */
  readonly folder: string;
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Makes all anew, whatever is there. */
  readonly renew?: boolean;
}

/** What curl on the same machine calls the server. */
export const developmentNames: readonly string[] = ["localhost", "127.0.0.1", "::1"];

const authorityDays = 365;
const leafDays = 90;
// One that ends within a week is replaced, so that nobody's afternoon ends with it.
const spareMs = 7 * 86_400_000;

/**
 * Gives the folder's certificate, or makes an authority and a leaf. Keys are readable by their owner alone. Where the
 * folder cannot be written (a read-only image), they are kept in memory.
 */
export async function developmentCertificate(request: DevelopmentRequest): Promise<DevelopmentCertificate> {
  const files = filesIn(request.folder);
  const found = request.renew === true ? undefined : await readFolder(files, request);
  if (found !== undefined) return { ...found, files, made: false };
  const world = { crypto: webcrypto, now: request.now };
  const authority = await createAuthority(
    { commonName: "Pillion development authority", days: authorityDays },
    world,
  );
  const pair = await issueLeaf(authority, { names: request.names, days: leafDays }, world);
  const made = { pair, authorityPem: authority.certificatePem, made: true };
  return (await writeFolder(request.folder, files, authority, pair)) ? { ...made, files } : made;
}

function filesIn(folder: string): DevelopmentFiles {
  return {
    authority: join(folder, "ca.crt"),
    authorityKey: join(folder, "ca.key"),
    certificate: join(folder, "tls.crt"),
    key: join(folder, "tls.key"),
  };
}

async function readFolder(
  files: DevelopmentFiles,
  { names, now }: DevelopmentRequest,
): Promise<{ pair: KeyPair; authorityPem: string } | undefined> {
  try {
    const paths = [files.certificate, files.key, files.authority];
    const [certificatePem = "", keyPem = "", authorityPem = ""] = await Promise.all(
      paths.map((path) => readFile(path, "utf8")),
    );
    const pair = { certificatePem, keyPem };
    checkKeyPair(pair, { now, names });
    checkKeyPair(pair, { now: now + spareMs });
    return { pair, authorityPem };
  } catch (error) {
    if (error instanceof CertificateError || isSystemError(error)) return undefined;
    throw error;
  }
}

async function writeFolder(
  folder: string,
  files: DevelopmentFiles,
  authority: KeyPair,
  pair: KeyPair,
): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await writePrivate(files.authorityKey, authority.keyPem);
    await writePrivate(files.key, pair.keyPem);
    await replace(files.authority, authority.certificatePem, 0o644);
    await replace(files.certificate, pair.certificatePem, 0o644);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

function writePrivate(path: string, text: string): Promise<void> {
  return replace(path, text, 0o600);
}

// A new file and a rename: the mode holds from the first byte, also where an older file was open to all.
async function replace(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, path);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
