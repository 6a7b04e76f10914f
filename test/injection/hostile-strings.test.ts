import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import {
  compileConfig,
  InjectionError,
  inject,
  knownAnnotations,
  type Snapshot,
} from "../../src/injection/index.js";
import { isObject, type JsonObject, type JsonValue, setOwn } from "../../src/json/index.js";

function snapshotOf(nativeSidecars: "true" | "false", cni: boolean): Snapshot {
  const base = {
    injectConfig: embeddedDefaults.injectConfig,
    templates: embeddedDefaults.templates,
    nativeSidecars,
  };
  const { loose } = compileConfig({ ...base, values: embeddedDefaults.values }).values;
  const pilot = isObject(loose.pilot) ? loose.pilot : {};
  return compileConfig({ ...base, values: { ...loose, pilot: { ...pilot, cni: { enabled: cni } } } });
}

const snapshots = [snapshotOf("false", false), snapshotOf("true", false), snapshotOf("true", true)];

/** Annotations whose values are structured on purpose, or are what injection itself writes. */
const structured = new Set([
  "sidecar.istio.io/userVolume",
  "sidecar.istio.io/userVolumeMount",
  "proxy.istio.io/config",
  "proxy.istio.io/overrides",
  "sidecar.istio.io/status",
]);
const annotations = [
  ...knownAnnotations,
  "prometheus.io/path",
  "prometheus.io/port",
  "k8s.v1.cni.cncf.io/networks",
  "resource.opentelemetry.io/service.version",
  "example.com/any",
];
const labels = [
  "app",
  "version",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "service.istio.io/canonical-name",
  "service.istio.io/canonical-revision",
  "service.istio.io/workload-name",
  "security.istio.io/tlsMode",
  "topology.istio.io/network",
  "example.com/any",
];

/** A place of a pod that its author controls; writes a text there. */
interface Place {
  readonly name: string;
  readonly write: (
    pod: {
      metadata: JsonObject;
      container: JsonObject;
      spec: JsonObject;
      annotations: JsonObject;
      labels: JsonObject;
    },
    text: string,
  ) => void;
}

const places: readonly Place[] = [
  ...annotations
    .filter((name) => !structured.has(name))
    .map((name): Place => ({ name, write: (pod, text) => setOwn(pod.annotations, name, text) })),
  ...labels.map((name): Place => ({ name, write: (pod, text) => setOwn(pod.labels, name, text) })),
  { name: "name", write: ({ metadata }, text) => setOwn(metadata, "name", text) },
  { name: "namespace", write: ({ metadata }, text) => setOwn(metadata, "namespace", text) },
  { name: "container name", write: ({ container }, text) => setOwn(container, "name", text) },
  { name: "image", write: ({ container }, text) => setOwn(container, "image", text) },
  {
    name: "port name",
    write: ({ container }, text) => setOwn(container, "ports", [{ name: text, containerPort: 80 }]),
  },
  {
    name: "env value",
    write: ({ container }, text) => setOwn(container, "env", [{ name: "A", value: text }]),
  },
  { name: "service account", write: ({ spec }, text) => setOwn(spec, "serviceAccountName", text) },
];

function podWith(place: Place, text: string, template: string): JsonObject {
  const container: JsonObject = {
    name: "app",
    image: "i:1",
    readinessProbe: { httpGet: { path: "/", port: 80 } },
  };
  const spec: JsonObject = { containers: [container] };
  const metadata: JsonObject = { name: "p", namespace: "shop" };
  const maps = {
    annotations: { "inject.istio.io/templates": template } as JsonObject,
    labels: { app: "web" } as JsonObject,
  };
  place.write({ metadata, container, spec, ...maps }, text);
  return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, ...maps }, spec };
}

/** The paths of a tree: what its structure is, whatever its texts are. */
function paths(value: JsonValue, at = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => paths(item, `${at}/${index}`));
  if (!isObject(value)) return [at];
  return Object.entries(value).flatMap(([key, item]) => paths(item, `${at}/${key}`));
}

/** What became of a pod: its paths, or the error. */
function outcome(place: Place, text: string, template: string, snapshot: Snapshot): string | InjectionError {
  try {
    const { decision, pod } = inject(podWith(place, text, template), {}, snapshot);
    return `${decision} ${[...paths(pod)].sort().join(" ")}`;
  } catch (error) {
    if (error instanceof InjectionError) return error;
    throw error;
  }
}

/** Harmless texts, of which each place accepts at least one where it accepts any. */
const harmless = ["placeholder", "1", "100m", "true", "a/b", "REDIRECT", "10.0.0.0/8", ""];

const hostile = fc.oneof(
  fc.constantFrom(
    'a"b',
    "a\nb: c",
    'x"\n      hostNetwork: true\n#',
    "a: b",
    "a #b",
    "{{ .X }}",
    '{{ template "x" }}',
    "$(FOO)",
    "é😀\u2028\u0085",
    "\\",
    "'",
    "- x",
    "*a",
    "&a b",
    "!!int 3",
    "on",
    "1.0",
    "null",
    "a\tb",
    "a\r\nb",
    "[",
    "{a: b}",
    "]",
    "|",
    ">-",
    "---",
    "...",
    "\u0000",
    "x".repeat(3000),
  ),
  fc.string({ maxLength: 30, unit: "binary" }),
  fc
    .array(fc.constantFrom('"', "'", "\n", ": ", " #", "{{", "}}", "$(", "\\", "- ", "  ", "a", "é"), {
      maxLength: 12,
    })
    .map((parts) => parts.join("")),
);

describe("hostile strings", () => {
  it("change values and never the structure, or are refused by an error that names where they stand", () => {
    const prometheus = /^invalid prometheus scrape|prometheus-invalid/;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        hostile,
        fc.constantFrom("sidecar", "gateway", "grpc-agent", "grpc-simple"),
        fc.constantFrom(...snapshots),
        (place, text, template, snapshot) => {
          const done = outcome(place, text, template, snapshot);
          if (done instanceof InjectionError) {
            expect(done.code).not.toBe("internal");
            expect(
              done.message.includes(place.name) ||
                prometheus.test(done.code) ||
                place.name === "inject.istio.io/templates",
            ).toBe(true);
            return;
          }
          const plain = harmless.map((one) => outcome(place, one, template, snapshot));
          expect(plain).toContain(done);
        },
      ),
      { numRuns: 400 },
    );
  });
});
