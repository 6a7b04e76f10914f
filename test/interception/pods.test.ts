import { describe, expect, it } from "vitest";
import {
  annotationNames,
  type CniDecision,
  contradictions,
  decideCni,
  defaultCniPluginConfig,
  InterceptionError,
  injectorDefaults,
  plan,
  planRecords,
  podSettings,
} from "../../src/interception/index.js";

const host = { ipv6: false, dnsServersV4: [], dnsServersV6: [] };

interface PodOptions {
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly containers?: readonly unknown[];
  readonly initContainers?: readonly unknown[];
  readonly spec?: Record<string, unknown>;
}

function pod({ annotations, labels, containers, initContainers, spec }: PodOptions = {}): unknown {
  return {
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", annotations, labels },
    spec: { containers: containers ?? [{ name: "app" }], initContainers, ...spec },
  };
}

const proxy = { name: "istio-proxy", args: ["proxy", "sidecar"] };

describe("the settings of a pod", () => {
  it("are the injector's defaults for a pod not injected yet", () => {
    const { arguments: words, mode, injected } = podSettings(pod());
    expect(words?.join(" ")).toBe(
      "-p 15001 -z 15006 -u 1337 -m REDIRECT -i * -x  -b * -d 15090,15021,15020 --log_output_level=default:info",
    );
    expect({ mode, injected }).toEqual({ mode: "init", injected: false });
  });

  it("take annotations over the mesh's defaults, and say so", () => {
    const { settings, origins } = podSettings(
      pod({
        annotations: {
          [annotationNames.excludeInboundPorts]: "80, ,90",
          [annotationNames.includeOutboundPorts]: "",
          [annotationNames.kubevirtInterfaces]: "old0",
          [annotationNames.rerouteVirtualInterfaces]: "new0",
          [annotationNames.statusPort]: "0",
        },
      }),
    );
    expect(settings.inboundPortsExclude).toBe("15090,15021,80, ,90");
    expect(settings.rerouteInterfaces).toBe("new0");
    expect(origins.get("rerouteInterfaces")).toBe("annotation istio.io/reroute-virtual-interfaces");
    expect(origins.get("outboundPorts")).toBe("annotation traffic.sidecar.istio.io/includeOutboundPorts");
  });

  it("are those of istio-init's arguments and environment once it is there", () => {
    const init = {
      name: "istio-init",
      args: ["istio-iptables", "-u", "1", "-b", "80"],
      env: [{ name: "INVALID_DROP", value: "true" }],
    };
    const { settings, injected } = podSettings(
      pod({ containers: [{ name: "app" }, proxy], initContainers: [init] }),
    );
    expect(settings).toMatchObject({ proxyUids: "1", proxyGids: "1", inboundPorts: "80", dropInvalid: true });
    expect(injected).toBe(true);
  });

  it("are those the CNI plugin takes where istio-validation is", () => {
    const { settings, mode } = podSettings(
      pod({ containers: [{ name: "app" }], initContainers: [{ name: "istio-validation" }, proxy] }),
    );
    expect(mode).toBe("cni");
    expect(settings).toMatchObject({
      inboundPortsExclude: "15020,15021,15090",
      outboundPortsExclude: "15020",
    });
  });

  it("are the plugin's for a pod to be injected where CNI is enabled", () => {
    const { settings } = podSettings(pod(), {
      ...injectorDefaults,
      cniEnabled: true,
      proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" },
    });
    expect(settings).toMatchObject({ redirectDns: true, captureAllDns: true, outboundPortsExclude: "15020" });
  });

  it("are found in the template of a workload", () => {
    const template = {
      metadata: { annotations: { [annotationNames.includeInboundPorts]: "1" } },
      spec: { containers: [] },
    };
    expect(podSettings({ kind: "Deployment", spec: { template } }).settings.inboundPorts).toBe("1");
    const cronJob = { kind: "CronJob", spec: { jobTemplate: { spec: { template } } } };
    expect(podSettings(cronJob).settings.inboundPorts).toBe("1");
  });

  it.each([[null], ["text"], [{}], [[]], [{ kind: "Pod" }]])("are a clear error for %j", (value) => {
    expect(() => podSettings(value)).toThrow(InterceptionError);
  });

  it("name the annotation that caused a rule", () => {
    const capture = podSettings(pod({ annotations: { [annotationNames.excludeOutboundPorts]: "443" } }));
    const { ipv4 } = planRecords(plan(capture.settings, host), capture.origins);
    const rule = ipv4.find(
      (record) => record.printed === "-A ISTIO_OUTPUT -p tcp -m tcp --dport 443 -j RETURN",
    );
    expect(rule?.causes).toEqual(["annotation traffic.sidecar.istio.io/excludeOutboundPorts"]);
    expect(rule?.purpose).toBe("leaves outbound TCP port 443 alone");
  });
});

