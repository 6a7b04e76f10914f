import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedDefaults } from "../../src/config/index.js";
import { yamlToJson } from "../../src/goyaml/index.js";
import {
  type ConfigText,
  compileConfig,
  type Snapshot,
  type SnapshotInput,
} from "../../src/injection/index.js";
import { isObject, type JsonObject } from "../../src/json/index.js";
import { deepMerge } from "../support/injection-cases.js";
import { root } from "../support/peer.js";

/** A configuration, with and without the fast path, and the lists of templates that pods may ask for. */
export interface World {
  readonly name: string;
  readonly fast: Snapshot;
  readonly slow: Snapshot;
  /** Comma-separated names; undefined stands for the default ones. */
  readonly asked: readonly (string | undefined)[];
}

function readObject({ text }: ConfigText): JsonObject {
  const tree = yamlToJson(text);
  return isObject(tree) ? tree : {};
}

function merged(base: ConfigText, over: JsonObject): JsonObject {
  const tree = deepMerge(readObject(base), over);
  return isObject(tree) ? tree : {};
}

function world(name: string, input: SnapshotInput, asked: World["asked"]): World {
  return {
    name,
    fast: compileConfig(input),
    slow: compileConfig({ ...input, skeletons: false }),
    asked,
  };
}

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const builtIn: SnapshotInput = { injectConfig, values, mesh, templates, nativeSidecars: "false" };

/** Mostly the default, and now and then each of the others, and two at once. */
const builtInAsked: World["asked"] = [
  ...Array.from({ length: 8 }, () => undefined),
  "gateway",
  "grpc-agent",
  "grpc-simple",
  "sidecar,grpc-simple",
  "grpc-agent,gateway",
];

/** The built-in templates in configurations that change what they do. */
export function builtInWorlds(): readonly World[] {
  const of = (name: string, more: Partial<SnapshotInput>, asked = builtInAsked) =>
    world(`built-in templates, ${name}`, { ...builtIn, ...more }, asked);
  const namespace = (name: string, annotations: JsonObject) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, annotations },
  });
  const node = (name: string, kubeletVersion: string) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  });
  const proxyConfig = (name: string, spec: JsonObject, space = "shop") => ({
    apiVersion: "networking.istio.io/v1beta1",
    kind: "ProxyConfig",
    metadata: { name, namespace: space },
    spec,
  });
  return [
    of("sidecars among the containers", {}),
    of("native sidecars", { nativeSidecars: "true" }),
    of("native sidecars where the nodes know them", {
      nativeSidecars: "auto",
      objects: [node("old", "v1.27.0"), node("new", "v1.33.1")],
    }),
    of("CNI plugin, native sidecars", {
      nativeSidecars: "true",
      values: merged(values, { pilot: { cni: { enabled: true } } }),
    }),
    of("CNI by Multus", {
      values: merged(values, {
        pilot: { cni: { enabled: true, provider: "multus" } },
        global: { nativeNftables: true, imagePullSecrets: ["pull"], caAddress: "ca.example.com:15012" },
      }),
    }),
    of("OpenShift", {
      platform: "openshift",
      values: merged(values, { pilot: { cni: { enabled: true, provider: "multus" } } }),
      objects: [
        namespace("shop", {
          "openshift.io/sa.scc.uid-range": "1000620000/10000",
          "openshift.io/sa.scc.supplemental-groups": "1000620000/10000",
        }),
        namespace("default", { "openshift.io/sa.scc.uid-range": "1-9" }),
      ],
    }),
    of("another mesh", {
      mesh: merged(mesh, {
        trustDomain: "td.example.com",
        inboundTrafficPolicy: { mode: "LOCALHOST" },
        enablePrometheusMerge: false,
        defaultConfig: {
          interceptionMode: "TPROXY",
          holdApplicationUntilProxyStarts: true,
          proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true", TEXT: 'it\'s "quoted"' },
          concurrency: 0,
          image: { imageType: "distroless" },
          tracing: { zipkin: { address: "zipkin:9411" } },
        },
        extensionProviders: [
          {
            name: "otel",
            opentelemetry: {
              service: "otel.example.com",
              port: 4317,
              serviceAttributeEnrichment: "OTEL_SEMANTIC_CONVENTIONS",
            },
          },
        ],
      }),
    }),
    of("other values", {
      revision: "canary",
      compliancePolicy: "fips-140-2",
      values: merged(values, {
        revision: "canary",
        global: {
          logAsJson: true,
          meshID: "mesh1",
          network: "net1",
          pilotCertProvider: "kubernetes",
          caName: "GkeWorkloadCertificate",
          mountMtlsCerts: true,
          multiCluster: { clusterName: "east" },
          sts: { servicePort: 15463 },
          proxy: {
            tracer: "datadog",
            lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
            seccompProfile: { type: "RuntimeDefault" },
            resources: { limits: { cpu: null, memory: "2Gi" } },
          },
        },
      }),
    }),
    of("ProxyConfig objects", {
      objects: [
        proxyConfig("all", { concurrency: 4 }, "istio-system"),
        proxyConfig("some", {
          environmentVariables: { SOME: "x y" },
          selector: { matchLabels: { app: "a" } },
        }),
        proxyConfig("image", { image: { imageType: "debug" } }, "default"),
      ],
    }),
    of("Istio's offline path", { strictOffline: true, revision: "" }),
  ];
}

