import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** From when to when an API server that trusts a bundle accepts a served certificate. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Judges with Node's own X.509, and with nothing of the code under test, whether an API server accepts a certificate.
 * Signatures are verified once for each pair of texts.
 */
export class RealTrust {
  readonly #host: string;
  /** By certificate and bundle: one text of both would have to be put together for every look. */
  readonly #windows = new Map<string, Map<string, readonly Window[]>>();

  /** @param host the name by which the API server calls */
  constructor(host: string) {
    this.#host = host;
  }

  /** Tells whether a bundle verifies a certificate at every one of these times. */
  accepts(certificatePem: string, bundle: string, times: readonly number[]): boolean {
    const windows = this.#windowsOf(certificatePem, bundle);
    return times.every((time) => windows.some(({ from, to }) => from <= time && time <= to));
  }

  #windowsOf(certificatePem: string, bundle: string): readonly Window[] {
    const ofCertificate = this.#windows.get(certificatePem) ?? new Map<string, readonly Window[]>();
    this.#windows.set(certificatePem, ofCertificate);
    const known = ofCertificate.get(bundle);
    if (known !== undefined) return known;
    const leaf = new X509Certificate(certificatePem);
    const named = leaf.checkHost(this.#host, { subject: "never" }) !== undefined;
    const windows = (named ? (bundle.match(block) ?? []) : []).flatMap((text) => {
      const authority = parse(text);
      if (authority === undefined || !authority.ca) return [];
      if (!leaf.checkIssued(authority) || !leaf.verify(authority.publicKey)) return [];
      return [both(leaf, authority)];
    });
    ofCertificate.set(bundle, windows);
    return windows;
  }
}

function both(leaf: X509Certificate, authority: X509Certificate): Window {
  return {
    from: Math.max(Date.parse(leaf.validFrom), Date.parse(authority.validFrom)),
    to: Math.min(Date.parse(leaf.validTo), Date.parse(authority.validTo)),
  };
}

function parse(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}
