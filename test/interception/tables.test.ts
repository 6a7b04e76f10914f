import { expect, it } from "vitest";
import {
  checkArguments,
  cleanupArguments,
  decideCni,
  defaultCniPluginConfig,
  defaultEnablementSelectors,
  hostAddress,
  isBroken,
  isCniAgentPod,
  type RepairFilter,
  type RuleText,
  restoreText,
  ruleState,
  splitRanges,
  validateBinary,
  validateLoopbackCidr,
  validateOwnerGroups,
  withoutRepeats,
} from "../../src/interception/index.js";
import { describeRecorded, recordedJson } from "./recorded-case.js";

interface Named {
  readonly name: string;
}

interface CniDecisionCase extends Named {
  readonly pod: {
    readonly namespace: string;
    readonly containers: readonly string[];
    readonly annotations: Record<string, string>;
    readonly labels: Record<string, string>;
    readonly proxyEnv: Record<string, string>;
  };
  readonly namespaceLabels: Record<string, string>;
  readonly plugin: { exclude_namespaces: string[]; ambient_enabled: boolean; enablement_selectors: unknown };
  readonly expect: {
    readonly redirect?: boolean;
    readonly error?: boolean;
    readonly ambientEventPushed?: boolean;
    readonly includeInboundPorts?: string;
    readonly excludeInboundPorts?: string;
    readonly dualStack?: boolean;
  };
}

interface RangeExpectation {
  readonly wildcard?: boolean;
  readonly cidrs?: string[];
}

interface Tables {
  readonly defaultEnablementSelectors: unknown;
  readonly cniDecision: readonly CniDecisionCase[];
  readonly isCniAgentPod: readonly (Named & {
    pluginPodNamespace: string;
    podName: string;
    podNamespace: string;
    expect: boolean;
  })[];
  readonly dedupPorts: readonly (Named & { ports: string[]; expect: string[] })[];
  readonly repairMatch: readonly (Named & {
    filter: RepairFilter;
    annotations: Record<string, string>;
    initContainerStatus: Parameters<typeof isBroken>[2][number];
    expect: boolean;
  })[];
  readonly validateOwnerGroups: readonly (Named & { include: string; expectValid: boolean })[];
  readonly validateLoopbackCidr: readonly (Named & { cidr: string; expectValid: boolean })[];
  readonly validateBinary: readonly (Named & { value: string; expectValid: boolean })[];
  readonly localAddress: readonly (Named & {
    addresses: string[];
    dualStack: boolean;
    expectIPv6: boolean;
  })[];
  readonly splitRanges: readonly (Named & { input: string; v4: RangeExpectation; v6: RangeExpectation })[];
  readonly checkRules: readonly (Named & Record<string, string | string[]>)[];
  readonly cleanupRules: readonly (Named & { rules: string[]; expect: string[] })[];
  readonly stateFromSave: readonly (Named & {
    rules: string[];
    expect: Record<string, Record<string, string[]>>;
  })[];
}

function titled<T extends Named>(cases: readonly T[]): (readonly [string, T])[] {
  return cases.map((each) => [each.name, each] as const);
}

/** `-t table -A chain words…` as a rule. */
function ruleOf(text: string): RuleText {
  const [, table = "", command, chain = "", ...rest] = text.split(" ");
  const position = command === "-I" ? Number(rest[0]) : undefined;
  return position === undefined
    ? { table, chain, words: rest }
    : { table, chain, position, words: rest.slice(1) };
}

/** `0..62` stands for the numbers joined by commas. */
function groups(text: string): string {
  const [, low, high] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (low === undefined || high === undefined) return text;
  return Array.from({ length: Number(high) - Number(low) + 1 }, (_, index) => Number(low) + index).join(",");
}

