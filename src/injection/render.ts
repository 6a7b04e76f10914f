import { createContext, GoTemplateError, type Template, type Value } from "../gotemplate/index.js";
import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import { decodePartialPod, isObject, type JsonObject, KubeError } from "../kube/index.js";
import type { InjectionContext } from "./injection-context.js";
import { InjectionError } from "./injection-error.js";

/** What a template may ask of the world while it runs. */
export interface RenderSettings {
  readonly context: InjectionContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly warn: (message: string) => void;
}

/**
 * Runs a template on a pod's data: template in, partial pod out.
 * The result may hold directives of strategic merge, and nulls that delete. An empty output is an empty pod.
 * Throws InjectionError `template-failed`, `template-output-invalid` or `deadline-exceeded`.
 */
export function renderPartialPod(template: Template, data: Value, settings: RenderSettings): JsonObject {
  const text = execute(template, data, settings);
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

function execute(template: Template, data: Value, { context, environment, warn }: RenderSettings): string {
  const now = context.now ?? Date.now;
  try {
    return template.execute(
      data,
      createContext({
        now,
        random: context.random ?? Math.random,
        env: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined),
        warn,
        ...(context.deadline === undefined ? {} : { deadline: context.deadline }),
      }),
    );
  } catch (cause) {
    if (!(cause instanceof GoTemplateError)) throw cause;
    const late = context.deadline !== undefined && now() > context.deadline;
    throw new InjectionError(
      late ? "deadline-exceeded" : "template-failed",
      `failed to run injection template: ${cause.message}`,
      { cause },
    );
  }
}
