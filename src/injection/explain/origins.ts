import { deepEqual } from "../../json/index.js";
import { inject } from "../inject.js";
import { InjectionError } from "../injection-error.js";
import type { InjectionResult } from "../injection-result.js";
import { changedElements, type PodElements, podElements } from "./pod-elements.js";
import { type InjectionInput, settingVariations, templateVariations, type Variation } from "./variations.js";

/** Where one part of an injected pod came from. */
export interface Origin {
  /** The part, such as `initContainers[istio-proxy].env[POD_NAME]`. */
  readonly path: string;
  /** The templates that put it in; empty for what injection itself does after them. */
  readonly templates: readonly string[];
  /** What its value depends on, such as `annotation proxy.istio.io/config` or `values global.hub`. */
  readonly from: readonly string[];
}

/**
 * Finds out where everything came from that injection added or changed. It asks injection itself: it injects again with
 * one cause taken away or changed, and what then comes out otherwise depends on that cause. So it cannot disagree with
 * injection; it costs about a hundred injections.
 */
export function findOrigins(input: InjectionInput, result: InjectionResult): readonly Origin[] {
  const before = podElements(input.pod);
  const after = podElements(result.pod);
  const paths = changedElements(before, after);
  const templates = collect(templateVariations(input, result.templates), after);
  const causes = collect(settingVariations(input), after);
  return paths.map((path) => ({
    path,
    templates: (templates.get(path) ?? []).map((cause) => cause.replace(/^template /, "")),
    from: causes.get(path) ?? [],
  }));
}

/** The causes of each path. A setting without which a part is missing is one that the part depends on, too. */
function collect(variations: Iterable<Variation>, after: PodElements): Map<string, string[]> {
  const causes = new Map<string, string[]>();
  for (const { cause, input } of variations) {
    const varied = attempt(input);
    if (varied === undefined) continue;
    for (const [path, value] of after) {
      const other = varied.get(path);
      if (other !== undefined && deepEqual(other, value)) continue;
      causes.set(path, [...(causes.get(path) ?? []), cause]);
    }
  }
  return causes;
}

function attempt({ pod, context, snapshot }: InjectionInput): PodElements | undefined {
  try {
    const result = inject(pod, context, snapshot);
    return result.decision === "inject" ? podElements(result.pod) : undefined;
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return undefined;
  }
}
