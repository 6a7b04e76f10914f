import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../src/json/index.js";
import { applyAnswer, readAnswer, reviewOf } from "../support/admission-review.js";
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
import { MountedFolder } from "../support/mounted-folder.js";
import { peerMissing } from "../support/peer.js";
import { startWebhookUnderTest, type WebhookUnderTest } from "../support/webhook-under-test.js";

const missing = peerMissing("istio-inject", "cases.json");
const cases = missing === undefined ? injectionCases("webhook") : [];

/** What a server is told once, and does not read from files. */
function settingsOf({ nativeSidecars, compliancePolicy, platform }: InjectionCase) {
  return {
    revision: "default",
    nativeSidecars: nativeSidecars ? "true" : "false",
    compliancePolicy: compliancePolicy ?? "",
    platform: platform ?? "",
    environment: {},
  } as const;
}

/** The configuration of a case as the files of an operator. */
function filesOf(one: InjectionCase): Readonly<Record<string, string>> {
  const { injectConfig, values, mesh, templates, objects } = caseInput(one, embeddedDefaults.templates);
  const texts = Object.fromEntries([...(templates ?? [])].map(([name, { text }]) => [name, text]));
  return {
    config: JSON.stringify({ ...injectConfig, templates: texts }),
    values: JSON.stringify(values),
    mesh: JSON.stringify(mesh ?? {}),
    objects: (objects ?? []).map((object) => JSON.stringify(object)).join("\n---\n"),
  };
}

function namespaceOf(one: InjectionCase, workload: JsonObject): string {
  const metadata = one.namespace?.metadata;
  return isObject(metadata) ? String(metadata.name) : requestNamespace(workload);
}

const groups = new Map<string, InjectionCase[]>();
for (const one of cases) {
  const key = JSON.stringify(settingsOf(one));
  groups.set(key, [...(groups.get(key) ?? []), one]);
}

describe.skipIf(missing !== undefined)(
  `the recorded cases over HTTPS${missing ? ` (${missing})` : ""}`,
  () => {
    describe.each([...groups])("%s", (_settings, group) => {
      const [first] = group;
      if (first === undefined) throw new Error("a group without cases");
      let folder: string;
      let mount: MountedFolder;
      let webhook: WebhookUnderTest;
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), "pillion-cases-"));
        mount = new MountedFolder(folder);
        await mount.swap(filesOf(first));
        webhook = await startWebhookUnderTest({
          settings: settingsOf(first),
          files: {
            injectConfig: mount.path("config"),
            values: mount.path("values"),
            mesh: mount.path("mesh"),
            objects: [mount.path("objects")],
          },
        });
      });
      afterAll(async () => {
        await webhook.end();
        await rm(folder, { recursive: true, force: true });
      });

      it.each(group)("$name", async (one) => {
        await mount.swap(filesOf(one));
        await webhook.check();
        const pods = workloads(readDocuments(caseFile("inputs", one.input))).map(
          (workload) => [podOfWorkload(workload), namespaceOf(one, workload)] as const,
        );
        const answers: (JsonValue | undefined)[] = [];
        const refusals: string[] = [];
        for (const [pod, namespace] of pods) {
          const { status, text } = await webhook.post("/inject", reviewOf(pod, namespace));
          expect(status).toBe(200);
          const answer = readAnswer(text);
          if (answer.response.allowed) answers.push(comparablePod(applyAnswer(answer, pod)));
          else refusals.push(answer.response.status?.message ?? "");
        }
        if (one.error !== undefined) {
          expect(refusals.join("\n")).toMatch(new RegExp(one.error, "i"));
          return;
        }
        expect(refusals).toEqual([]);
        const expected = workloads(readDocuments(caseFile("expected", one.expected ?? "")));
        expect(answers).toEqual(expected.map((workload) => comparablePod(podOfWorkload(workload))));
      });
    });
  },
);
