// What an injection costs in process: the bytes of a review in, the text of the answer out. `npm run bench` builds first.
//
// The unit is JSON.parse of the review's text plus JSON.stringify of the patch operations of that very answer, measured in
// the same run: machines are noisy, ratios less so. It ends with the ratios as JSON in one line.
//
//   --check      fail when a ratio that is promised has doubled against bench/ratios.json
//   --save       write bench/ratios.json
//   --json FILE  write the ratios there too
//   --quick      measure each ratio for a tenth of the time
//
// A run takes about 50 seconds of processor time, whatever the machine.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { handleReview } from "../dist/admission/index.js";
import { compileConfig } from "../dist/index.js";
import { exponent, measure, measureFirst } from "./inject/measure.mjs";
import { contextOf, prepare } from "./inject/reviews.mjs";
import { builtIn, istioConfigMaps, withValues } from "./inject/settings.mjs";
import { hello, recordedReviews, threeContainers, variables } from "./inject/workloads.mjs";

const { values: flags } = parseArgs({
  options: {
    check: { type: "boolean" },
    save: { type: "boolean" },
    quick: { type: "boolean" },
    json: { type: "string" },
  },
});
const reference = join(import.meta.dirname, "ratios.json");
const speed = flags.quick ? 0.1 : 1;
// Milliseconds of processor time for each case.
const times = { warmUp: 800 * speed, budget: 1600 * speed };
const largestExponent = 1.15;
/** A ratio that is twice the committed one is no noise. */
const largestGrowth = 2;

/** What is promised, in units. These are what `--check` compares. */
const promises = new Map([
  ["hello", 8],
  ["three containers", 10],
  ["3000 variables", 8],
  ["first pod of a path", 150],
]);

function reviews(texts, settings) {
  const snapshot = compileConfig(settings);
  return texts.map((text) => prepare(text, snapshot)).filter((review) => review !== undefined);
}

/** For patches whose injection is not measured. */
const known = compileConfig(builtIn);
const many = (make, count = 300) => Array.from({ length: count }, (_, index) => make(index));
const manyHello = many((index) => hello(index));
const twoTemplates = { "inject.istio.io/templates": "sidecar,grpc-simple" };
const sizes = [10, 100, 1000, 3000];

/** Each case by its name. A function, so that no case keeps another's reviews alive. */
const cases = [
  ["recorded reviews", () => measure(reviews(recordedReviews(), builtIn), times)],
  ["hello", () => measure(reviews(manyHello, builtIn), times)],
  ["hello, always the same", () => measure(reviews(manyHello.slice(0, 1), builtIn), times)],
  ["three containers", () => measure(reviews(many(threeContainers), builtIn), times)],
  ...sizes.map((size) => [
    `${size} variables`,
    () =>
      measure(
        reviews(
          many((index) => variables(index, size), Math.ceil(3000 / size) + 3),
          builtIn,
        ),
        times,
      ),
  ]),
  ["first pod of a path", () => measureFirst(firstOfPath(), times)],
  ["first pod of a snapshot", () => measureFirst(firstOfSnapshot, times)],
  ["native sidecars", () => measure(reviews(manyHello, { ...builtIn, nativeSidecars: "true" }), times)],
  ["CNI", () => measure(reviews(manyHello, withValues({ pilot: { cni: { enabled: true } } })), times)],
  [
    "two templates",
    () =>
      measure(
        reviews(
          many((index) => hello(index, { annotations: twoTemplates })),
          builtIn,
        ),
        times,
      ),
  ],
  ["Istio's ConfigMaps", () => measure(reviews(manyHello, istioConfigMaps()), times)],
  [
    "Istio's ConfigMaps, three containers",
    () => measure(reviews(many(threeContainers), istioConfigMaps()), times),
  ],
  ["without skeletons", () => measure(reviews(manyHello, { ...builtIn, skeletons: false }), times)],
];

