import {
  createContext,
  type GoStruct,
  GoTemplateError,
  type Template,
  type TemplateContext,
} from "../gotemplate/index.js";
import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import { decodePartialPod, isObject, type JsonObject, KubeError } from "../kube/index.js";
import type { InjectionContext } from "./injection-context.js";
import { InjectionError } from "./injection-error.js";
import type { FilledPod } from "./skeleton/skeleton.js";
import { type Suspect, sameStructure } from "./taint.js";
import type { Replayed } from "./traces/counted-traces.js";
import type { Surroundings, TemplateTraces } from "./traces/template-traces.js";

/** What a template may ask of the world while it runs. */
export interface RenderSettings {
  readonly context: InjectionContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly warn: (message: string) => void;
  /** The recordings of the templates; empty where every execution is one by the template itself. */
  readonly traces: ReadonlyMap<Template, TemplateTraces>;
}

/** The data of a pod's templates, and what in the pod could change the structure of what they make. */
export interface RenderSubject {
  readonly data: GoStruct;
  readonly surroundings: Surroundings;
  readonly suspects: readonly Suspect[];
  /** The data with a harmless text in the place of each of these suspects. */
  without(suspects: readonly Suspect[]): GoStruct;
}

/**
 * A partial pod as a template makes it. What it shares with those of other pods is frozen.
 * `plain` says that it is known to hold no null and no directive of strategic merge.
 */
export type PartialPod = FilledPod;

/**
 * Runs a template on a pod's data: template in, partial pod out.
 * The result may hold directives of strategic merge, and nulls that delete. An empty output is an empty pod.
 *
 * Where a pod takes a path through the template that an earlier one took, what they have in common is not done again.
 *
 * A template may write a user's text into YAML as it comes, as Istio's do. Where such a text could be more than one
 * scalar, the template runs once more with a harmless one, and a pod whose text changes the structure is refused.
 *
 * Throws InjectionError `template-failed`, `template-output-invalid`, `annotation-invalid` or `deadline-exceeded`.
 */
export function renderPartialPod(
  template: Template,
  subject: RenderSubject,
  settings: RenderSettings,
): PartialPod {
  const { data, surroundings } = subject;
  const { onRender } = settings.context;
  const traces = settings.traces.get(template)?.of(surroundings);
  const replayed = traces?.replay(data, contextOf(settings, refuseToWarn));
  if (replayed !== undefined && !holdsSuspect(subject.suspects, replayed)) {
    const filled = replayed.fill();
    if (filled !== undefined) {
      onRender?.("fast");
      return filled;
    }
  }
  const text = execute(template, data, settings);
  const suspects = subject.suspects.filter(({ value }) => text.includes(value));
  if (suspects.length > 0) {
    onRender?.("slow");
    return { partial: readSuspicious(template, subject, settings, text, suspects), plain: false };
  }
  const partial = readPartialPod(template, text);
  const recorded =
    replayed === undefined ? traces?.record(data, contextOf(settings, refuseToWarn), text) : replayed.learn();
  onRender?.(recorded ? "recorded" : "slow");
  return { partial, plain: false };
}

/** A warning must be said to each pod, so what warns is not replayed. */
function refuseToWarn(message: string): never {
  throw new Error(`this warns: ${message}`);
}

function holdsSuspect(suspects: readonly Suspect[], replayed: Replayed): boolean {
  if (suspects.length === 0) return false;
  const text = replayed.text();
  return suspects.some(({ value }) => text.includes(value));
}

/** Reads a text that holds suspects, unless they change its structure. */
function readSuspicious(
  template: Template,
  subject: RenderSubject,
  settings: RenderSettings,
  text: string,
  suspects: readonly Suspect[],
): JsonObject {
  const silent = { ...settings, warn: () => {} };
  const render = (replaced: readonly Suspect[]) =>
    readPartialPod(template, execute(template, subject.without(replaced), silent));
  const harmless = render(suspects);
  const harms = (make: () => JsonObject): boolean => {
    try {
      return !sameStructure(make(), harmless);
    } catch (error) {
      if (error instanceof InjectionError && error.code === "template-output-invalid") return true;
      throw error;
    }
  };
  if (!harms(() => readPartialPod(template, text))) return readPartialPod(template, text);
  const culprits = suspects.filter((one) => harms(() => render(suspects.filter((other) => other !== one))));
  throw new InjectionError(
    "annotation-invalid",
    `the value of ${(culprits.length > 0 ? culprits : suspects).map(({ place }) => place).join(" and of ")} would change the structure of what template ${template.name} makes; remove quotes, line breaks and other YAML syntax from it`,
  );
}

function readPartialPod(template: Template, text: string): JsonObject {
  try {
    const tree = yamlToJson(text);
    if (tree === null) return {};
    if (!isObject(tree)) throw outputError(template, "strategic merge: invalid JSON document");
    return decodePartialPod(tree);
  } catch (error) {
    if (error instanceof GoYamlError)
      throw outputError(
        template,
        `failed parsing generated injected YAML (check Istio sidecar injector configuration): ${error.message}`,
        error,
      );
    if (error instanceof KubeError) throw outputError(template, error.message, error);
    throw error;
  }
}

function outputError(template: Template, why: string, cause?: unknown): InjectionError {
  return new InjectionError(
    "template-output-invalid",
    `failed to run injection template: failed applying injection overlay: template ${template.name}: ${why}`,
    { cause },
  );
}

/** What a template may see of the world. */
function contextOf({ context, environment }: RenderSettings, warn: RenderSettings["warn"]): TemplateContext {
  return createContext({
    now: context.now ?? Date.now,
    random: context.random ?? Math.random,
    env: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined),
    warn,
    deadline: context.deadline ?? Number.POSITIVE_INFINITY,
  });
}

function execute(template: Template, data: GoStruct, settings: RenderSettings): string {
  const { now = Date.now, deadline } = settings.context;
  try {
    return template.execute(data, contextOf(settings, settings.warn));
  } catch (cause) {
    if (!(cause instanceof GoTemplateError)) throw cause;
    const late = deadline !== undefined && now() > deadline;
    throw new InjectionError(
      late ? "deadline-exceeded" : "template-failed",
      `failed to run injection template: ${cause.message}`,
      { cause },
    );
  }
}
