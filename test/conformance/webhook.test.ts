import { applyPatch } from "fast-json-patch";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, inject } from "../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { comparablePod } from "../support/comparable-pod.js";
import { readDocuments } from "../support/compare.js";
import {
  caseFile,
  caseInput,
  type InjectionCase,
  injectionCases,
  podOfWorkload,
  requestNamespace,
  workloads,
} from "../support/injection-cases.js";
import { peerMissing } from "../support/peer.js";

const missing = peerMissing("istio-inject", "cases.json");

function run(one: InjectionCase): { readonly actual: JsonValue[]; readonly expected: JsonValue[] } {
  const snapshot = compileConfig(caseInput(one, embeddedDefaults.templates));
  const inputs = workloads(readDocuments(caseFile("inputs", one.input)));
  const expected = workloads(readDocuments(caseFile("expected", one.expected ?? "")));
  const platformNamespace = one.namespace?.metadata;
  const actual = inputs.map((workload) => {
    const pod = podOfWorkload(workload);
    const before = structuredClone(pod);
    const namespace = isObject(platformNamespace)
      ? String(platformNamespace.name)
      : requestNamespace(workload);
    const result = inject(pod, { namespace }, snapshot);
    expect(pod).toEqual(before);
    const patched: JsonObject = applyPatch(
      structuredClone(pod),
      structuredClone([...result.patch]),
    ).newDocument;
    expect(patched).toEqual(result.pod);
    return comparablePod(patched);
  });
  return { actual, expected: expected.map((workload) => comparablePod(podOfWorkload(workload))) };
}

describe.skipIf(missing !== undefined)(
  `the webhook path of the recorded cases${missing ? ` (${missing})` : ""}`,
  () => {
    const cases = missing === undefined ? injectionCases("webhook") : [];

    it.each(cases)("$name", (one) => {
      if (one.error !== undefined) {
        expect(() => run({ ...one, expected: one.input })).toThrow(new RegExp(one.error, "i"));
        return;
      }
      const { actual, expected } = run(one);
      expect(actual).toEqual(expected);
    });
  },
);
