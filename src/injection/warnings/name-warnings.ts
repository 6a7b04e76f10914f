import type { InjectionWarning } from "../injection-result.js";
import { nearestName } from "../nearest-name.js";
import { deprecatedAnnotations, injectorFamilies, knownAnnotations, knownLabels } from "./known-names.js";

type TextMap = Readonly<Record<string, string>>;

const annotationSet = new Set(knownAnnotations);
const labelSet = new Set(knownLabels);

/**
 * Names in Istio's families that nothing reads, stand on the wrong side, or are given up.
 *
 * @param readByTemplates whether a template mentions a name; what an operator's own template reads is known
 */
export function nameWarnings(
  labels: TextMap,
  annotations: TextMap,
  readByTemplates: (name: string) => boolean,
): readonly InjectionWarning[] {
  const warnings: InjectionWarning[] = [];
  for (const name of Object.keys(annotations)) {
    const use = Object.hasOwn(deprecatedAnnotations, name) ? deprecatedAnnotations[name] : undefined;
    if (use !== undefined) {
      const instead = use === "" ? "nothing reads it any more" : `use ${use}`;
      warnings.push({
        code: "name-deprecated",
        message: `${name}: this annotation is deprecated; ${instead}`,
      });
    } else if (isIstios(name) && !annotationSet.has(name) && !readByTemplates(name)) {
      warnings.push(...unknown(name, "annotation", knownAnnotations, labelSet));
    }
  }
  for (const name of Object.keys(labels)) {
    if (name === "istio-injection") {
      warnings.push({
        code: "name-misplaced",
        message: `${name}: this label counts on namespaces only; on pods use sidecar.istio.io/inject`,
      });
    } else if (isIstios(name) && !labelSet.has(name) && !readByTemplates(name)) {
      warnings.push(...unknown(name, "label", knownLabels, annotationSet));
    }
  }
  return warnings;
}

function domainOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf("/")));
}

function isIstios(name: string): boolean {
  if (!name.includes("istio.io/")) return false;
  const domain = domainOf(name);
  return domain === "istio.io" || domain.endsWith(".istio.io");
}

function unknown(
  name: string,
  kind: "annotation" | "label",
  known: readonly string[],
  otherSide: ReadonlySet<string>,
): readonly InjectionWarning[] {
  if (otherSide.has(name)) {
    const right = kind === "annotation" ? "a label" : "an annotation";
    return [
      { code: "name-misplaced", message: `${name}: nothing reads this ${kind}; it counts as ${right}` },
    ];
  }
  const near = nearest(name, known);
  if (near !== undefined)
    return [{ code: "name-unknown", message: `${name}: unknown ${kind}; did you mean ${near}?` }];
  if (!injectorFamilies.includes(domainOf(name))) return [];
  return [{ code: "name-unknown", message: `${name}: nothing in Istio reads this ${kind}` }];
}

/** The known name that differs in the part behind the slash, or in the family alone. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [domain, suffix] = [domainOf(name), name.slice(domainOf(name).length + 1)];
  const sameFamily = known
    .filter((one) => domainOf(one) === domain)
    .map((one) => one.slice(domain.length + 1));
  const near = nearestName(suffix, sameFamily);
  if (near !== undefined && (injectorFamilies.includes(domain) || isSlip(suffix, near)))
    return `${domain}/${near}`;
  const families = known.filter((one) => one.endsWith(`/${suffix}`)).map(domainOf);
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
