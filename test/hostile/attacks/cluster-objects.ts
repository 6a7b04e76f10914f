import { clusterTexts } from "../../../src/cluster/cluster-texts.js";
import { namespaceResource, nodeResource, proxyConfigResource } from "../../../src/cluster/resource.js";
import {
  embeddedDefaults,
  ReloadError,
  SnapshotLoader,
  type SourceTexts,
} from "../../../src/config/index.js";
import type { Snapshot } from "../../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../../src/json/index.js";
import fc from "fast-check";
import { clusterObjects } from "../../equivalence/random-clusters.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { withName } from "../make/drafts.js";
import { realPods, reviewBytes } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { jsonOf } from "../make/values.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { handle } from "../run/judge.js";

const { injectConfig, values } = embeddedDefaults;
const configMap: JsonObject = { data: { config: injectConfig.text, values: values.text } };
const settings = {
  revision: "default",
  nativeSidecars: "false",
  compliancePolicy: "",
  platform: "",
  environment: {},
} as const;
const resources = [proxyConfigResource, proxyConfigResource, nodeResource, namespaceResource];

/** The texts of a cluster with these objects, as its watches make them. */
function textsWith(objects: readonly JsonObject[]): SourceTexts {
  const texts = clusterTexts(
    { injectTitle: "ConfigMap", injectConfigMap: configMap, objects },
    { warn: () => undefined },
  );
  // The cluster's ConfigMap brings its own templates; the built-in ones stand for them here.
  return { ...texts, templates: [...embeddedDefaults.templates] };
}

/** An object as an API server might send it that checks nothing, reduced as watches reduce it. */
function hostileObject(random: Random): JsonObject {
  const [good = {}] = fc.sample(clusterObjects, { seed: (random() * 2 ** 31) | 0, numRuns: 1 });
  const tree: JsonValue = JSON.parse(
    jsonOf(mutated(good, random, 4)).replace(/-?1e(309|-?400|18446744073709551616)/g, "0"),
  );
  const { apiVersion, kind, reduce } = oneOf(random, resources);
  return { ...reduce(isObject(tree) ? tree : {}), apiVersion, kind };
}

const namespaces = ["shop", "default", "istio-system"];
const body = (namespace: string) => reviewBytes(withName(realPods[0] ?? {}, "namespace", namespace));

function weapon(): Weapon<{ readonly objects: readonly JsonObject[] }> {
  const loader = new SnapshotLoader(settings);
  const first = textsWith([]);
  let last: { texts: SourceTexts; snapshot: Snapshot } = { texts: first, snapshot: loader.load(first) };
  // Nobody writes objects of this namespace.
  const calm = handle({ body: body("calm") }, { ...last.snapshot }).body;
  const tally = { taken: 0, refused: 0 };
  return {
    make: (random) => ({
      objects: Array.from({ length: 1 + Math.floor(random() * 3) }, () => hostileObject(random)),
    }),
    try: ({ objects }): Fault[] => {
      const texts = textsWith(objects);
      try {
        last = { texts, snapshot: loader.load(texts, last) };
        tally.taken++;
      } catch (error) {
        if (!(error instanceof ReloadError)) throw error;
        tally.refused++;
      }
      const faults = namespaces.flatMap((namespace): Fault[] => {
        const [fast, slow] = [last.snapshot, { ...last.snapshot }].map((one) =>
          handle({ body: body(namespace) }, one),
        );
        if (fast?.reason === "internal") return [{ kind: "unforeseen", message: fast.failure ?? "" }];
        return fast?.body === slow?.body
          ? []
          : [{ kind: "difference", message: `${fast?.body}\nwithout recordings: ${slow?.body}` }];
      });
      // Those of the root namespace are for everybody.
      const isRoot = JSON.stringify(last.texts.clusterObjects).includes("istio-system");
      if (!isRoot && handle({ body: body("calm") }, last.snapshot).body !== calm)
        faults.push({ kind: "wrong", message: "objects of other namespaces changed the answer to this one" });
      return faults;
    },
    *smaller({ objects }) {
      for (let at = 0; at < objects.length; at++)
        yield { objects: objects.filter((_, other) => other !== at) };
    },
    summary: () => `${tally.taken} taken, ${tally.refused} refused`,
  };
}

/** ProxyConfigs, Nodes and Namespaces. */
export const clusterAttacks: readonly Attack[] = [
  attack({ name: "ProxyConfigs, Nodes, Namespaces", share: 40, begin: weapon }),
];
