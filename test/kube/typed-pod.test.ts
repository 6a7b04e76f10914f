import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/json/index.js";
import {
  decode,
  decodeContainers,
  decodePartialPod,
  decodePod,
  goOrderedJson,
  KubeError,
  normalizePod,
  type StructSchema,
  schemaOf,
  structSchema,
} from "../../src/kube/index.js";

function refusal(pod: JsonValue): KubeError {
  try {
    decodePod(pod);
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
  throw new Error("it was decoded");
}

const container = (fields: Record<string, JsonValue>): JsonValue => ({ spec: { containers: [fields] } });
const cannot = (what: string) => `json: cannot unmarshal ${what}`;

/** All structs that a struct leads to. */
function reachable(schema: StructSchema, seen = new Map<string, StructSchema>()): Map<string, StructSchema> {
  seen.set(schema.name, schema);
  for (const { type } of schema.fields) {
    const inner = type.element ?? type;
    if (inner.kind === "struct" && !seen.has(inner.structName ?? "")) reachable(schemaOf(inner), seen);
  }
  return seen;
}

describe("the pod schema", () => {
  it("has every struct that its fields name, and no field twice", () => {
    const pod = structSchema("Pod");
    const structs = pod === undefined ? [] : [...reachable(pod).values()];
    expect(structs.length).toBeGreaterThan(100);
    for (const { fields, name } of structs) {
      expect([name, new Set(fields.map((field) => field.jsonName)).size]).toEqual([name, fields.length]);
      expect(new Set(fields.map((field) => field.goName)).size).toBe(fields.length);
    }
    expect(structSchema("toString")).toBeUndefined();
  });

  it("knows Go's names and types", () => {
    const field = (struct: string, name: string) => {
      const { goName, type } = structSchema(struct)?.field(name) ?? {};
      return `${goName} ${type?.goType}`;
    };
    expect(field("ContainerPort", "hostIP")).toBe("HostIP string");
    expect(field("ContainerPort", "protocol")).toBe("Protocol v1.Protocol");
    expect(field("ObjectMeta", "uid")).toBe("UID types.UID");
    expect(field("Probe", "httpGet")).toBe("HTTPGet *v1.HTTPGetAction");
    expect(field("Volume", "csi")).toBe("CSI *v1.CSIVolumeSource");
    expect(field("PodSecurityContext", "fsGroup")).toBe("FSGroup *int64");
    expect(field("PodSecurityContext", "seLinuxOptions")).toBe("SELinuxOptions *v1.SELinuxOptions");
    expect(field("PodSpec", "serviceAccount")).toBe("DeprecatedServiceAccount string");
    expect(field("PodStatus", "qosClass")).toBe("QOSClass v1.PodQOSClass");
    expect(field("ResourceRequirements", "limits")).toBe("Limits v1.ResourceList");
    expect(structSchema("Pod")?.field("metadata")).toMatchObject({ goName: "ObjectMeta", embedded: true });
    expect(structSchema("EphemeralContainer")?.inlined).toEqual(["EphemeralContainerCommon"]);
  });

  it("lists the fields of a container as Go prints them", () => {
    expect(
      structSchema("Container")
        ?.fields.map((field) => field.jsonName)
        .join(", "),
    ).toBe(
      "name, image, command, args, workingDir, ports, envFrom, env, resources, resizePolicy, restartPolicy, " +
        "restartPolicyRules, volumeMounts, volumeDevices, livenessProbe, readinessProbe, startupProbe, lifecycle, " +
        "terminationMessagePath, terminationMessagePolicy, imagePullPolicy, securityContext, stdin, stdinOnce, tty",
    );
  });
});

describe("decoding a pod", () => {
  it.each<[JsonValue, string, string]>([
    [
      container({ env: [{ name: "A", value: 5 }] }),
      `${cannot("number")} into Go struct field EnvVar.spec.containers.env.value of type string`,
      "spec.containers[0].env[0].value",
    ],
    [
      container({ ports: [{ containerPort: "80" }] }),
      `${cannot("string")} into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32`,
      "spec.containers[0].ports[0].containerPort",
    ],
    [
      container({ ports: [{ containerPort: 3e9 }] }),
      `${cannot("number 3000000000")} into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32`,
      "spec.containers[0].ports[0].containerPort",
    ],
    [
      container({ securityContext: { runAsUser: 1.5 } }),
      `${cannot("number 1.5")} into Go struct field SecurityContext.spec.containers.securityContext.runAsUser of type int64`,
      "spec.containers[0].securityContext.runAsUser",
    ],
    [
      container({ imagePullPolicy: true }),
      `${cannot("bool")} into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy`,
      "spec.containers[0].imagePullPolicy",
    ],
    [
      container({ readinessProbe: { httpGet: { port: [] } } }),
      `${cannot("array")} into Go struct field HTTPGetAction.spec.containers.readinessProbe.httpGet.port of type int32`,
      "spec.containers[0].readinessProbe.httpGet.port",
    ],
    [
      { spec: { containers: { name: "a" } } },
      `${cannot("object")} into Go struct field PodSpec.spec.containers of type []v1.Container`,
      "spec.containers",
    ],
    [
      { metadata: { labels: { a: 1 } } },
      `${cannot("number")} into Go struct field ObjectMeta.metadata.labels of type string`,
      "metadata.labels.a",
    ],
    [
      { metadata: { labels: ["a"] } },
      `${cannot("array")} into Go struct field ObjectMeta.metadata.labels of type map[string]string`,
      "metadata.labels",
    ],
    [{ spec: "x" }, `${cannot("string")} into Go struct field Pod.spec of type v1.PodSpec`, "spec"],
    [[], `${cannot("array")} into Go value of type v1.Pod`, ""],
    [
      { metadata: { creationTimestamp: "x" } },
      'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
      "metadata.creationTimestamp",
    ],
    [
      { spec: { overhead: { cpu: "x" } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      "spec.overhead.cpu",
    ],
  ])("refuses %j in Go's words", (pod, message, path) => {
    expect(refusal(pod)).toMatchObject({ message, path });
  });

  it("gives back the very same tree when nothing is to change", () => {
    const pod = {
      metadata: { labels: { a: "1" } },
      spec: { containers: [{ name: "a", unknown: { x: null } }] },
    };
    expect(decodePod(pod)).toBe(pod);
  });

  it("puts names right, drops nulls and keeps what it does not know", () => {
    const pod = {
      SPEC: {
        Containers: [{ nAME: "a", image: null, args: [null, "x"], novelty: { a: null } }, null],
        nodeName: "n",
      },
      metadata: { labels: { a: null, __proto__x: "1" } },
      Extra: 1,
    };
    const before = structuredClone(pod);
    expect(decodePod(pod)).toEqual({
      spec: { containers: [{ name: "a", args: ["", "x"], novelty: { a: null } }, {}], nodeName: "n" },
      metadata: { labels: { a: "", __proto__x: "1" } },
      Extra: 1,
    });
    expect(pod).toEqual(before);
  });

  it("prefers a right name to one in other letter case", () => {
    expect(decode("Container", { NAME: "b", name: "a" })).toEqual({ NAME: "b", name: "a" });
  });

  it("turns quantities that are numbers into text", () => {
    expect(decodePod({ spec: { overhead: { cpu: 2, memory: 0.5, x: "1000m" } } })).toEqual({
      spec: { overhead: { cpu: "2", memory: "500m", x: "1000m" } },
    });
  });

  it("takes integers that a double cannot hold", () => {
    expect(decodePod({ metadata: { generation: 9223372036854775807n } })).toEqual({
      metadata: { generation: 9223372036854775807n },
    });
    expect(refusal({ metadata: { generation: 9223372036854775808n } }).message).toContain(
      "number 9223372036854775808",
    );
  });

  it("keeps nulls and directives of a partial pod", () => {
    const partial: JsonValue = {
      metadata: { labels: { a: null, $patch: "replace" }, "$deleteFromPrimitiveList/finalizers": ["a"] },
      spec: {
        nodeName: null,
        containers: [{ $patch: "delete", name: "a" }],
        "$setElementOrder/containers": [],
      },
    };
    expect(decodePartialPod(partial)).toBe(partial);
    expect(() => decodePartialPod({ spec: { nodeName: 1 } })).toThrow(KubeError);
  });

  it("reads lists of containers", () => {
    expect(decodeContainers(undefined)).toEqual([]);
    expect(decodeContainers(null)).toEqual([]);
    expect(decodeContainers([{ NAME: "a" }])).toEqual([{ name: "a" }]);
    expect(() => decodeContainers({})).toThrow(
      "json: cannot unmarshal object into Go value of type []v1.Container",
    );
  });
});

describe("encoding as Go does", () => {
  /** Recorded by decoding and encoding with k8s.io/api v0.36.1. */
  it.each<[string, JsonValue, string]>([
    ["Container", {}, '{"name":"","resources":{}}'],
    [
      "Container",
      {
        livenessProbe: { grpc: { port: 5 } },
        env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } }],
      },
      '{"name":"","env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"0"}}}],"resources":{},"livenessProbe":{"grpc":{"port":5,"service":null}}}',
    ],
    [
      "Container",
      {
        resources: { limits: { memory: "1.5Gi", cpu: 2.5 }, requests: {} },
        tty: false,
        args: [],
        securityContext: { runAsUser: 0, privileged: false },
        name: "<a>&\u2028",
        image: "",
      },
      '{"name":"\\u003ca\\u003e\\u0026\\u2028","resources":{"limits":{"cpu":"2500m","memory":"1536Mi"}},"securityContext":{"privileged":false,"runAsUser":0}}',
    ],
    ["Pod", null, '{"metadata":{},"spec":{"containers":null},"status":{}}'],
    [
      "HTTPGetAction",
      { scheme: "HTTP", port: "http", path: "/" },
      '{"path":"/","port":"http","scheme":"HTTP"}',
    ],
    ["TCPSocketAction", { host: "h" }, '{"port":0,"host":"h"}'],
    ["VolumeMount", { mountPath: "/a", name: "v", readOnly: false }, '{"name":"v","mountPath":"/a"}'],
    [
      "PodStatus",
      { conditions: [{ type: "Ready", lastTransitionTime: "2024-01-02T03:04:05.6+02:00" }] },
      '{"conditions":[{"type":"Ready","status":"","lastProbeTime":null,"lastTransitionTime":"2024-01-02T01:04:05Z"}]}',
    ],
    [
      "ObjectMeta",
      { labels: { b: "1", a: "2", "10": "3", "9": "4" } },
      '{"labels":{"10":"3","9":"4","a":"2","b":"1"}}',
    ],
    [
      "ObjectMeta",
      { managedFields: [{ fieldsV1: { b: 1, a: {} } }] },
      '{"managedFields":[{"fieldsV1":{"b":1,"a":{}}}]}',
    ],
  ])("prints a %s of %j", (name, value, text) => {
    expect(goOrderedJson(name, value)).toBe(text);
  });

  it("puts what it does not know at the end, sorted", () => {
    expect(goOrderedJson("VolumeMount", { z: { y: 1, b: "<" }, mountPath: "/a", k: 1, name: "v" })).toBe(
      '{"name":"v","mountPath":"/a","k":1,"z":{"b":"\\u003c","y":1}}',
    );
  });

  it("normalizes a pod to what the encoder would leave of it", () => {
    const pod = {
      metadata: { labels: {}, creationTimestamp: null },
      spec: {
        hostNetwork: false,
        containers: [{ name: "a", args: [], resources: { limits: { cpu: "1000m" } }, extra: [] }],
      },
    };
    const normal = {
      metadata: {},
      spec: { containers: [{ name: "a", resources: { limits: { cpu: "1" } }, extra: [] }] },
      status: {},
    };
    expect(normalizePod(pod)).toEqual(normal);
    expect(normalizePod(normal)).toEqual(normal);
    expect(JSON.stringify(normalizePod(pod))).toBe(goOrderedJson("Pod", pod));
  });
});
