import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import {
  compileConfig,
  InjectionError,
  inject,
  RequestBudget,
  type RequestLimits,
  reviewLimits,
} from "../../src/injection/index.js";
import type { JsonObject } from "../../src/json/index.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const builtIn = { injectConfig, values, mesh, templates, nativeSidecars: "false" } as const;
const snapshot = compileConfig(builtIn);
/** Each pod takes the same way, whatever came before it. */
const slow = compileConfig({ ...builtIn, skeletons: false });

function pod(annotations: Record<string, string> = {}, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "cart", annotations },
    spec: { containers: [{ name: "cart", image: "cart:1" }], ...spec },
  };
}

function named(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ name: `c${index}` }));
}

/** The failure of an injection and of its patch; undefined where there is none. */
function failure(subject: JsonObject, budget?: RequestBudget, world = snapshot): InjectionError | undefined {
  try {
    // The patch is a part of the work.
    inject(subject, { namespace: "shop", budget }, world).patch.length;
    return undefined;
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
}

const limited = (limits: Partial<RequestLimits> = {}) =>
  new RequestBudget({ limits: { ...reviewLimits, ...limits } });

/** A budget whose time is over when the clock was read so often, and how often it was read. */
function clocked(readings: number): { budget: RequestBudget; count: () => number } {
  let count = 0;
  const now = () => {
    count += 1;
    return count > readings ? 2 : 0;
  };
  return { budget: new RequestBudget({ now, deadline: 1, limits: reviewLimits }), count: () => count };
}

const hostile: readonly (readonly [string, JsonObject])[] = [
  ["one container", pod()],
  [
    "many variables of the proxy's",
    pod({
      "proxy.istio.io/config": JSON.stringify({
        proxyMetadata: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`K${index}`, "1"])),
      }),
    }),
  ],
  [
    "unknown annotations",
    pod(Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`sidecar.istio.io/a${index}`, ""]))),
  ],
  ["several templates", pod({ "inject.istio.io/templates": "sidecar,grpc-simple,sidecar" })],
];

describe("a budget's time", () => {
  it.each(hostile)("is looked at between all steps of the work: %s", (_, subject) => {
    const { budget, count } = clocked(Number.POSITIVE_INFINITY);
    expect(failure(subject, budget, slow)).toBeUndefined();
    const readings = count();
    expect(readings).toBeGreaterThan(8);
    for (let reading = 0; reading < readings; reading++)
      expect(failure(subject, clocked(reading).budget, slow)?.code, `after ${reading} looks`).toBe(
        "deadline-exceeded",
      );
  });

  it("is looked at the more often the more there is to do", () => {
    const looks = (count: number): number => {
      const { budget, count: readings } = clocked(Number.POSITIVE_INFINITY);
      failure(
        pod(
          Object.fromEntries(Array.from({ length: count }, (_, index) => [`sidecar.istio.io/a${index}`, ""])),
        ),
        budget,
      );
      return readings();
    };
    expect(looks(8000)).toBeGreaterThan(looks(1000) + 5);
  });

  it("may be given as a deadline alone", () => {
    expect(() => inject(pod(), { now: () => 2, deadline: 1 }, snapshot)).toThrow(
      expect.objectContaining({ code: "deadline-exceeded" }),
    );
  });
});

