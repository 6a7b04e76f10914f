import { type CertificateInfo, certificateInfo, parseCertificates } from "../certificates/index.js";
import {
  developmentCertificate,
  developmentNames,
  type FileTexts,
  type FileWatch,
  readTogether,
  type WatchFilesOptions,
  watchFiles,
} from "../config/index.js";
import type { Log } from "../telemetry/index.js";
import type { PairSource } from "./certificate-world.js";
import { ServerError } from "./server-error.js";
import type { ServingIdentity } from "./serving.js";
import type { CertificateSource, WebhookOptions } from "./webhook-options.js";

/** The identity to serve with, and later changes of its files. */
export interface IdentitySource {
  readonly identity: ServingIdentity;
  /** Starts to tell of changes. */
  watch(events: IdentityEvents, timing: Pick<WatchFilesOptions, "debounceMs" | "rereadMs">): FileWatch;
}

/** What is told of changes. */
export interface IdentityEvents {
  readonly onChange: (identity: ServingIdentity) => void;
  readonly onError: (error: Error) => void;
}

type IdentityOptions = Pick<WebhookOptions, "certificate" | "clientAuthority" | "serverNames">;

/**
 * Reads certificate, key and client CA from their files, or gets a development certificate where none is given.
 *
 * @param pairs where pairs come from when the options say that it is the cluster
 * @throws the system's error for a file that cannot be read, CertificateError for a client CA that is none
 */
export async function openIdentity(
  options: IdentityOptions,
  now: number,
  log: Log,
  pairs?: PairSource,
): Promise<IdentitySource> {
  const { certificate: from } = options;
  if (from.kind === "cluster") return clusterIdentity(options, pairs);
  const files = await filesOf(from, options.serverNames, now, log);
  if ("pair" in files) {
    const paths = options.clientAuthority === undefined ? [] : [options.clientAuthority];
    const read = await readTogether(paths);
    return source(paths, read, (texts) => withAuthority(files, options.clientAuthority, texts));
  }
  const { certificate, key } = files;
  const paths = [certificate, key, options.clientAuthority].filter((path) => path !== undefined);
  const read = await readTogether(paths);
  return source(paths, read, (texts) => {
    const pair = { certificatePem: texts.get(certificate) ?? "", keyPem: texts.get(key) ?? "" };
    return withAuthority({ pair }, options.clientAuthority, texts);
  });
}

/** Pairs as they come, with the client CA of its file. */
async function clusterIdentity(
  { clientAuthority }: IdentityOptions,
  pairs: PairSource | undefined,
): Promise<IdentitySource> {
  if (pairs === undefined)
    throw new ServerError(
      "no-certificate",
      "the certificate is to come from the cluster, and no cluster is given",
    );
  const paths = clientAuthority === undefined ? [] : [clientAuthority];
  let { pair } = pairs;
  let texts = await readTogether(paths);
  return {
    identity: withAuthority({ pair }, clientAuthority, texts),
    watch: (events, timing) => {
      const tell = () => tellIdentity(() => withAuthority({ pair }, clientAuthority, texts), events);
      pairs.onPair((next) => {
        pair = next;
        tell();
      });
      return watchFiles(paths, texts, {
        ...timing,
        onError: events.onError,
        onChange: (next) => {
          texts = next;
          tell();
        },
      });
    },
  };
}

function tellIdentity(make: () => ServingIdentity, { onChange, onError }: IdentityEvents): void {
  let identity: ServingIdentity;
  try {
    identity = make();
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  onChange(identity);
}

function source(
  paths: readonly string[],
  read: FileTexts,
  toIdentity: (texts: FileTexts) => ServingIdentity,
): IdentitySource {
  return {
    identity: toIdentity(read),
    watch: (events, timing) =>
      watchFiles(paths, read, {
        ...timing,
        onError: events.onError,
        onChange: (texts) => tellIdentity(() => toIdentity(texts), events),
      }),
  };
}

function withAuthority(
  { pair }: ServingIdentity,
  path: string | undefined,
  texts: FileTexts,
): ServingIdentity {
  if (path === undefined) return { pair };
  const clientAuthority = texts.get(path) ?? "";
  parseCertificates(clientAuthority);
  return { pair, clientAuthority };
}

type PairFiles = { readonly certificate: string; readonly key: string };

async function filesOf(
  certificate: Exclude<CertificateSource, { kind: "cluster" }>,
  serverNames: readonly string[],
  now: number,
  log: Log,
): Promise<PairFiles | ServingIdentity> {
  if (certificate.kind === "files") return certificate;
  const made = await developmentCertificate(developmentRequest(certificate, serverNames, now));
  const [authority] = parseCertificates(made.authorityPem);
  const info: Partial<CertificateInfo> = authority === undefined ? {} : certificateInfo(authority);
  log.warn("serving with a development certificate, which no API server trusts", {
    authority: made.files?.authority ?? "in memory only",
    fingerprint: info.fingerprint,
  });
  return made.files ?? { pair: made.pair };
}

function developmentRequest(
  { folder }: CertificateSource & { kind: "development" },
  serverNames: readonly string[],
  now: number,
) {
  return { folder, names: [...developmentNames, ...serverNames], now };
}
