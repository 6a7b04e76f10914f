import { webhookVerdict } from "../../injection/index.js";
import { textOrEmpty } from "../../json/index.js";
import { isOwnEntry, type WebhookConfiguration } from "../webhook-configuration.js";
import { command, type Finding, fault, fine } from "./finding.js";
import type { Installation } from "./installation.js";

/** That nothing brings pods to an injector, with what there is instead. */
export function noInstallation(all: readonly WebhookConfiguration[], revision: string | undefined): Finding {
  const others = all.map(({ name, revision: own }) => `${name} (revision ${own ?? "none"})`);
  const what = revision === undefined ? "of Pillion's chart" : `of revision ${revision}`;
  return fault("webhook-missing", {
    object: "MutatingWebhookConfigurations",
    message: `There is no webhook configuration ${what}${others.length === 0 ? "" : `; there are ${others.join(", ")}`}.`,
    remedy:
      revision === undefined && others.length > 0
        ? "Choose one with --revision, or install Pillion's chart."
        : `Install Pillion's chart${revision === undefined ? "" : ` with --set revision=${revision}`}.`,
    items: others,
  });
}

/** Is the injector registered: is there an entry that is live and covers the creation of pods? */
export function checkWebhook({ revision, own, configurations }: Installation): readonly Finding[] {
  const faults = configurations.flatMap((one) => faultsOf(one, own));
  const live = configurations.filter(({ entries }) =>
    entries.some((entry) => isOwnEntry(entry, own) && !entry.deactivated),
  );
  if (live.length === 0)
    return [
      fault("webhook-deactivated", {
        object: titles(configurations),
        message: `Every entry for revision ${revision} demands istio.io/deactivated: never-match, so it is never called.`,
        remedy: `Hand the default over with ${command(`pillion tag set default --revision ${revision} --overwrite`)}, or upgrade the chart.`,
      }),
      ...faults,
    ];
  if (faults.length > 0) return faults;
  const entries = live.reduce((count, one) => count + one.entries.length, 0);
  return [
    fine("webhook", {
      object: titles(live),
      message: `Registered for revision ${revision} with ${entries} ${entries === 1 ? "entry" : "entries"}.`,
    }),
  ];
}

function titles(configurations: readonly WebhookConfiguration[]): string {
  const names = configurations.map(({ name }) => name).join(", ");
  return `MutatingWebhookConfiguration ${names}`;
}

function faultsOf(configuration: WebhookConfiguration, own: Installation["own"]): readonly Finding[] {
  const object = `MutatingWebhookConfiguration ${configuration.name}`;
  const covers = new Map(
    webhookVerdict(configuration.source, {}, {}).entries.map(({ name, coversPods }) => [name, coversPods]),
  );
  const mine = configuration.entries.filter((entry) => isOwnEntry(entry, own) && !entry.deactivated);
  const blind = mine.filter(({ name }) => covers.get(name) === false).map(({ name }) => name);
  const ignoring = mine
    .filter(({ source }) => textOrEmpty(source, "failurePolicy") === "Ignore")
    .map(({ name }) => name);
  return [
    ...(blind.length === 0
      ? []
      : [
          fault("rules-miss-pods", {
            object,
            message: `The rules of ${blind.join(", ")} do not cover CREATE of pods.`,
            remedy:
              'Set rules to operations ["CREATE"], apiGroups [""], apiVersions ["v1"], resources ["pods"].',
          }),
        ]),
    ...(ignoring.length === 0
      ? []
      : [
          fault("failures-ignored", {
            object,
            message:
              "failurePolicy is Ignore: while no injector answers, pods start without a sidecar and nobody is told.",
            remedy: "Set webhook.failurePolicy=Fail in the chart.",
            items: ignoring,
          }),
        ]),
  ];
}
