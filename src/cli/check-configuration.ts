import { GoTemplateError } from "../gotemplate/index.js";
import {
  ConfigError,
  compileConfig,
  InjectionError,
  inject,
  type Snapshot,
  type SnapshotInput,
} from "../injection/index.js";
import { isObject, type JsonObject, setOwn } from "../json/index.js";
import { configTemplates } from "./config-templates.js";
import { type SamplePod, samplePods } from "./sample-pods.js";
import { locateTemplate } from "./template-source.js";

/** Something wrong with a configuration, and where. */
export interface ConfigFinding {
  readonly code: string;
  readonly message: string;
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
  readonly template?: string;
  /** The samples that brought it up, such as `probes (CNI)`; empty when it shows without a pod. */
  readonly samples: readonly string[];
}

/** What the check found, and what it did. */
export interface ConfigReport {
  readonly findings: readonly ConfigFinding[];
  readonly warnings: readonly string[];
  readonly templates: readonly string[];
  readonly renderings: number;
}

/** Templates of Istio's config that make gateways and waypoints of their own; the pod injector never runs them. */
const otherTemplates = new Set(["waypoint", "kube-gateway", "agentgateway", "agentgateway-waypoint"]);

/** Checks a whole configuration: compiles it, and injects pods of every shape with every template. */
export function checkConfiguration(input: SnapshotInput): ConfigReport {
  try {
    return renderAll(compileConfig(input), input);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const found = [configFinding(error, input), ...templateFindings(input)];
    const findings = [...new Map(found.map((one) => [one.message, one])).values()];
    return { findings, warnings: [], templates: [], renderings: 0 };
  }
}

/** The faults of every template: loading stops at the first. */
function templateFindings(input: SnapshotInput): readonly ConfigFinding[] {
  let texts: ReadonlyMap<string, string>;
  try {
    texts = configTemplates(input);
  } catch {
    return [];
  }
  return [...texts].flatMap(([name, text]) => {
    const source = input.templates?.get(name)?.source ?? name;
    const templates = new Map([[name, { text, source }]]);
    try {
      compileConfig({ injectConfig: { policy: "enabled" }, values: {}, templates });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError) || !(error.cause instanceof GoTemplateError)) return [];
      return [
        atTemplate(input, name, error.cause, { code: error.code, message: error.message, samples: [] }),
      ];
    }
  });
}

function configFinding(error: ConfigError, input: SnapshotInput): ConfigFinding {
  const base = { code: error.code, message: error.message, samples: [] };
  if (error.cause instanceof GoTemplateError)
    return atTemplate(input, error.cause.template, error.cause, base);
  const { source, line, column, key } = error.place;
  return {
    ...base,
    ...(source === undefined ? {} : { source }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(key === undefined ? {} : { key }),
  };
}

/** A finding at the place in the file that a place in a template is. */
function atTemplate(
  input: SnapshotInput,
  template: string,
  error: GoTemplateError,
  finding: Pick<ConfigFinding, "code" | "message" | "samples">,
): ConfigFinding {
  const place = locateTemplate(input, template, error.line, error.column);
  return { ...finding, ...place, template };
}

interface Variant {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** The configuration as it is, and as it is where clusters differ. */
function variants(snapshot: Snapshot, input: SnapshotInput): readonly Variant[] {
  const withCni = (): Snapshot => {
    const loose: JsonObject = { ...snapshot.values.loose };
    const pilot = isObject(loose.pilot) ? loose.pilot : {};
    const cni = isObject(pilot.cni) ? pilot.cni : {};
    setOwn(loose, "pilot", { ...pilot, cni: { ...cni, enabled: true } });
    return compileConfig({ ...input, values: loose });
  };
  return [
    { name: "", snapshot: { ...snapshot, nativeSidecars: "false" } },
    { name: "native", snapshot: { ...snapshot, nativeSidecars: "true" } },
    { name: "CNI", snapshot: { ...withCni(), nativeSidecars: "true" } },
  ];
}

function renderAll(snapshot: Snapshot, input: SnapshotInput): ConfigReport {
  const names = [
    ...snapshot.templateNames.filter((name) => !otherTemplates.has(name)),
    ...snapshot.aliases.keys(),
  ];
  const findings = new Map<string, ConfigFinding & { samples: string[] }>();
  let renderings = 0;
  for (const variant of variants(snapshot, input)) {
    for (const sample of samplePods) {
      for (const name of names) {
        renderings++;
        const error = tryTemplate(sample, name, variant.snapshot);
        if (error === undefined) continue;
        const label = variant.name === "" ? sample.name : `${sample.name} (${variant.name})`;
        const known = findings.get(`${name} ${error.message}`);
        if (known === undefined)
          findings.set(`${name} ${error.message}`, {
            ...renderFinding(error, name, input),
            samples: [label],
          });
        else known.samples.push(label);
      }
    }
  }
  return { findings: [...findings.values()], warnings: snapshot.warnings, templates: names, renderings };
}

function tryTemplate({ pod }: SamplePod, name: string, snapshot: Snapshot): InjectionError | undefined {
  const metadata = isObject(pod.metadata) ? pod.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  const asked: JsonObject = {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...labels, "sidecar.istio.io/inject": "true" },
      annotations: { ...annotations, "inject.istio.io/templates": name },
    },
  };
  try {
    inject(asked, { now: () => 0, random: () => 0 }, { ...snapshot, policy: "enabled" });
    return undefined;
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return error;
  }
}

function renderFinding(error: InjectionError, name: string, input: SnapshotInput): ConfigFinding {
  const finding = { code: error.code, message: error.message.trimEnd(), samples: [] };
  if (error.cause instanceof GoTemplateError) return atTemplate(input, name, error.cause, finding);
  return { ...finding, ...locateTemplate(input, name, 0, 0), template: name };
}