/** Annotations that each send a pod another way through the built-in template. */
const turnings = {
  "sidecar.istio.io/proxyCPU": "100m",
  "sidecar.istio.io/proxyCPULimit": "1",
  "sidecar.istio.io/proxyMemory": "128Mi",
  "sidecar.istio.io/proxyMemoryLimit": "1Gi",
  "sidecar.istio.io/logLevel": "debug",
  "sidecar.istio.io/componentLogLevel": "misc:error",
  "sidecar.istio.io/proxyImage": "example.com/proxy:1",
  "sidecar.istio.io/userVolumeMount": '{"cache":{"mountPath":"/cache","readOnly":true}}',
  "traffic.sidecar.istio.io/includeInboundPorts": "80,8080",
  "traffic.sidecar.istio.io/excludeOutboundPorts": "5432",
  "traffic.sidecar.istio.io/kubevirtInterfaces": "net1",
  "status.sidecar.istio.io/port": "15021",
};
const subsets = 2 ** Object.keys(turnings).length;

/** A source of reviews that are each the first of its path, for a snapshot that is in use. */
function firstOfPath() {
  const snapshot = compileConfig(builtIn);
  let next = 0;
  return () => {
    // Sixteen other pods in between: a path is recorded only where pods have paid for it.
    for (const usual of manyHello.slice(0, 16)) handleReview(Buffer.from(usual), contextOf(snapshot));
    const chosen = (++next * 2654435761) % subsets;
    const entries = Object.entries(turnings).filter((_, bit) => (chosen >> bit) & 1);
    const text = hello(next, { annotations: Object.fromEntries(entries) });
    const body = Buffer.from(text);
    const seen = [];
    const context = contextOf(snapshot, { onRender: (path) => seen.push(path) });
    const inject = () => {
      const { length } = handleReview(body, context).body;
      if (seen[0] !== "recorded") throw new Error(`this pod is no first one of its path: ${seen}`);
      return length;
    };
    return { inject, unit: prepare(text, known).unit };
  };
}

let firstIndex = 0;
/** A review for a snapshot that has seen no pod. */
function firstOfSnapshot() {
  const text = manyHello[firstIndex++ % manyHello.length];
  const { unit } = prepare(text, known);
  const context = contextOf(compileConfig(builtIn));
  const body = Buffer.from(text);
  return { inject: () => handleReview(body, context).body.length, unit };
}

// The compiler looks at everything before the first ratio.
measure(reviews([...recordedReviews(), ...manyHello], builtIn), { warmUp: 3000 * speed, budget: 0 });

const width = Math.max(...cases.map(([name]) => name.length)) + 2;
console.log(`${"".padEnd(width)}    µs/injection     µs/unit   units`);
const ratios = {};
const costs = new Map();
for (const [name, run] of cases) {
  const { inject, unit, units } = run();
  ratios[name] = Number(units.toFixed(2));
  costs.set(name, inject);
  const limit = promises.get(name);
  console.log(
    name.padEnd(width) +
      inject.toFixed(1).padStart(16) +
      unit.toFixed(1).padStart(12) +
      units.toFixed(1).padStart(8) +
      (limit === undefined ? "" : `   promised: at most ${limit}${units > limit ? ", EXCEEDED" : ""}`),
  );
}

const fitted = exponent(sizes.map((size) => [size, costs.get(`${size} variables`)]));
console.log(
  `\nexponent of the cost over the number of variables: ${fitted.toFixed(2)} (at most ${largestExponent})`,
);
const failures = fitted > largestExponent ? ["the cost grows faster than the number of variables"] : [];
if (flags.check) {
  const committed = JSON.parse(readFileSync(reference, "utf8")).ratios;
  for (const name of promises.keys()) {
    if (ratios[name] <= largestGrowth * committed[name]) continue;
    failures.push(`"${name}" costs ${ratios[name]} units; bench/ratios.json says ${committed[name]}`);
  }
}
for (const failure of failures) console.error(`FAILED: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

const result = { node: process.version, ratios, exponent: Number(fitted.toFixed(2)) };
if (flags.save) writeFileSync(reference, `${JSON.stringify(result, null, 2)}\n`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result)}\n`);
console.log(JSON.stringify(result));