function accepts(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

describeRecorded("Istio's logic tables", ["tables.json"], () => {
  const tables = recordedJson<Tables>("tables.json");

  it("has the plugin's default enablement selectors", () => {
    expect(defaultEnablementSelectors).toEqual(tables.defaultEnablementSelectors);
  });

  it.each(titled(tables.cniDecision))("decides %s as the CNI plugin does", (_name, each) => {
    const { pod, plugin } = each;
    const env = Object.entries(pod.proxyEnv).map(([name, value]) => ({ name, value }));
    const decision = decideCni(
      {
        podName: "testPod",
        podNamespace: pod.namespace,
        pod: {
          kind: "Pod",
          metadata: { annotations: pod.annotations, labels: pod.labels },
          spec: {
            containers: pod.containers.map((name) => (name === "istio-proxy" ? { name, env } : { name })),
          },
        },
        namespaceLabels: each.namespaceLabels,
        nodeAgentAccepts: each.expect.error !== true,
      },
      {
        ...defaultCniPluginConfig,
        excludeNamespaces: plugin.exclude_namespaces,
        ambientEnabled: plugin.ambient_enabled,
        ...(Array.isArray(plugin.enablement_selectors)
          ? { enablementSelectors: plugin.enablement_selectors }
          : {}),
      },
    );
    if (each.expect.error === true) expect(decision.outcome).toBe("error");
    else expect(decision.outcome).toBe(each.expect.redirect === true ? "redirect" : "leave");
    expect(decision.message).not.toBe("");
    const { ambientEventPushed, includeInboundPorts, excludeInboundPorts, dualStack } = each.expect;
    const settings = decision.capture?.settings;
    if (ambientEventPushed !== undefined) expect(decision.ambientEvent).toBe(ambientEventPushed);
    if (includeInboundPorts !== undefined) expect(settings?.inboundPorts).toBe(includeInboundPorts);
    if (excludeInboundPorts !== undefined) expect(settings?.inboundPortsExclude).toBe(excludeInboundPorts);
    if (dualStack !== undefined) expect(settings?.dualStack).toBe(dualStack);
  });

  it.each(titled(tables.isCniAgentPod))("knows the plugin's own pods: %s", (_name, each) => {
    expect(isCniAgentPod(each.pluginPodNamespace, each.podName, each.podNamespace)).toBe(each.expect);
  });

  it.each(titled(tables.dedupPorts))("removes repeated ports: %s", (_name, each) => {
    expect(withoutRepeats(each.ports)).toEqual(each.expect);
  });

  it.each(titled(tables.repairMatch))("knows pods to repair: %s", (_name, each) => {
    expect(isBroken(each.filter, each.annotations, [each.initContainerStatus])).toBe(each.expect);
  });

  it.each(titled(tables.validateOwnerGroups))("validates owner groups: %s", (_name, each) => {
    expect(accepts(() => validateOwnerGroups(groups(each.include)))).toBe(each.expectValid);
  });

  it.each(titled(tables.validateLoopbackCidr))("validates the loopback CIDR: %s", (_name, each) => {
    expect(accepts(() => validateLoopbackCidr(each.cidr))).toBe(each.expectValid);
  });

  it.each(titled(tables.validateBinary))("validates the forced binary: %s", (_name, each) => {
    expect(accepts(() => validateBinary(each.value))).toBe(each.expectValid);
  });

  it.each(titled(tables.localAddress))("decides about IPv6: %s", (_name, each) => {
    expect(hostAddress(each.addresses, each.dualStack).ipv6).toBe(each.expectIPv6);
  });

  it.each(titled(tables.splitRanges))("splits ranges: %s", (_name, each) => {
    const ranges = splitRanges("ranges", each.input, true);
    expect(ranges.ipv4).toEqual({ wildcard: false, cidrs: [], ...each.v4 });
    expect(ranges.ipv6).toEqual({ wildcard: false, cidrs: [], ...each.v6 });
  });

  it.each(titled(tables.checkRules))("asks for rules: %s", (_name, each) => {
    let asked = 0;
    for (const family of ["", "V4", "V6"]) {
      const [rules, expected] = [each[`rules${family}`], each[`expect${family}`]];
      if (!Array.isArray(rules)) continue;
      asked++;
      expect(checkArguments(rules.map(ruleOf)).map((words) => words.join(" "))).toEqual(expected);
    }
    expect(asked).toBeGreaterThan(0);
  });

  it.each(titled(tables.cleanupRules))("undoes rules: %s", (_name, each) => {
    const undone = cleanupArguments(each.rules.map(ruleOf)).map((words) => words.join(" "));
    expect(undone).toEqual(each.expect);
  });

  it.each(titled(tables.stateFromSave))("reads the state of rules: %s", (_name, each) => {
    const state = ruleState(restoreText(each.rules.map(ruleOf)));
    const plain = Object.fromEntries(
      [...state].map(([table, chains]) => [table, Object.fromEntries(chains)]),
    );
    expect(plain).toEqual(each.expect);
  });
});
