import { isObject, type JsonObject, type JsonValue } from "../../../src/json/index.js";
import { knownAnnotations } from "../../../src/injection/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { withContainer, withMetadata, withName, withSpec } from "../make/drafts.js";
import { realPods, reviewBytes } from "../make/reviews.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { patchedPod, Tally } from "../run/judge.js";
import { reviewJudges } from "./reviews.js";

type Write = (pod: JsonObject, text: string) => JsonObject;

/** Annotations whose text is a structure on purpose. */
const structured =
  /overrides|proxy\.istio\.io\/config|userVolume|istio\.io\/status$|templates|networks|\/inject$/;

const places: readonly Write[] = [
  ...[...knownAnnotations, "prometheus.io/path", "example.com/a", "example.com/b", "example.com/n"]
    .filter((name) => !structured.test(name))
    .map(
      (name): Write =>
        (pod, text) =>
          withMetadata(pod, "annotations", { [name]: text }),
    ),
  ...["app", "version", "app.kubernetes.io/name", "example.com/any"].map(
    (name): Write =>
      (pod, text) =>
        withMetadata(pod, "labels", { [name]: text }),
  ),
  ...["name", "generateName", "namespace"].map(
    (field): Write =>
      (pod, text) =>
        withName(pod, field, text),
  ),
  ...["serviceAccountName", "nodeName", "hostname"].map(
    (field): Write =>
      (pod, text) =>
        withSpec(pod, field, text),
  ),
  ...["image", "name", "workingDir"].map(
    (field): Write =>
      (pod, text) =>
        withContainer(pod, field, text),
  ),
  (pod, text) => withContainer(pod, "env", [{ name: "A", value: text }]),
  (pod, text) => withContainer(pod, "args", [text]),
  (pod, text) => withContainer(pod, "ports", [{ name: text, containerPort: 80 }]),
  (pod, text) =>
    withName(pod, "ownerReferences", [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: text, uid: "1", controller: true },
    ]),
];

/** What nobody else would write. */
const canary = "canary7f3";
const openings = [
  "",
  "x",
  'x"',
  "x'",
  'x\\"',
  "x]",
  "x}",
  "x: y",
  "x #",
  '"',
  "'",
  "|",
  ">",
  "&a ",
  "!!map ",
  "{",
  "[",
  "x\u0085",
];
const breaks = ["\n", "\r", "\r\n", "\n\n", "\u0085", "\u2028", ", ", " ", "\n---\n"];
const payloads = [
  `${canary}: y`,
  `"${canary}": "y"`,
  `securityContext: {privileged: true, ${canary}: 1}`,
  `name: "${canary}`,
  `- name: ${canary}`,
  `image: ${canary}`,
  `${canary}: {a: b}`,
  `? ${canary}`,
  `{${canary}: y}`,
  `<<: {${canary}: y}`,
];
const closings = ["", '"', "'", '\n    z: "', "}", "]", "\n#", " #"];

function hostileStructure(random: Random): string {
  const indent = " ".repeat(Math.floor(random() * 14));
  const parts = Array.from(
    { length: 1 + Math.floor(random() * 2) },
    () => oneOf(random, breaks) + indent + oneOf(random, payloads),
  );
  return oneOf(random, openings) + parts.join("") + oneOf(random, closings);
}

interface StructureInput {
  readonly world: number;
  readonly pod: number;
  readonly place: number;
  readonly text: string;
}

/** Every key and every length of a tree, and the names of things: what a text may not change. */
function structureOf(tree: JsonValue, path = ""): readonly string[] {
  if (Array.isArray(tree))
    return [`${path}#${tree.length}`, ...tree.flatMap((item, at) => structureOf(item, `${path}/${at}`))];
  if (!isObject(tree)) return [`${path}:${typeof tree}`];
  return Object.entries(tree).flatMap(([key, item]) => [
    `${path}/${key}`,
    ...structureOf(item, `${path}/${key}`),
  ]);
}

function weapon(): Weapon<StructureInput> {
  const judges = reviewJudges();
  const tally = new Tally();
  const podOf = ({ world, pod, place }: StructureInput, text: string): readonly JsonValue[] => {
    const judge = judges[world];
    const [real, write] = [realPods[pod], places[place]];
    if (judge === undefined || real === undefined || write === undefined)
      throw new Error("there is no such input");
    const body = reviewBytes(write(real, text));
    const { outcome, faults } = judge.judge({ body }, tally);
    const [first] = faults;
    if (first !== undefined) throw new Error(`${first.kind}: ${first.message}`);
    if (outcome?.result !== "injected") return [];
    const answer: JsonValue = JSON.parse(outcome.body);
    return isObject(answer) && isObject(answer.response) ? [patchedPod(answer.response, body)] : [];
  };
  return {
    make: (random) => ({
      world: Math.floor(random() * judges.length),
      pod: Math.floor(random() * realPods.length),
      place: Math.floor(random() * places.length),
      text: hostileStructure(random),
    }),
    count: () => 2,
    try: (input): Fault[] => {
      const [hostile] = podOf(input, input.text);
      // Where the harmless text is refused, there is nothing to compare with.
      const [harmless] = podOf(input, "harmless");
      if (hostile === undefined || harmless === undefined) return [];
      const expected = new Set(structureOf(harmless));
      const found = structureOf(hostile).filter((one) => !expected.has(one));
      return found.length === 0
        ? []
        : [{ kind: "wrong", message: `a text changed the structure: ${found.slice(0, 5).join(" ")}` }];
    },
    summary: () => tally.text(),
  };
}

/** Texts that try to be more than a text where a template writes them into YAML. */
export const structureAttacks: readonly Attack[] = [
  attack({ name: "texts that want to be structure", share: 60, begin: weapon }),
];
