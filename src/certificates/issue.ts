import type { webcrypto } from "node:crypto";
import type { Extension, Name } from "@peculiar/x509";
import { CertificateError } from "./certificate-error.js";
import { isAddress } from "./is-address.js";
import type { KeyPair } from "./key-pair.js";
import { loadX509, type X509Library } from "./load-x509.js";

/** The world as an issuer needs it. */
export interface IssuerWorld {
  /** Keys, signatures and serial numbers come from here. */
  readonly crypto: webcrypto.Crypto;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a new authority is called and how long it lives. */
export interface AuthorityRequest {
  readonly commonName: string;
  readonly days: number;
  /** How long before it is made the certificate begins, for clocks that are behind ours. The default is 5 minutes. */
  readonly earlyMs?: number;
}

/** What a leaf is for and how long it lives. */
export interface LeafRequest {
  /** DNS names and IP addresses, at least one. */
  readonly names: readonly string[];
  readonly days: number;
  /** As for an authority. */
  readonly earlyMs?: number;
  /** Who will show it. The default is a server. */
  readonly use?: "server" | "client";
}

// ECDSA on P-256: every TLS stack knows it, FIPS allows it, and a handshake costs a tenth of RSA's.
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const clockSkewMs = 300_000;

/** Makes a certificate authority that signs itself. It may sign leaves only. */
export async function createAuthority(
  { commonName, days, earlyMs }: AuthorityRequest,
  world: IssuerWorld,
): Promise<KeyPair> {
  const x509 = await loadX509();
  const keys = await generateKeys(world);
  const name = subject(x509, commonName);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: name,
      issuer: name,
      ...commonFields({ days, earlyMs }, world),
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, world.crypto),
      ],
    },
    world.crypto,
  );
  return { certificatePem: certificate.toString("pem"), keyPem: await exportKey(keys.privateKey, world) };
}

/**
 * Issues a leaf with a new key, signed by an authority of {@link createAuthority}.
 *
 * @throws CertificateError `request-invalid` when no name is given, and what parsing the authority's texts throws
 */
export async function issueLeaf(
  authority: KeyPair,
  { names, days, earlyMs, use = "server" }: LeafRequest,
  world: IssuerWorld,
): Promise<KeyPair> {
  const [first] = names;
  if (first === undefined) throw new CertificateError("request-invalid", "a leaf needs at least one name");
  const x509 = await loadX509();
  const issuer = readAuthority(authority, x509);
  const keys = await generateKeys(world);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: subject(x509, first.slice(0, 64)),
      issuer: issuer.subjectName,
      ...commonFields({ days, earlyMs }, world),
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.keyPem, x509, world),
      extensions: await leafExtensions(x509, issuer, keys.publicKey, names, use, world),
    },
    world.crypto,
  );
  return { certificatePem: certificate.toString("pem"), keyPem: await exportKey(keys.privateKey, world) };
}

async function leafExtensions(
  x509: X509Library,
  issuer: InstanceType<X509Library["X509Certificate"]>,
  publicKey: webcrypto.CryptoKey,
  names: readonly string[],
  use: "server" | "client",
  { crypto }: IssuerWorld,
): Promise<Extension[]> {
  const purpose = use === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([purpose]),
    new x509.SubjectAlternativeNameExtension(
      names.map((value) => ({ type: isAddress(value) ? "ip" : "dns", value })),
    ),
    await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
    await x509.AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
  ];
}

// As a structure, not as text, so that no character of a name can be taken for syntax.
function subject(x509: X509Library, commonName: string): Name {
  return new x509.Name([{ CN: [{ utf8String: commonName }] }]);
}

function commonFields(
  { days, earlyMs = clockSkewMs }: { days: number; earlyMs: number | undefined },
  { crypto, now }: IssuerWorld,
) {
  // 16 random bytes; the first is kept positive and not zero, so that the number has the same length everywhere.
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return {
    serialNumber: Buffer.from(serial).toString("hex"),
    notBefore: new Date(now - earlyMs),
    notAfter: new Date(now + days * dayMs),
    signingAlgorithm: algorithm,
  };
}

function readAuthority({ certificatePem }: KeyPair, x509: X509Library) {
  try {
    return new x509.X509Certificate(certificatePem);
  } catch (cause) {
    throw new CertificateError("certificate-invalid", "the authority's certificate cannot be parsed", {
      cause,
    });
  }
}

async function generateKeys({ crypto }: IssuerWorld): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey, { crypto }: IssuerWorld): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END PRIVATE KEY-----\n`;
}

async function importKey(pem: string, x509: X509Library, { crypto }: IssuerWorld) {
  try {
    const der = x509.PemConverter.decodeFirst(pem);
    return await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  } catch (cause) {
    throw new CertificateError("key-invalid", "the authority's key is not a P-256 key in PKCS#8", { cause });
  }
}