/** A key of a ConfigMap of the fixtures. */
export function fixtureText(file: string, key: string): ConfigText {
  const source = join(root, "test", "fixtures", "istio-configmap", file);
  const data = readObject({ text: readFileSync(source, "utf8"), source }).data;
  const text = isObject(data) ? data[key] : undefined;
  if (typeof text !== "string") throw new Error(`${file} has no key ${key}`);
  return { text, source: `${file}: ${key}` };
}

/** The templates of the fixtures' ConfigMap. */
export function fixtureWorlds(): readonly World[] {
  const input: SnapshotInput = {
    injectConfig: fixtureText("istio-sidecar-injector.yaml", "config"),
    values: fixtureText("istio-sidecar-injector.yaml", "values"),
    mesh: fixtureText("istio.yaml", "mesh"),
    environment: { PILLION_FIXTURE: "seen" },
  };
  const asked = [
    undefined,
    undefined,
    undefined,
    "everything",
    "gateway",
    "grpc-simple,grpc-agent",
    "extras",
  ];
  return [
    world("Istio's ConfigMap", { ...input, nativeSidecars: "false" }, asked),
    world("Istio's ConfigMap, native sidecars", { ...input, nativeSidecars: "true" }, asked),
  ];
}

const oddFolder = join(import.meta.dirname, "templates");

/** The odd templates by name. */
export const oddTemplates: ReadonlyMap<string, ConfigText> = new Map(
  readdirSync(oddFolder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => [
      file.replace(/\.yaml$/, ""),
      { text: readFileSync(join(oddFolder, file), "utf8"), source: file },
    ]),
);

/** The odd templates. */
export function oddWorlds(): readonly World[] {
  const input = { ...builtIn, templates: new Map([...templates, ...oddTemplates]) };
  const names = [...oddTemplates.keys()];
  return [
    world("odd templates alone", input, names),
    world("odd templates alone, once more", { ...input, nativeSidecars: "true" }, names),
    world(
      "an odd template with another, or with the sidecar",
      { ...input, nativeSidecars: "true" },
      names.flatMap((name, index) => [`sidecar,${name}`, `${name},${names[(index + 7) % names.length]}`]),
    ),
  ];
}

/** Every configuration of the suite. */
export function worlds(): readonly World[] {
  return [...builtInWorlds(), ...fixtureWorlds(), ...oddWorlds()];
}
