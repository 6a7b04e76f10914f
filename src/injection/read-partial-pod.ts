import type { Template } from "../gotemplate/index.js";
import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import { isObject, type JsonObject } from "../json/index.js";
import { decodePartialPod, KubeError } from "../kube/index.js";
import { InjectionError } from "./injection-error.js";

/** Reads what a template wrote. Throws InjectionError `template-output-invalid`, whose cause tells the place. */
export function readPartialPod(template: Template, text: string): JsonObject {
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
