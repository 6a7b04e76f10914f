// What an injection costs in process. `npm run bench` builds first.
//
// The unit is JSON.parse of the review's text plus JSON.stringify of the patch operations of that very answer, measured in the
// same run: machines are noisy, ratios less so. An injection here is review text in, patch text out.

import { embeddedDefaults } from "../dist/config/index.js";
import { compileConfig, inject } from "../dist/index.js";

const rounds = Number(process.env.PILLION_BENCH_ROUNDS ?? 60);
/** Each sample repeats until it is long enough for the clock. */
const sampleMilliseconds = 20;
const largestExponent = 1.15;

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const snapshot = compileConfig({ injectConfig, values, mesh, templates, nativeSidecars: "true" });

function pod(variables) {
  const env = Array.from({ length: variables }, (_, index) => ({
    name: `VARIABLE_${index}`,
    value: `value ${index}`,
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: "hello-7f8c9d5b6-",
      labels: { app: "hello", "pod-template-hash": "7f8c9d5b6" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "hello-7f8c9d5b6", uid: "1", controller: true },
      ],
    },
    spec: {
      containers: [
        {
          name: "hello",
          image: "example.com/hello:1",
          ports: [{ name: "http", containerPort: 80 }],
          ...(variables > 0 ? { env } : {}),
        },
      ],
    },
  };
}

function reviewText(object) {
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: { uid: "0", namespace: "default", operation: "CREATE", object },
  });
}

function answer(text) {
  const { request } = JSON.parse(text);
  const { patch } = inject(request.object, { namespace: request.namespace }, snapshot);
  return { patch, text: JSON.stringify(patch) };
}

/** Nanoseconds per call, one sample. */
function sample(work, repeats) {
  const start = process.hrtime.bigint();
  for (let round = 0; round < repeats; round++) work();
  return Number(process.hrtime.bigint() - start) / repeats;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Measures both in turn, so that what disturbs the machine disturbs both. */
function measure(object) {
  const text = reviewText(object);
  const { patch } = answer(text);
  const injectOnce = () => answer(text).text.length;
  const unitOnce = () => JSON.parse(text) && JSON.stringify(patch).length;
  const repeatsFor = (work) => Math.max(1, Math.ceil((sampleMilliseconds * 1e6) / sample(work, 3)));
  for (let round = 0; round < 50; round++) injectOnce();
  const repeats = [repeatsFor(injectOnce), repeatsFor(unitOnce)];
  const samples = Array.from({ length: rounds }, () => [
    sample(injectOnce, repeats[0]),
    sample(unitOnce, repeats[1]),
  ]);
  return { inject: median(samples.map(([one]) => one)), unit: median(samples.map(([, one]) => one)) };
}

/** The slope of log(cost) over log(size): 1 is linear. */
function exponent(points) {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)]);
  const mean = (index) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return slope / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

console.log("pod                 injections/s   microseconds   unit microseconds   units");
const line = (name, { inject: cost, unit }) =>
  console.log(
    name.padEnd(20) +
      (1e9 / cost).toFixed(0).padStart(12) +
      (cost / 1e3).toFixed(1).padStart(15) +
      (unit / 1e3).toFixed(1).padStart(20) +
      (cost / unit).toFixed(1).padStart(8),
  );
line("hello", measure(pod(0)));
const points = [10, 100, 1000, 3000].map((size) => {
  const result = measure(pod(size));
  line(`${size} variables`, result);
  return [size, result.inject];
});
const fitted = exponent(points);
console.log(
  `\nfitted exponent of the cost over the number of variables: ${fitted.toFixed(2)} (at most ${largestExponent})`,
);
if (fitted > largestExponent) process.exitCode = 1;
