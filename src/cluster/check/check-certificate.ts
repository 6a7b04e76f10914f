import type { X509Certificate } from "node:crypto";
import { CertificateError, certificateInfo, parseCertificates } from "../../certificates/index.js";
import { type JsonObject, textOrEmpty } from "../../json/index.js";
import { dateText, endsSoon } from "./certificate-life.js";
import { command, type Finding, fault, fine, notKnown, unread } from "./finding.js";
import type { Installation } from "./installation.js";
import type { Reading } from "./reading.js";

/** The Secret from which an injector serves. */
export interface CertificateReading {
  /** As `namespace/name`. */
  readonly title: string;
  readonly secret: Reading<JsonObject>;
  /** The injector itself makes and renews the certificate, and writes it there. */
  readonly own: boolean;
}

/** What helps against a certificate or an authority that is at its end. */
export function renewal(own: boolean): string {
  return own
    ? "The injector renews it by itself: see in its log why it did not."
    : `With certificates.mode=helm delete the Secret and upgrade the chart; with cert-manager see why it was not renewed: ${command("kubectl describe certificate")}.`;
}

/** The serving certificate in a Secret, PEM; undefined where there is none. */
export function certificateOf(reading: CertificateReading | undefined): string | undefined {
  if (reading?.secret.kind !== "read") return undefined;
  const data = textOrEmpty(reading.secret.value, "data", "tls.crt");
  return data === "" ? undefined : Buffer.from(data, "base64").toString("utf8");
}

/**
 * Is the serving certificate alive, renewed, and for the name that the API server calls?
 *
 * @param reading undefined: it is not known where the certificate is
 *
 * Decided in ADR 0415.
 */
export function checkCertificate(
  installation: Installation,
  reading: CertificateReading | undefined,
  now: number,
): readonly Finding[] {
  if (reading === undefined)
    return [
      notKnown("certificate", {
        object: installation.own.url ?? `Service ${installation.own.service ?? ""}`,
        message:
          installation.service === undefined
            ? "The injector is outside the cluster, and so is its certificate; the dry run tells whether the API server trusts it."
            : "No Deployment tells which Secret holds the certificate; the dry run tells whether the API server trusts it.",
      }),
    ];
  const object = `Secret ${reading.title}`;
  if (reading.secret.kind !== "read" && reading.secret.kind !== "absent")
    return [unread("certificate", object, reading.secret)];
  const pem = certificateOf(reading);
  if (pem === undefined) return [missing(object, reading)];
  try {
    const [leaf] = parseCertificates(pem);
    return leaf === undefined ? [] : judge(object, leaf, serverName(installation), reading.own, now);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return [
      fault("certificate-invalid", {
        object,
        message: `Its tls.crt cannot be used: ${error.message}.`,
        remedy: "Upgrade the chart, or let cert-manager issue it anew.",
      }),
    ];
  }
}

function missing(object: string, { secret, own }: CertificateReading): Finding {
  const what = secret.kind === "absent" ? "it is not there" : "it has no key tls.crt";
  return fault("certificate-missing", {
    object,
    message: `The injector serves from it, but ${what}: ${own ? "it serves what it holds in memory, if anything" : "new pods of the injector cannot start"}.`,
    remedy: own
      ? "The injector makes it by itself, at the first installation within two minutes: see in its log why it did not."
      : "Upgrade the chart, or let cert-manager issue it anew.",
  });
}

/** The name that the API server asks for (docs/behaviour.md#serving-certificate). */
function serverName({ service }: Installation): string | undefined {
  return service === undefined ? undefined : `${service.name}.${service.namespace}.svc`;
}

function judge(
  object: string,
  leaf: X509Certificate,
  name: string | undefined,
  own: boolean,
  now: number,
): readonly Finding[] {
  const info = certificateInfo(leaf);
  if (info.notAfter < now)
    return [
      fault("certificate-expired", {
        object,
        message: `The serving certificate ended on ${dateText(info.notAfter)}.`,
        remedy: renewal(own),
      }),
    ];
  const findings: Finding[] = [];
  if (info.notBefore > now)
    findings.push(
      fault("certificate-not-yet-valid", {
        object,
        message: `The serving certificate is valid only from ${dateText(info.notBefore)}.`,
        remedy: "Compare the clocks: of this machine, and of the one that issued it.",
      }),
    );
  if (name !== undefined && leaf.checkHost(name, { subject: "never" }) === undefined)
    findings.push(
      fault("certificate-name", {
        object,
        message: `The serving certificate is for ${info.names.join(", ") || "no name"}; the API server calls ${name}.`,
        remedy: `Issue one for ${name}.`,
      }),
    );
  if (endsSoon(info, now))
    findings.push(
      fault("certificate-expiring", {
        object,
        message: `The serving certificate ends on ${dateText(info.notAfter)}.`,
        remedy: renewal(own),
      }),
    );
  if (findings.length > 0) return findings;
  const names = name === undefined ? "" : ` for ${name}`;
  return [
    fine("certificate", {
      object,
      message: `The serving certificate${names} is good until ${dateText(info.notAfter)}.`,
    }),
  ];
}
