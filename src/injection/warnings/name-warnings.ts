import type { InjectionWarning } from "../injection-result.js";
import { nearestName } from "../nearest-name.js";
import { deprecatedAnnotations, injectorFamilies, knownAnnotations, knownLabels } from "./known-names.js";

type TextMap = Readonly<Record<string, string>>;

/** The names that are known of annotations, or of labels. */
class KnownNames {
  readonly all: ReadonlySet<string>;
  readonly #suffixes: ReadonlyMap<string, readonly string[]>;
  readonly #families: ReadonlyMap<string, readonly string[]>;

  constructor(names: readonly string[]) {
    this.all = new Set(names);
    this.#suffixes = grouped(names, domainOf, suffixOf);
    this.#families = grouped(names, suffixOf, domainOf);
  }

  /** What follows the slash in the names of a family. */
  suffixesOf(family: string): readonly string[] {
    return this.#suffixes.get(family) ?? [];
  }

  /** The families that have a name with this behind the slash. */
  familiesOf(suffix: string): readonly string[] {
    return this.#families.get(suffix) ?? [];
  }
}

function grouped(
  names: readonly string[],
  by: (name: string) => string,
  what: (name: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(by(name), [...(groups.get(by(name)) ?? []), what(name)]);
  return groups;
}

const annotationNames = new KnownNames(knownAnnotations);
const labelNames = new KnownNames(knownLabels);
const injectorsFamilies = new Set(injectorFamilies);

/**
 * How many unknown names of a pod are compared with the known ones. Of all warnings five are shown, so of more names it is enough to
 * know that they are wrong: a comparison takes tens of microseconds, and a pod can have thousands of them.
 */
const mostCompared = 64;

/** What is known to judge a name by. */
interface Judge {
  /** Whether a template mentions a name; what an operator's own template reads is known. */
  readonly readByTemplates: (name: string) => boolean;
  /** Counts the work. */
  readonly spend: (steps: number) => void;
  /** How many names may still be compared. */
  compared: number;
}

/** Names in Istio's families that nothing reads, stand on the wrong side, or are given up. */
export function nameWarnings(
  labels: TextMap,
  annotations: TextMap,
  { readByTemplates, spend }: Pick<Judge, "readByTemplates" | "spend">,
): readonly InjectionWarning[] {
  const warnings: InjectionWarning[] = [];
  const judge = { readByTemplates, spend, compared: mostCompared };
  for (const name of Object.keys(annotations)) {
    const warning = annotationWarning(name, judge);
    if (warning !== undefined) warnings.push(warning);
  }
  for (const name of Object.keys(labels)) {
    const warning = labelWarning(name, judge);
    if (warning !== undefined) warnings.push(warning);
  }
  return warnings;
}

function annotationWarning(name: string, judge: Judge): InjectionWarning | undefined {
  const use = Object.hasOwn(deprecatedAnnotations, name) ? deprecatedAnnotations[name] : undefined;
  if (use === undefined) return unknownWarning(name, "annotation", judge);
  const instead = use === "" ? "nothing reads it any more" : `use ${use}`;
  return { code: "name-deprecated", message: `${name}: this annotation is deprecated; ${instead}` };
}

function labelWarning(name: string, judge: Judge): InjectionWarning | undefined {
  if (name !== "istio-injection") return unknownWarning(name, "label", judge);
  return {
    code: "name-misplaced",
    message: `${name}: this label counts on namespaces only; on pods use sidecar.istio.io/inject`,
  };
}

function domainOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf("/")));
}

function suffixOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function isIstios(name: string): boolean {
  if (!name.includes("istio.io/")) return false;
  const domain = domainOf(name);
  return domain === "istio.io" || domain.endsWith(".istio.io");
}

function unknownWarning(
  name: string,
  kind: "annotation" | "label",
  judge: Judge,
): InjectionWarning | undefined {
  if (!isIstios(name)) return undefined;
  const known = kind === "annotation" ? annotationNames : labelNames;
  if (known.all.has(name) || judge.readByTemplates(name)) return undefined;
  const others = kind === "annotation" ? labelNames : annotationNames;
  judge.spend(1);
  if (others.all.has(name)) {
    const right = kind === "annotation" ? "a label" : "an annotation";
    return { code: "name-misplaced", message: `${name}: nothing reads this ${kind}; it counts as ${right}` };
  }
  const near = judge.compared-- > 0 ? nearest(name, known) : undefined;
  if (near !== undefined)
    return { code: "name-unknown", message: `${name}: unknown ${kind}; did you mean ${near}?` };
  if (!injectorsFamilies.has(domainOf(name))) return undefined;
  return { code: "name-unknown", message: `${name}: nothing in Istio reads this ${kind}` };
}

/** The known name that differs in the part behind the slash, or in the family alone. */
function nearest(name: string, known: KnownNames): string | undefined {
  const [domain, suffix] = [domainOf(name), suffixOf(name)];
  const near = nearestName(suffix, known.suffixesOf(domain));
  if (near !== undefined && (injectorsFamilies.has(domain) || isSlip(suffix, near)))
    return `${domain}/${near}`;
  const families = known.familiesOf(suffix);
  const family = families.length === 1 ? families[0] : nearestName(domain, families);
  return family === undefined ? undefined : `${family}/${suffix}`;
}

/** Whether two names differ in at most two letters that stand together. */
function isSlip(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  let head = 0;
  while (head < left.length && left[head] === right[head]) head++;
  let tail = 0;
  while (tail < left.length - head && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  return Math.max(left.length, right.length) - head - tail <= 2;
}