describe("the CNI plugin's decision", () => {
  const good = pod({ annotations: { [annotationNames.status]: "" }, containers: [{ name: "app" }, proxy] });
  const decide = (given: unknown, more: Partial<Parameters<typeof decideCni>[0]> = {}): CniDecision =>
    decideCni({ podName: "web", podNamespace: "shop", pod: given, namespaceLabels: {}, ...more });

  it("redirects an injected pod, even with an empty status", () => {
    expect(decide(good).outcome).toBe("redirect");
  });

  it.each([
    ["no-pod", decide(good, { podName: "" })],
    ["excluded-namespace", decide(good, { podNamespace: "kube-system" })],
    ["pod-unreadable", decide(undefined)],
    ["istio-init", decide(pod({ containers: [proxy], initContainers: [{ name: "istio-init" }] }))],
    [
      "envoy-disabled",
      decide(pod({ containers: [{ ...proxy, env: [{ name: "DISABLE_ENVOY", value: "T" }] }] })),
    ],
    ["no-proxy", decide(pod({ annotations: { [annotationNames.status]: "x" } }))],
    ["not-a-sidecar", decide(pod({ containers: [{ name: "istio-proxy", args: ["proxy", "router"] }] }))],
    [
      "inject-false",
      decide(
        pod({
          containers: [proxy],
          labels: { [annotationNames.inject]: "false" },
          annotations: { [annotationNames.inject]: "true" },
        }),
      ),
    ],
    ["not-injected", decide(pod({ containers: [proxy] }))],
    [
      "annotation-invalid",
      decide(
        pod({
          containers: [proxy],
          annotations: { [annotationNames.status]: "", [annotationNames.interceptionMode]: "NONE" },
        }),
      ),
    ],
  ] as const)("says %s", (reason, decision) => {
    expect(decision.reason).toBe(reason);
    expect(decision.outcome).toBe(
      reason === "pod-unreadable" || reason === "annotation-invalid" ? "error" : "leave",
    );
  });

  it("fails where ambient mode cannot be decided and must be retried", () => {
    const config = { ...defaultCniPluginConfig, ambientEnabled: true, ambientDetectionRetry: true };
    const request = { podName: "web", podNamespace: "shop", pod: good, namespaceLabels: undefined };
    expect(decideCni(request, config)).toMatchObject({ outcome: "error", reason: "ambient-unknown" });
    expect(decideCni(request, { ...config, ambientDetectionRetry: false }).outcome).toBe("redirect");
  });

  it.each([
    ["includeInboundPorts", "80,,90"],
    ["includeInboundPorts", "65536"],
    ["excludeInboundPorts", "*"],
    ["includeOutboundIPRanges", "10.0.0.0/8, 11.0.0.0/8"],
    ["excludeOutboundIPRanges", "*"],
    ["excludeInterfaces", "0eth"],
    ["rerouteVirtualInterfaces", "an-interface-too-long"],
  ] as const)("is an error for %s %j", (name, value) => {
    const annotations = { [annotationNames.status]: "", [annotationNames[name]]: value };
    expect(decide(pod({ containers: [proxy], annotations })).reason).toBe("annotation-invalid");
  });

  it("allows blanks round ports", () => {
    const annotations = { [annotationNames.status]: "", [annotationNames.includeInboundPorts]: " 80 , 90" };
    expect(decide(pod({ containers: [proxy], annotations })).capture?.settings.inboundPorts).toBe("80,90");
  });
});

