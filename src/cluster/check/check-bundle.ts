import type { X509Certificate } from "node:crypto";
import { CertificateError, certificateInfo, parseCertificates } from "../../certificates/index.js";
import { type InjectorEntry, isOwnEntry } from "../webhook-configuration.js";
import { type CertificateReading, certificateOf, renewal } from "./check-certificate.js";
import { dateText, endsSoon } from "./certificate-life.js";
import { command, type Finding, fault, fine, notKnown } from "./finding.js";
import type { Installation } from "./installation.js";

interface Bundle {
  readonly object: string;
  readonly caBundle: string;
  readonly url: string | undefined;
}

interface Serving {
  /** The serving certificate, PEM; undefined where it could not be read. */
  readonly leaf: string | undefined;
  /** The injector itself writes the bundles. */
  readonly own: boolean;
}

/**
 * Can the API server trust the injector: does each entry carry a bundle whose authorities are alive, and did one of them
 * sign the serving certificate? Entries with the same bundle are told of together.
 *
 * @param certificate undefined: it is not known where the certificate is
 */
export function checkBundles(
  { own, configurations }: Installation,
  certificate: CertificateReading | undefined,
  now: number,
): readonly Finding[] {
  const serving = { leaf: certificateOf(certificate), own: certificate?.own === true };
  const bundles = configurations.flatMap(({ name, entries }) =>
    byBundle(
      name,
      entries.filter((entry) => isOwnEntry(entry, own) && !entry.deactivated),
    ),
  );
  const findings = bundles.flatMap((bundle) => checkBundle(bundle, serving, now));
  const odd = findings.filter(({ status }) => status !== "ok");
  const [first] = findings;
  if (odd.length > 0 || first === undefined) return odd;
  return [{ ...first, object: bundles.map(({ object }) => object).join(", ") }];
}

function byBundle(configuration: string, entries: readonly InjectorEntry[]): readonly Bundle[] {
  const groups = new Map<string, InjectorEntry[]>();
  for (const entry of entries) groups.set(entry.caBundle, [...(groups.get(entry.caBundle) ?? []), entry]);
  return [...groups].map(([caBundle, group]) => ({
    caBundle,
    url: group[0]?.url,
    object:
      groups.size === 1
        ? `caBundle of ${configuration}`
        : `caBundle of ${configuration}: ${group.map(({ name }) => name).join(", ")}`,
  }));
}

function checkBundle({ object, caBundle, url }: Bundle, serving: Serving, now: number): readonly Finding[] {
  if (caBundle.trim() === "")
    return [
      url === undefined
        ? fault("bundle-empty", {
            object,
            message:
              "It is empty: the API server trusts public authorities only and refuses the injector's certificate.",
            remedy: serving.own
              ? "The injector writes it by itself: see in its log why it did not. It needs the right to patch mutatingwebhookconfigurations."
              : "Upgrade the chart, which writes it, or see why cert-manager's cainjector does not.",
          })
        : notKnown("bundle", {
            object,
            message:
              "It is empty: the API server trusts public authorities only. The dry run tells whether that is enough.",
          }),
    ];
  try {
    return judge(object, parseCertificates(caBundle), serving, now);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return [
      fault("bundle-invalid", {
        object,
        message: `It cannot be used: ${error.message}.`,
        remedy: serving.own
          ? "The injector writes it anew by itself: see in its log why it did not."
          : "Upgrade the chart, which writes it anew, or see why cert-manager's cainjector does not.",
      }),
    ];
  }
}

function judge(
  object: string,
  authorities: readonly X509Certificate[],
  { leaf, own }: Serving,
  now: number,
): readonly Finding[] {
  const infos = authorities.map(certificateInfo);
  const last = infos.reduce((one, other) => (other.notAfter > one.notAfter ? other : one));
  if (last.notAfter < now)
    return [
      fault("authority-expired", {
        object,
        message: `Its last authority ended on ${dateText(last.notAfter)}.`,
        remedy: renewal(own),
      }),
    ];
  const findings: Finding[] = [];
  if (endsSoon(last, now))
    findings.push(
      fault("authority-expiring", {
        object,
        message: `Its last authority ends on ${dateText(last.notAfter)}.`,
        remedy: renewal(own),
      }),
    );
  const signed = leaf === undefined ? undefined : isSigned(leaf, authorities, now);
  if (signed === false)
    findings.push(
      fault("bundle-mismatch", {
        object,
        message:
          "None of its authorities signed the serving certificate, so the API server refuses the injector.",
        remedy: `${own ? "The injector writes it anew by itself, unless it cannot: see its log." : "Upgrade the chart to write it anew."} See who wrote it: ${command("kubectl get mutatingwebhookconfigurations -o yaml --show-managed-fields")}.`,
      }),
    );
  if (findings.length > 0) return findings;
  const until = `good until ${dateText(last.notAfter)}`;
  return [
    fine("bundle", {
      object,
      message:
        signed === undefined ? `It is ${until}.` : `It signed the serving certificate and is ${until}.`,
    }),
  ];
}

/** Whether a living authority signed the leaf; undefined when the leaf cannot be read, which another line tells. */
function isSigned(leaf: string, authorities: readonly X509Certificate[], now: number): boolean | undefined {
  try {
    const [first, ...intermediates] = parseCertificates(leaf);
    if (first === undefined) return undefined;
    const trusted = authorities.filter((one) => certificateInfo(one).notAfter >= now);
    return reaches(first, intermediates, trusted);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return undefined;
  }
}

/** Follows the chain that is served along with the leaf; a bundle may hold the leaf itself, as self-signed ones do. */
function reaches(
  certificate: X509Certificate,
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): boolean {
  if (trusted.some((one) => one.fingerprint256 === certificate.fingerprint256 || signs(one, certificate)))
    return true;
  return chain.some(
    (one) =>
      signs(one, certificate) &&
      reaches(
        one,
        chain.filter((other) => other !== one),
        trusted,
      ),
  );
}

function signs(authority: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
