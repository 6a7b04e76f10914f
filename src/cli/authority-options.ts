import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { defaultRotationPolicy, type RotationPolicy } from "../certificates/index.js";
import { CliError } from "./cli-error.js";

/** The flags of Pillion's own authority. */
export interface AuthorityFlags {
  readonly caSecret?: string;
  readonly caLease?: string;
  readonly caLifetime: number;
  readonly certificateLifetime: number;
  readonly caPropagation: number;
  readonly clockTolerance: number;
  readonly serverName?: readonly string[];
  readonly webhookService?: string;
  readonly webhookUrl?: string;
}

const dayMs = 86_400_000;

/** Adds the flags of the own authority to a command. */
export function addAuthorityOptions(command: Command): void {
  const { authorityDays, leafDays, propagationMs, clockToleranceMs } = defaultRotationPolicy;
  command
    .option(
      "--ca-secret <name>",
      "Secret of Pillion's own authority, which makes, publishes and renews the certificate; needs --cluster",
    )
    .option("--ca-lease <name>", "Lease of the replica that writes them; without it named as the Secret")
    .option("--ca-lifetime <days>", "how long such an authority lives", parseDays, authorityDays)
    .option("--certificate-lifetime <days>", "how long a certificate of it lives", parseDays, leafDays)
    .option(
      "--ca-propagation <seconds>",
      "longest time after which every API server knows a new caBundle",
      parseMilliseconds,
      propagationMs,
    )
    .option(
      "--clock-tolerance <seconds>",
      "how far clocks may be off when certificates are judged",
      parseMilliseconds,
      clockToleranceMs,
    );
}

/** The figures that the flags ask for. @throws CliError `usage` for figures that leave no time to renew */
export function rotationPolicy(flags: AuthorityFlags): RotationPolicy {
  const { caLifetime, certificateLifetime, caPropagation, clockTolerance } = flags;
  if (certificateLifetime * dayMs < 20 * clockTolerance)
    throw new CliError("usage", "--certificate-lifetime must be at least twenty times --clock-tolerance");
  if (caLifetime < 2 * certificateLifetime)
    throw new CliError("usage", "--ca-lifetime must be at least twice --certificate-lifetime");
  if (certificateLifetime * dayMs < 6 * caPropagation)
    throw new CliError("usage", "--certificate-lifetime must be at least six times --ca-propagation");
  return {
    ...defaultRotationPolicy,
    authorityDays: caLifetime,
    leafDays: certificateLifetime,
    propagationMs: caPropagation,
    clockToleranceMs: clockTolerance,
  };
}

/**
 * What certificates are for: first the name by which the API server calls, then the others.
 * @throws CliError `usage` when nothing names it
 */
export function certificateNames({
  webhookService,
  webhookUrl,
  serverName = [],
}: AuthorityFlags): readonly string[] {
  const called = [
    ...(webhookService === undefined ? [] : [serviceName(webhookService)]),
    ...(webhookUrl === undefined ? [] : [hostOf(webhookUrl)]),
  ];
  if (called.length === 0)
    throw new CliError(
      "usage",
      "--ca-secret needs --webhook-service or --webhook-url: the certificate is for the name that the API server calls",
    );
  return [...new Set([...called, ...serverName])];
}

/** The common name of every authority, the same as Helm's in the chart, so that each knows the other's when they change. */
export function authorityName({ webhookService, webhookUrl }: AuthorityFlags): string {
  const [name = ""] = (webhookService ?? "").split(".");
  return `${name === "" ? hostOf(webhookUrl ?? "") : name} authority`;
}

function serviceName(service: string): string {
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)$/.exec(service) ?? [];
  if (name === undefined || namespace === undefined)
    throw new CliError("usage", `--webhook-service ${service}: write NAME.NAMESPACE`);
  return `${name}.${namespace}.svc`;
}

/** The host of a URL, an IPv6 address without its brackets. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new CliError("usage", `--webhook-url ${url} is no URL`);
  const { hostname } = new URL(url);
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) === 6 ? bare : hostname;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,5}(\.\d{1,9})?$/.test(text) || days <= 0)
    throw new InvalidArgumentError("Write days, such as 7 or 0.5.");
  return days;
}

/** Seconds on the command line, milliseconds inside. */
function parseMilliseconds(text: string): number {
  if (!/^\d{1,5}(\.\d{1,3})?s?$/.test(text))
    throw new InvalidArgumentError("Write seconds, such as 60 or 0.5s.");
  return Math.round(Number.parseFloat(text) * 1000);
}
