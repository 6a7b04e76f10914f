import { describe, expect, it } from "vitest";
import { handleReview } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig, type Snapshot } from "../../src/injection/index.js";
import { reviewOf, smallPod } from "../support/admission-review.js";
import { loopTime } from "../support/loop-time.js";
import { type HostileKind, hostileKinds, hostileReview, largestPod } from "./reviews.js";

// KiB. `npm run test:longest` tries all sizes up to the largest body and prints the table.
const all = process.env.PILLION_LONGEST === "all";
const sizes = all ? [8, 16, 32, 64, 128, 256, 384, 512, 1024, 2048, 3072] : [96];
/** How often the event loop may be held for as long as it takes to parse the largest body of usual pods. */
const mostParses = 5;

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const builtIn = { injectConfig, values, mesh, templates };
const objects = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", annotations: { "openshift.io/sa.scc.uid-range": "1000620000/10000" } },
  },
];
const worlds: readonly (readonly [string, Snapshot])[] = [
  ["sidecars among the containers", compileConfig({ ...builtIn, nativeSidecars: "false" })],
  [
    "native sidecars on OpenShift",
    compileConfig({ ...builtIn, nativeSidecars: "true", platform: "openshift", objects }),
  ],
];

interface Held {
  readonly kind: string;
  readonly size: number;
  /** Milliseconds. */
  readonly time: number;
  readonly reason: string;
  /** The length of the answer. */
  readonly answer: number;
}

function timed<T>(run: () => T): [result: T, time: number] {
  const start = loopTime();
  const result = run();
  return [result, loopTime() - start];
}

function answered(text: string, snapshot: Snapshot): ReturnType<typeof handleReview> {
  const now = Date.now;
  return handleReview(Buffer.from(text), {
    snapshot,
    path: "/inject",
    now,
    deadline: now() + 9500,
    elapsed: () => 0,
  });
}

/** Of two times the shorter: the first one pays for code that never ran before. */
function held(kind: HostileKind, size: number, snapshot: Snapshot): Held {
  const text = hostileReview(kind, size);
  const [{ reason, body }, first] = timed(() => answered(text, snapshot));
  const [, second] = timed(() => answered(text, snapshot));
  return { kind: kind.name, size, time: Math.min(first, second), reason, answer: body.length };
}

/** The usual containers, many of them. */
const usual: HostileKind = {
  name: "usual containers",
  pod: (count) => ({
    ...smallPod(),
    spec: {
      containers: Array.from({ length: count }, (_, index) => ({
        name: `cart-${index}`,
        image: `registry.example/cart:${index}`,
        env: [{ name: "PORT", value: `${index}` }],
        resources: { limits: { cpu: "100m", memory: "128Mi" } },
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      })),
    },
  }),
};

/** How long it takes to parse the largest body of usual containers, here and now. */
function parseTime(): number {
  const text = hostileReview(usual, largestPod);
  const times = Array.from({ length: 5 }, () => timed(() => JSON.parse(text))[1]);
  return times.sort((a, b) => a - b)[2] ?? 0;
}

function table(rows: readonly Held[], parse: number): string {
  const lines = [...rows]
    .sort((a, b) => b.time - a.time)
    .map(({ kind, size, time, reason, answer }) =>
      [
        `${time.toFixed(1)} ms`.padStart(10),
        `${(time / parse).toFixed(2)} parses`.padStart(12),
        `${size / 1024} KiB`.padStart(9),
        `answer ${(answer / 1024).toFixed(0)} KiB`.padStart(15),
        reason.padEnd(20),
        kind,
      ].join("  "),
    );
  return `${lines.join("\n")}\n`;
}

describe("the longest that a review holds the event loop", () => {
  it.each(worlds)(
    "is a few times the parsing of the largest body, with %s",
    (world, snapshot) => {
      for (let index = 0; index < 300; index++) answered(reviewOf(smallPod(`cart-${index}`)), snapshot);
      const rows = hostileKinds().flatMap((kind) => sizes.map((size) => held(kind, size * 1024, snapshot)));
      const parse = parseTime();
      if (all) process.stdout.write(`${world}\n${table(rows, parse)}`);
      const worst = [...rows].sort((a, b) => b.time - a.time)[0];
      expect((worst?.time ?? 0) / parse, JSON.stringify(worst)).toBeLessThan(mostParses);
      const longest = [...rows].sort((a, b) => b.answer - a.answer)[0];
      expect(longest?.answer, JSON.stringify(longest)).toBeLessThan(2 * largestPod);
    },
    3_600_000,
  );
});
