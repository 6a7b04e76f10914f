import { type JsonObject, objectAt, textsAt } from "../../json/index.js";
import type { InjectionWarning } from "../injection-result.js";
import { decisionWarnings, namespaceWarnings } from "./decision-warnings.js";
import { joinWarnings, noWarnings } from "./join-warnings.js";
import { nameWarnings } from "./name-warnings.js";
import { workloadWarnings } from "./workload-warnings.js";

/** What is known about a pod beside the pod. */
export interface WarningFacts {
  /** The pod as it became; undefined when it was skipped. */
  readonly injected?: JsonObject | undefined;
  /** The labels of the pod's namespace, where the namespace is known. */
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
  /** The kind of the workload, such as `Job`. */
  readonly ownerKind?: string;
  /** Whether a template mentions a name; what an operator's own template reads is no unknown name. */
  readonly readByTemplates?: ((name: string) => boolean) | undefined;
  /** Counts the work, and throws where there is no time for more. */
  readonly spend?: ((steps: number) => void) | undefined;
  /** What others have to say of the pod. It comes last and counts for the limit too. */
  readonly others?: readonly InjectionWarning[];
}

/** Kubernetes advises this length, and some clients cut what is longer. */
const maxLength = 120;
/** More than these nobody reads, and the API server drops warnings beyond 4096 characters in all. */
const maxWarnings = 5;

/**
 * What a user should know about a pod, the same for every caller. Each message begins with the name that it is about and
 * has at most 120 characters; after five of them a last one says how many more there are. Pure; throws nothing but what `spend` throws.
 */
export function podWarnings(pod: JsonObject, facts: WarningFacts = {}): readonly InjectionWarning[] {
  const metadata = objectAt(pod, "metadata");
  const labels = texts(objectAt(metadata, "labels"));
  const annotations = texts(objectAt(metadata, "annotations"));
  const hostNetwork = objectAt(pod, "spec")?.hostNetwork === true;
  const { namespaceLabels, injected, ownerKind = "", others = noWarnings } = facts;
  const all = joinWarnings(
    decisionWarnings(labels, annotations, hostNetwork),
    namespaceLabels === undefined ? noWarnings : namespaceWarnings(labels, namespaceLabels),
    nameWarnings(labels, annotations, {
      readByTemplates: facts.readByTemplates ?? readByNone,
      spend: facts.spend ?? spendNothing,
    }),
    injected === undefined ? noWarnings : workloadWarnings(pod, injected, ownerKind),
    others,
  );
  return all.length === 0 ? noWarnings : limited(all);
}

const readByNone = (): boolean => false;
const spendNothing = (): void => {};

function texts(tree: JsonObject | undefined): Readonly<Record<string, string>> {
  if (tree !== undefined && hasOnlyTexts(tree)) return tree;
  return textsAt(tree);
}

function hasOnlyTexts(tree: JsonObject): tree is Record<string, string> {
  return Object.keys(tree).every((key) => typeof tree[key] === "string");
}

function limited(all: readonly InjectionWarning[]): readonly InjectionWarning[] {
  const shown = all.slice(0, maxWarnings).map(({ code, message }) => ({ code, message: shortened(message) }));
  const more = all.length - shown.length;
  return more === 0 ? shown : [...shown, { code: "more", message: `and ${more} more` }];
}

/** Control characters have no place in an HTTP header, which carries the warning. */
function shortened(message: string): string {
  const line = message.replace(/\p{Cc}+/gu, " ");
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
