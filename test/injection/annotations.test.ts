import { describe, expect, it } from "vitest";
import { compileConfig, inject, validatedAnnotations } from "../../src/injection/index.js";

const snapshot = compileConfig({
  injectConfig: { policy: "enabled", templates: { sidecar: "" } },
  values: {},
});

function check(annotations: Record<string, string>): void {
  inject({ metadata: { annotations }, spec: { containers: [] } }, {}, snapshot);
}

const traffic = "traffic.sidecar.istio.io/";
const readiness = "readiness.status.sidecar.istio.io/";

const accepted: readonly (readonly [string, readonly string[]])[] = [
  ["sidecar.istio.io/interceptionMode", ["REDIRECT", "TPROXY", "NONE"]],
  ["status.sidecar.istio.io/port", ["0", "15020", " 80 ", "65535"]],
  [`${readiness}periodSeconds`, ["0", "4294967295"]],
  [`${traffic}includeOutboundIPRanges`, ["*", "", "10.96.0.1/24,127.0.0.1/32", "fd00::/8"]],
  [`${traffic}excludeOutboundIPRanges`, ["", "10.0.0.0/8"]],
  [`${traffic}includeInboundPorts`, ["*", "", " 1, 2 ,65535"]],
  [`${traffic}excludeInboundPorts`, ["", "1,2"]],
  [`${traffic}excludeOutboundPorts`, ["", "1,2"]],
  [`${traffic}includeOutboundPorts`, ["anything"]],
  [`${traffic}excludeInterfaces`, ["", "eth0, br-1.2_x"]],
  ["prometheus.istio.io/merge-metrics", ["1", "t", "FALSE"]],
  ["proxy.istio.io/config", ["concurrency: 0", '{"proxyMetadata":{"A":"b"}}', "unknownField: 1"]],
  ["sidecar.istio.io/proxyCPU", ["100m", "128Mi", "2", "1Gi"]],
];

const refused: readonly (readonly [string, string, string])[] = [
  [
    "sidecar.istio.io/interceptionMode",
    "redirect",
    "interceptionMode invalid, use REDIRECT,TPROXY,NONE: redirect",
  ],
  ["status.sidecar.istio.io/port", "65536", "excludeInboundPorts invalid: failed parsing port '65536'"],
  ["status.sidecar.istio.io/port", "", "excludeInboundPorts invalid: failed parsing port ''"],
  [`${readiness}initialDelaySeconds`, "-1", 'strconv.ParseUint: parsing "-1": invalid syntax'],
  [`${readiness}failureThreshold`, "4294967296", "value out of range"],
  [`${traffic}includeOutboundIPRanges`, "bad", "includeIPRanges invalid: failed parsing cidr 'bad'"],
  [`${traffic}includeOutboundIPRanges`, "10.0.0.0/8, 10.1.0.0/16", "failed parsing cidr ' 10.1.0.0/16'"],
  [`${traffic}excludeOutboundIPRanges`, "*", "excludeIPRanges invalid: failed parsing cidr '*'"],
  [`${traffic}includeInboundPorts`, "1,", "includeInboundPorts invalid: failed parsing port ''"],
  [`${traffic}excludeInboundPorts`, "*", "excludeInboundPorts invalid: failed parsing port '*'"],
  [`${traffic}excludeOutboundPorts`, "bad", "excludeOutboundPorts invalid: failed parsing port 'bad'"],
  [`${traffic}excludeInterfaces`, "eth0,,eth1", "empty interface name"],
  [
    `${traffic}kubevirtInterfaces`,
    "a234567890123456",
    'interface name "a234567890123456" too long (max 15 chars)',
  ],
  ["istio.io/reroute-virtual-interfaces", "eth 0", 'interface name "eth 0" contains invalid characters'],
  ["prometheus.istio.io/merge-metrics", "yes", 'strconv.ParseBool: parsing "yes": invalid syntax'],
  ["proxy.istio.io/config", "concurrency: many", "failed to convert to apply proxy config"],
  ["proxy.istio.io/config", "statusPort: 70000", "statusPort"],
  ["sidecar.istio.io/proxyCPU", "invalid", "quantities must match"],
  ["sidecar.istio.io/proxyMemory", "", "quantities must match"],
  ["sidecar.istio.io/proxyCPULimit", "1\n", "value contains control characters"],
  ["sidecar.istio.io/proxyMemoryLimit", "1\u0000", "value contains control characters"],
];

describe("validation of annotations", () => {
  it.each(accepted.flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    "accepts %s: %j",
    (name, value) => {
      check({ [name]: value });
    },
  );

  it.each(refused)("refuses %s: %j", (name, value, cause) => {
    expect(() => check({ [name]: value })).toThrow(`invalid value '${value}' for annotation '${name}': `);
    expect(() => check({ [name]: value })).toThrow(cause);
  });

  it("says one error and several as Istio does, in the order of the names", () => {
    const one = { "sidecar.istio.io/interceptionMode": "x" };
    const cause =
      "invalid value 'x' for annotation 'sidecar.istio.io/interceptionMode': interceptionMode invalid, use REDIRECT,TPROXY,NONE: x";
    expect(() => check(one)).toThrow(`1 error occurred:\n\t* ${cause}\n\n`);
    const two = { ...one, "prometheus.istio.io/merge-metrics": "x" };
    expect(() => check(two)).toThrow(
      `2 errors occurred:\n\t* invalid value 'x' for annotation 'prometheus.istio.io/merge-metrics': strconv.ParseBool: parsing "x": invalid syntax\n\t* ${cause}\n\n`,
    );
  });

  it("looks at every annotation that the table here has rows for", () => {
    const tested = new Set(refused.map(([name]) => name));
    const families = new Set(validatedAnnotations.filter((name) => !tested.has(name)));
    expect([...families]).toEqual([`${readiness}periodSeconds`]);
  });
});