describe("contradictions in a pod's settings", () => {
  const codes = (value: unknown, defaults = injectorDefaults) =>
    contradictions(value, defaults).map(({ code }) => code);
  const annotated = (annotations: Record<string, string>) => pod({ annotations });

  it("are none in an ordinary pod, injected or not", () => {
    expect(codes(pod())).toEqual([]);
    expect(codes(pod({ containers: [{ name: "app", livenessProbe: { httpGet: { port: 80 } } }] }))).toEqual(
      [],
    );
  });

  it.each([
    ["application-is-proxy", pod({ containers: [{ name: "app", securityContext: { runAsUser: 1337 } }] })],
    ["application-is-proxy", pod({ spec: { securityContext: { runAsGroup: 1337 } } })],
    ["include-has-loopback", annotated({ [annotationNames.includeOutboundIPRanges]: "127.0.0.0/8" })],
    [
      "excludes-ignored",
      annotated({ [annotationNames.includeInboundPorts]: "80", [annotationNames.excludeInboundPorts]: "90" }),
    ],
    ["impossible-interface", annotated({ [annotationNames.excludeInterfaces]: "a-name-that-is-too-long" })],
    [
      "tproxy-captures-tunnel",
      pod({
        annotations: { [annotationNames.interceptionMode]: "TPROXY" },
        labels: { "networking.istio.io/tunnel": "http" },
      }),
    ],
    [
      "excluded-probe-port",
      pod({
        annotations: { [annotationNames.excludeInboundPorts]: "8080" },
        containers: [
          {
            name: "app",
            ports: [{ name: "web", containerPort: 8080 }],
            livenessProbe: { httpGet: { port: "web" } },
          },
        ],
      }),
    ],
    [
      "excluded-probe-port",
      pod({
        annotations: { [annotationNames.includeInboundPorts]: "8080,15020" },
        containers: [{ name: "app", livenessProbe: { httpGet: { port: 8080 } } }],
      }),
    ],
  ] as const)("include %s", (code, value) => {
    expect(codes(value)).toEqual([code]);
  });

  it("include what only the mesh's settings bring about", () => {
    const metadata = (proxyMetadata: Record<string, string>) => ({ ...injectorDefaults, proxyMetadata });
    const groups = Array.from({ length: 50 }, (_, index) => index).join(",");
    expect(codes(pod(), metadata({ ISTIO_OUTBOUND_OWNER_GROUPS: groups }))).toEqual([
      "too-many-owner-groups",
    ]);
    expect(codes(pod(), metadata({ ISTIO_OUTBOUND_OWNER_GROUPS: groups.replace(",49", "") }))).toEqual([]);
    expect(codes(pod(), metadata({ ISTIO_OUTBOUND_OWNER_GROUPS: "" }))).toEqual(["owner-groups-empty"]);
    const cni = { ...injectorDefaults, cniEnabled: true };
    expect(codes(annotated({ [annotationNames.interceptionMode]: "NONE" }), cni)).toEqual(["none-with-cni"]);
    expect(codes(annotated({ [annotationNames.interceptionMode]: "NONE" }))).toEqual([]);
  });

  it("include a gid of the proxy that init mode does not spare", () => {
    const init = { name: "istio-init", args: ["istio-iptables", "-u", "1000670000"] };
    const own = { ...proxy, securityContext: { runAsUser: 1000670000, runAsGroup: 1000670001 } };
    expect(codes(pod({ containers: [{ name: "app" }, own], initContainers: [init] }))).toEqual([
      "proxy-gid-not-spared",
    ]);
  });

  it("are short enough for an admission warning, and never throw", () => {
    const long = annotated({ [annotationNames.excludeInterfaces]: "x".repeat(500) });
    for (const { message } of contradictions(long)) expect(message.length).toBeLessThanOrEqual(256);
    expect(contradictions(undefined)).toEqual([]);
    expect(codes(pod({ initContainers: [{ name: "istio-init", args: ["--nonsense"] }] }))).toEqual([
      "settings-unreadable",
    ]);
  });
});
