// Where an injection spends its time, in units of reading and writing its JSON: a table of costs by folder of the source.
// `npm run bench:profile` builds first. The figures are of the median injection of many hello pods, shared out by the
// samples of V8's profiler, so the parts of one run can be compared with each other, and with another run's only roughly.
//
//   --three      pods of three containers with probes
//   --istio      the templates that Istio's chart installs, in form
//   --functions  the dearest functions instead
//   --save FILE  the profile, to be opened in a browser's developer tools

import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { compileConfig } from "../dist/index.js";
import { measure } from "./inject/measure.mjs";
import { prepare } from "./inject/reviews.mjs";
import { builtIn, istioConfigMaps } from "./inject/settings.mjs";
import { hello, threeContainers } from "./inject/workloads.mjs";

const { values: flags } = parseArgs({
  options: {
    three: { type: "boolean" },
    istio: { type: "boolean" },
    functions: { type: "boolean" },
    save: { type: "string" },
  },
});
const samplingMicroseconds = 200;
const rows = 25;

const snapshot = compileConfig(flags.istio ? istioConfigMaps() : builtIn);
const workload = flags.three ? threeContainers : hello;
const reviews = Array.from({ length: 300 }, (_, index) => prepare(workload(index), snapshot));

const { units } = measure(reviews, { warmUp: 4000, budget: 1600 });
const profile = await profiled(() => {
  for (let round = 0; round < 60; round++) for (const { inject } of reviews) inject();
});
if (flags.save !== undefined) writeFileSync(flags.save, JSON.stringify(profile));

const costs = new Map();
let total = 0;
for (const [place, time] of samplesBelow(profile, "handleReview")) {
  costs.set(place, (costs.get(place) ?? 0) + time);
  total += time;
}
console.log(`one injection: ${units.toFixed(1)} units\n`);
for (const [place, time] of [...costs].sort(([, a], [, b]) => b - a).slice(0, rows))
  console.log(
    `${((units * time) / total).toFixed(2).padStart(6)} ${((100 * time) / total).toFixed(1).padStart(5)} %  ${place}`,
  );

async function profiled(work) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: samplingMicroseconds });
  await session.post("Profiler.start");
  work();
  const stopped = await session.post("Profiler.stop");
  session.disconnect();
  return stopped.profile;
}

/** Place and microseconds of each sample below a function. What V8 does itself counts for who called it; the collector is a place. */
function* samplesBelow({ nodes, samples, timeDeltas }, root) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map();
  const note = (node, above) => {
    const { functionName, url } = node.callFrame;
    const isBelow = above !== undefined || functionName === root;
    const own = url.includes("/dist/") ? placeOf(node.callFrame) : above;
    const place = isBelow ? (own ?? "?") : undefined;
    places.set(node.id, functionName === "(garbage collector)" ? "garbage collection" : place);
    for (const child of node.children ?? []) note(byId.get(child), place);
  };
  note(nodes[0], undefined);
  for (const [index, id] of samples.entries())
    if (places.get(id) !== undefined) yield [places.get(id), timeDeltas[index]];
}

function placeOf({ functionName, url, lineNumber }) {
  const path = url.split("/dist/").pop();
  if (flags.functions) return `${functionName || "(anonymous)"} ${path}:${lineNumber + 1}`;
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path;
}
