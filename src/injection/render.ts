import type { GoStruct, Template } from "../gotemplate/index.js";
import type { JsonObject } from "../json/index.js";
import { executeTemplate, templateContext, type World } from "./execute-template.js";
import { InjectionError } from "./injection-error.js";
import { readPartialPod } from "./read-partial-pod.js";
import type { FilledPod } from "./skeleton/skeleton.js";
import { type GuardedSubject, GuardedTexts } from "./text-guard/guarded-texts.js";
import type { TextGuard } from "./text-guard/text-guard.js";
import type { CountedTraces } from "./traces/counted-traces.js";
import type { Surroundings, TemplateTraces } from "./traces/template-traces.js";

/** What a template may ask of the world while it runs, and what is known of templates. */
export interface RenderSettings extends World {
  readonly guard: TextGuard;
  /** The recordings of the templates; empty where every execution is one by the template itself. */
  readonly traces: ReadonlyMap<Template, TemplateTraces>;
}

/** The data of a pod's templates, and the texts in them. */
export interface RenderSubject extends GuardedSubject {
  readonly data: GoStruct;
  readonly surroundings: Surroundings;
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
 * A template may write a text of the pod into YAML as it comes, as Istio's do. A pod whose text changes the structure of what
 * the template makes is rejected, as far as the guard says so (ADR 0009). The guard looks at nothing where a skeleton shows
 * that no text can be structure.
 *
 * Throws InjectionError `template-failed`, `template-output-invalid`, `text-changes-structure`, `work-exceeded` or `deadline-exceeded`.
 */
export function renderPartialPod(
  template: Template,
  subject: RenderSubject,
  settings: RenderSettings,
): PartialPod {
  const { data, surroundings } = subject;
  const { budget, context } = settings;
  const { onRender } = context;
  const texts = new GuardedTexts(template, subject, settings);
  const traces = settings.traces.get(template)?.of(surroundings);
  const replayed = traces?.replay(data, recordingContext(settings));
  const written = budget.isLimited ? (replayed?.length ?? 0) : 0;
  // Where that is too much, the template itself tells so, and whether it could be executed at all.
  const filled = written > budget.outputLeft ? undefined : replayed?.fill(() => texts.areTrusted());
  if (filled !== undefined) {
    budget.spendOutput(written);
    onRender?.("fast");
    return filled;
  }
  const text =
    traces === undefined && !texts.areTrusted() ? texts.text() : executeTemplate(template, data, settings);
  budget.spendOutput(text.length);
  const partial = readGuarded(template, text, texts);
  const accepts = () => texts.areAccepted();
  const learned =
    replayed === undefined ? record(traces, data, settings, text, accepts) : replayed.learn(accepts);
  if (learned?.settled !== true) texts.areAccepted();
  onRender?.(learned?.recorded ? "recorded" : "slow");
  return { partial, plain: false };
}

function record(
  traces: CountedTraces | undefined,
  data: GoStruct,
  settings: RenderSettings,
  text: string,
  accepts: () => boolean,
): ReturnType<CountedTraces["record"]> | undefined {
  return traces?.record(data, recordingContext(settings), text, accepts);
}

/** A warning must be said to each pod, so what warns is not replayed. */
function recordingContext(settings: RenderSettings): ReturnType<typeof templateContext> {
  return templateContext({ ...settings, warn: refuseToWarn, repeatable: true });
}

function refuseToWarn(message: string): never {
  throw new Error(`this warns: ${message}`);
}

/** Reads what a template wrote. Where it is no pod, a text that is to blame for it is named. */
function readGuarded(template: Template, text: string, texts: GuardedTexts): JsonObject {
  try {
    return readPartialPod(template, text);
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    texts.areAccepted();
    throw texts.blame(error);
  }
}
