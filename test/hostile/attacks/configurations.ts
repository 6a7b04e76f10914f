import { embeddedDefaults, SnapshotHolder, type SourceTexts } from "../../../src/config/index.js";
import { yamlToJson } from "../../../src/goyaml/index.js";
import { type Log, recordingLog, recordingMetrics } from "../../../src/telemetry/index.js";
import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { fixtureText } from "../../equivalence/worlds.js";
import { mutatedBytes, realPods, reviewBytes } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { jsonOf } from "../make/values.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { handle } from "../run/judge.js";

const builtIn: SourceTexts = {
  injectConfig: embeddedDefaults.injectConfig,
  values: embeddedDefaults.values,
  mesh: embeddedDefaults.mesh,
  templates: [...embeddedDefaults.templates],
  objects: [],
};
const istio: SourceTexts = {
  injectConfig: fixtureText("istio-sidecar-injector.yaml", "config"),
  values: fixtureText("istio-sidecar-injector.yaml", "values"),
  mesh: fixtureText("istio.yaml", "mesh"),
  templates: [],
  objects: [],
};
const parts = ["injectConfig", "injectConfig", "values", "mesh"] as const;
type Part = (typeof parts)[number];

interface ConfigurationInput {
  readonly istio: boolean;
  readonly part: Part;
  readonly text: string;
}

const settings = {
  revision: "default",
  nativeSidecars: "auto",
  compliancePolicy: "",
  platform: "",
  environment: {},
} as const;

function hostileText(text: string, random: Random): string {
  if (random() < 0.5) return Buffer.from(mutatedBytes(text, random)).toString();
  return jsonOf(mutated(yamlToJson(text), random));
}

function weapon(): Weapon<ConfigurationInput> {
  const silent: Log = { ...recordingLog("error"), error: () => undefined };
  const holder = new SnapshotHolder(builtIn, {
    settings,
    log: silent,
    metrics: recordingMetrics(),
    now: () => 0,
  });
  const body = reviewBytes(realPods[0] ?? {});
  const tally = { taken: 0, refused: 0 };
  return {
    make: (random) => {
      const [isIstio, part] = [random() < 0.5, oneOf(random, parts)];
      const text = (isIstio ? istio : builtIn)[part]?.text ?? "";
      return { istio: isIstio, part, text: hostileText(text, random) };
    },
    try: ({ istio: isIstio, part, text }): Fault[] => {
      const faults: Fault[] = [];
      const before = holder.live;
      const base = isIstio ? istio : builtIn;
      const taken = holder.offer({ ...base, [part]: { text, source: part } });
      if (taken) {
        tally.taken++;
        const { reason, failure } = handle({ body }, holder.live.snapshot);
        if (reason === "internal") faults.push({ kind: "unforeseen", message: failure ?? "" });
      } else {
        tally.refused++;
        const { stage, message } = holder.failure ?? {};
        // Nothing was read here: it is what a holder says of what it has no stage for.
        if (stage === undefined || stage === "read")
          faults.push({ kind: "unforeseen", message: message ?? "" });
        if (holder.live !== before)
          faults.push({ kind: "wrong", message: "a refused configuration is in use" });
      }
      if (!holder.offer(builtIn)) faults.push({ kind: "wrong", message: "a good configuration is refused" });
      return faults;
    },
    summary: () => `${tally.taken} taken, ${tally.refused} refused`,
  };
}

/** ConfigMaps that somebody has broken. */
export const configurationAttacks: readonly Attack[] = [
  attack({ name: "configurations", share: 2, begin: weapon }),
];
