import { createSecureContext, type SecureContextOptions } from "node:tls";
import { cipherSuites } from "./cipher-suites.js";
import { ServerError } from "./server-error.js";

/** What the operator asks of TLS. */
export interface TlsSettings {
  readonly minVersion: "1.2" | "1.3";
  /** Go's names; empty for the default. */
  readonly cipherSuites: readonly string[];
  /** Empty, `fips-140-2`, `fips-140-3` or `pqc`: docs/behaviour.md#tls. */
  readonly compliancePolicy: string;
}

/** The part of a secure context that settings decide, beside certificate and key. */
export type TlsPolicy = Pick<SecureContextOptions, "minVersion" | "maxVersion" | "ciphers" | "ecdhCurve">;

/**
 * What is offered where nobody says: of TLS 1.2 the suites with forward secrecy and authenticated encryption, which every
 * client of Go 1.2 and later knows. Node's own list still has CBC and static RSA. Suites of TLS 1.3 are as in OpenSSL.
 */
const forwardSecret = [...cipherSuites.values()].filter((name) => name.startsWith("ECDHE-")).join(":");

const fipsCiphers = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
];
const fipsCiphers13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"];

/**
 * Turns settings into what Node's TLS takes. A compliance policy outranks the other settings, as in Istio.
 *
 * @throws ServerError `tls-setting-invalid` for a setting that nobody knows, `tls-policy-unsupported` for one that this
 *   Node's OpenSSL cannot honour: better no server than one that does not do what was asked
 */
export function tlsPolicy(settings: TlsSettings): TlsPolicy {
  const policy = settings.compliancePolicy === "" ? ordinary(settings) : compliant(settings.compliancePolicy);
  try {
    createSecureContext(policy);
  } catch (cause) {
    const asked = settings.compliancePolicy || settings.cipherSuites.join(",");
    const openssl = process.versions.openssl;
    throw new ServerError(
      "tls-policy-unsupported",
      `the TLS library of this Node (OpenSSL ${openssl}) cannot honour ${asked}; a newer Node may`,
      { cause },
    );
  }
  return policy;
}

function ordinary({ minVersion, cipherSuites: names }: TlsSettings): TlsPolicy {
  const version = { minVersion: minVersion === "1.3" ? "TLSv1.3" : "TLSv1.2" } as const;
  if (names.length === 0) return { ...version, ciphers: forwardSecret };
  const ciphers = names.map((name) => {
    const cipher = cipherSuites.get(name);
    if (cipher !== undefined) return cipher;
    const known = [...cipherSuites.keys()].join(", ");
    throw new ServerError(
      "tls-setting-invalid",
      `unknown TLS cipher suite ${JSON.stringify(name)}; known are ${known}`,
    );
  });
  return { ...version, ciphers: ciphers.join(":") };
}

function compliant(policy: string): TlsPolicy {
  switch (policy) {
    case "fips-140-2":
      return {
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.2",
        ciphers: fipsCiphers.join(":"),
        ecdhCurve: "P-256",
      };
    case "fips-140-3":
      return {
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.3",
        ciphers: [...fipsCiphers13, ...fipsCiphers].join(":"),
        ecdhCurve: "P-256:P-384",
      };
    case "pqc":
      return { minVersion: "TLSv1.3", maxVersion: "TLSv1.3", ecdhCurve: "X25519MLKEM768" };
    default:
      throw new ServerError(
        "tls-setting-invalid",
        `unknown compliance policy ${JSON.stringify(policy)}; known are fips-140-2, fips-140-3 and pqc`,
      );
  }
}
