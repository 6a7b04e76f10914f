import { decisionCodes, type Explanation, type WebhookVerdict } from "../injection/index.js";
import type { JsonObject, JsonValue } from "../json/index.js";

/** An explanation as data, for `-o json` and `-o yaml`. */
export function explanationTree(object: string, explanation: Explanation): JsonObject {
  const { webhooks, called, decision, overruled, result, error, validated, origins, warnings } = explanation;
  return {
    object,
    ...(webhooks === undefined
      ? {}
      : { webhook: { called: called ?? false, configurations: webhooks.map(webhookTree) } }),
    ...(decision === undefined
      ? {}
      : {
          decision: {
            inject: decision.inject,
            reason: decision.code,
            sentence: decisionCodes[decision.code],
            rules: decision.rules.map(({ rule, applies, detail }) => ({ rule, applies, detail })),
            overruled: [...overruled],
          },
        }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    templates: [...(result?.templates ?? [])],
    validatedAnnotations: [...validated],
    origins: origins.map(({ path, templates, from }) => ({
      path,
      templates: [...templates],
      from: [...from],
    })),
    warnings: warnings.map(({ code, message }) => ({ code, message })),
  };
}

function webhookTree({ configuration, revision, tag, called, reason, entries }: WebhookVerdict): JsonObject {
  return {
    configuration,
    revision,
    tag,
    called,
    reason,
    entries: entries.map(
      ({ matchConditions, ...entry }): JsonValue => ({ ...entry, matchConditions: [...matchConditions] }),
    ),
  };
}