describe("a budget's limits", () => {
  const sized = (bytes: number) => pod({ a: "x".repeat(bytes - 1) });

  it.each<[string, JsonObject, string, string]>([
    [
      "annotations beyond Kubernetes' limit",
      sized(256 * 1024 + 1),
      "pod-too-large",
      "metadata.annotations has 262145 bytes",
    ],
    [
      "annotations whose characters have more bytes",
      pod({ é: "é".repeat(128 * 1024) }),
      "pod-too-large",
      "metadata.annotations has 262146 bytes",
    ],
    [
      "many containers",
      pod({}, { containers: named(1500), initContainers: named(501) }),
      "pod-too-large",
      "spec has 2001 containers",
    ],
    [
      "many containers of an earlier injection",
      pod({ "proxy.istio.io/overrides": JSON.stringify({ containers: named(2001) }) }),
      "pod-too-large",
      "annotation proxy.istio.io/overrides has 2001 containers",
    ],
    [
      "many fields",
      pod({}, Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`f${index}`, 1]))),
      "pod-too-large",
      "spec has 10002 fields",
    ],
    [
      "much that the pod says of the proxy",
      pod({}, { containers: [{ name: "istio-proxy", args: ["x".repeat(256 * 1024)] }] }),
      "pod-too-large",
      "(istio-proxy)",
    ],
    [
      "many templates",
      pod({ "inject.istio.io/templates": Array(17).fill("sidecar").join() }),
      "too-many-templates",
      "asks for 17 templates",
    ],
    [
      "many odd quantities",
      pod(
        {},
        {
          containers: [
            {
              name: "cart",
              resources: {
                limits: Object.fromEntries(
                  Array.from({ length: 7000 }, (_, index) => [`r${index}`, "1.5Gi"]),
                ),
              },
            },
          ],
        },
      ),
      "work-exceeded",
      "steps of work",
    ],
    [
      "a template that writes much",
      pod({ "sidecar.istio.io/componentLogLevel": "a".repeat(140_000) }),
      "template-failed",
      "wrote more than 131072 characters",
    ],
    [
      "templates that write much together",
      pod({
        "inject.istio.io/templates": "sidecar,gateway",
        "sidecar.istio.io/componentLogLevel": "a".repeat(100_000),
      }),
      "work-exceeded",
      "write more than 131072 characters",
    ],
  ])("reject %s by a code and a message that names it", (_, subject, code, message) => {
    const error = failure(subject, limited());
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(message);
  });

  it.each<[string, JsonObject]>([
    ["annotations up to Kubernetes' limit", sized(256 * 1024)],
    [
      "a thousand ports",
      pod(
        {},
        {
          containers: [
            {
              name: "cart",
              ports: Array.from({ length: 1000 }, (_, index) => ({ containerPort: index + 1 })),
            },
          ],
        },
      ),
    ],
    ["three thousand variables", pod({}, { containers: [{ name: "cart", env: named(3000) }] })],
    ["a hundred containers", pod({}, { containers: named(100) })],
    ["sixteen templates", pod({ "inject.istio.io/templates": Array(16).fill("sidecar").join() })],
  ])("leave room for %s", (_, subject) => {
    expect(failure(subject, limited())).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ["annotations beyond Kubernetes' limit", sized(300 * 1024)],
    ["many containers", pod({}, { initContainers: named(2100) })],
    ["many templates", pod({ "inject.istio.io/templates": Array(17).fill("sidecar").join() })],
    ["a template that writes much", pod({ "sidecar.istio.io/componentLogLevel": "a".repeat(140_000) })],
  ])("are none for who gives no budget: %s", (_, subject) => {
    expect(failure(subject)).toBeUndefined();
  });

  it("do not look at pods that are skipped", () => {
    const skipped = { ...sized(300 * 1024), spec: { hostNetwork: true, containers: named(3000) } };
    expect(inject(skipped, { budget: limited() }, snapshot).decision).toBe("skip");
  });

  it("hold for what templates write, whether or not they are executed by a recording", () => {
    const long = (length: number) => pod({ "sidecar.istio.io/componentLogLevel": "a".repeat(length) });
    const fast = compileConfig(builtIn);
    const paths: string[] = [];
    const render = (length: number) =>
      inject(long(length), { budget: limited(), onRender: (path) => paths.push(path) }, fast).patch;
    for (let index = 0; index < 20; index++) render(100 + index);
    expect(paths.at(-1)).toBe("fast");
    expect(() => render(140_000)).toThrow(expect.objectContaining({ code: "template-failed" }));
  });

  it("tell how much was spent", () => {
    const budget = limited();
    failure(pod(), budget);
    expect(budget.steps).toBeGreaterThan(0);
    expect(budget.stepsLeft).toBe(reviewLimits.steps - budget.steps);
  });
});
