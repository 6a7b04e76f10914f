import { type Command, InvalidArgumentError, Option } from "commander";
import { embeddedDefaults } from "../config/index.js";
import { GoTemplateError } from "../gotemplate/index.js";
import { GoYamlError, yamlToJson } from "../goyaml/index.js";
import {
  ConfigError,
  type ConfigText,
  compileConfig,
  type Snapshot,
  type SnapshotInput,
  type TextGuardMode,
} from "../injection/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { readDocuments } from "../manifests/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";
import { type ConfigMapTexts, readConfigMaps } from "./read-config-map.js";
import { readText } from "./read-text.js";
import { setValues } from "./set-value.js";
import { locateTemplate } from "./template-source.js";
import { textGuardOption } from "./text-guard-option.js";

/** The flags by which a command is told the injector's configuration. */
export interface ConfigurationFlags {
  readonly injectConfigFile?: string;
  readonly valuesFile?: string;
  readonly meshConfigFile?: string;
  readonly configmapFile?: readonly string[];
  readonly template?: readonly string[];
  readonly templateEnv?: readonly string[];
  readonly set?: readonly string[];
  readonly objects?: readonly string[];
  readonly revision?: string;
  readonly nativeSidecars?: "auto" | "true" | "false";
  readonly compliancePolicy?: string;
  readonly platform?: string;
  readonly textGuard?: TextGuardMode;
  readonly skeletons?: boolean;
}

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

function collectTemplate(value: string, previous: readonly string[] | undefined): readonly string[] {
  if (!/^[^=]+=.+$/.test(value)) throw new InvalidArgumentError("Write NAME=FILE.");
  return collect(value, previous);
}

/** Adds the flags of the configuration to a command. istioctl's names are aliases. */
export function addConfigurationOptions(command: Command): Command {
  const hidden = (flags: string): Option => new Option(flags).hideHelp();
  return command
    .option("--inject-config-file <file>", "inject config of Istio, or the bare text of a sidecar template")
    .option("--values-file <file>", "injector values of Istio, YAML or JSON")
    .option("--mesh-config-file <file>", "mesh config of Istio")
    .option(
      "--configmap-file <file>",
      "ConfigMaps as kubectl prints them: keys config, values, mesh (repeatable)",
      collect,
    )
    .option("--template <name=file>", "add a template, or replace one (repeatable)", collectTemplate)
    .option("--template-env <name>", "let templates read this environment variable (repeatable)", collect)
    .option("--set <path=value>", "set a value, as Helm's --set does (repeatable)", collect)
    .option(
      "--objects <file>",
      "Namespaces, Nodes and ProxyConfigs that stand in for the cluster (repeatable)",
      collect,
    )
    .option("-r, --revision <name>", "revision of the control plane")
    .addOption(
      new Option(
        "--native-sidecars <mode>",
        "sidecars as init containers that keep running; auto asks the Nodes of --objects",
      )
        .choices(["auto", "true", "false"])
        .default("auto"),
    )
    .addOption(
      new Option("--compliance-policy <name>", "compliance policy of the proxies").choices([
        "fips-140-2",
        "fips-140-3",
        "pqc",
      ]),
    )
    .addOption(new Option("--platform <name>", "platform of the cluster").choices(["openshift"]))
    .addOption(textGuardOption())
    .option("--no-skeletons", "render and parse each pod's templates from scratch")
    .addOption(hidden("--injectConfigFile <file>"))
    .addOption(hidden("--valuesFile <file>"))
    .addOption(hidden("--meshConfigFile <file>"));
}

/** What a command is told beside its flags. */
export interface SnapshotOptions {
  /** Istio's offline path in everything. */
  readonly strict?: boolean;
}

/**
 * Builds the configuration from the flags. What a flag names replaces what a ConfigMap says, and that replaces the
 * built-in defaults. Throws CliError, ConfigError or ManifestError.
 */
export async function loadSnapshot(
  flags: ConfigurationFlags,
  io: CliIo,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const input = await snapshotInput(flags, io, options);
  try {
    return compileConfig(input);
  } catch (error) {
    if (!(error instanceof ConfigError) || !(error.cause instanceof GoTemplateError)) throw error;
    const { template, line, column } = error.cause;
    const place = locateTemplate(input, template, line, column);
    throw new ConfigError(error.code, error.message, place, { cause: error.cause });
  }
}

/** What `loadSnapshot` compiles. */
export async function snapshotInput(
  flags: ConfigurationFlags,
  io: CliIo,
  { strict = false }: SnapshotOptions = {},
): Promise<SnapshotInput> {
  const maps = await readAllConfigMaps(flags.configmapFile ?? [], io);
  const file = async (path: string | undefined, flag: string): Promise<ConfigText | undefined> =>
    path === undefined ? undefined : readText(path, flag, io);
  const config = readConfig(
    (await file(flags.injectConfigFile, "--inject-config-file")) ?? maps.config,
    strict,
  );
  const values = (await file(flags.valuesFile, "--values-file")) ?? maps.values ?? embeddedDefaults.values;
  const mesh = (await file(flags.meshConfigFile, "--mesh-config-file")) ?? maps.mesh ?? embeddedDefaults.mesh;
  const revision = flags.revision ?? "";
  return {
    injectConfig: config.injectConfig,
    templates: new Map([...config.templates, ...(await readTemplates(flags.template ?? [], io))]),
    values: withSettings(values, flags.set ?? []),
    mesh,
    objects: await readObjects(flags.objects ?? [], io),
    revision: strict ? (revision === "default" ? "" : revision) : revision || "default",
    nativeSidecars: flags.nativeSidecars ?? "auto",
    compliancePolicy: flags.compliancePolicy ?? "",
    platform: flags.platform ?? "",
    textGuard: flags.textGuard ?? "enforce",
    skeletons: flags.skeletons ?? true,
    environment: environment(flags.templateEnv ?? [], io),
    strictOffline: strict,
  };
}

async function readAllConfigMaps(paths: readonly string[], io: CliIo): Promise<ConfigMapTexts> {
  let all: ConfigMapTexts = {};
  for (const path of paths) all = { ...all, ...readConfigMaps(await readText(path, "--configmap-file", io)) };
  return all;
}

type Templates = ReadonlyMap<string, ConfigText>;

/**
 * An inject config, or the bare text of the template `sidecar`: it is a config when it is YAML and has one of the keys
 * of a config. A config without templates uses the built-in ones.
 */
function readConfig(
  text: ConfigText | undefined,
  strict: boolean,
): { injectConfig: ConfigText; templates: Templates } {
  const builtIn = embeddedDefaults.templates;
  if (text === undefined) return { injectConfig: embeddedDefaults.injectConfig, templates: builtIn };
  const tree = configTree(text.text);
  const templates = tree === undefined ? undefined : getOwn(tree, "templates");
  const hasTemplates = isObject(templates) && Object.keys(templates).length > 0;
  if (hasTemplates) return { injectConfig: text, templates: new Map() };
  if (tree !== undefined && !strict) return { injectConfig: text, templates: builtIn };
  const sidecar = new Map([["sidecar", text]]);
  const injectConfig = embeddedDefaults.injectConfig;
  return { injectConfig, templates: strict ? sidecar : new Map([...builtIn, ...sidecar]) };
}

const configKeys = [
  "policy",
  "templates",
  "defaultTemplates",
  "aliases",
  "neverInjectSelector",
  "alwaysInjectSelector",
  "injectedAnnotations",
];

function configTree(text: string): JsonObject | undefined {
  const isPod = (tree: JsonObject): boolean => !configKeys.some((key) => Object.hasOwn(tree, key));
  try {
    const tree = yamlToJson(text);
    return isObject(tree) && !isPod(tree) ? tree : undefined;
  } catch (error) {
    if (!(error instanceof GoYamlError)) throw error;
    // Broken YAML with keys of a config is a broken config, not a template.
    return !text.includes("{{") || /^(policy|templates):/m.test(text) ? {} : undefined;
  }
}

async function readTemplates(settings: readonly string[], io: CliIo): Promise<[string, ConfigText][]> {
  return Promise.all(
    settings.map(async (setting): Promise<[string, ConfigText]> => {
      const at = setting.indexOf("=");
      return [setting.slice(0, at), await readText(setting.slice(at + 1), "--template", io)];
    }),
  );
}

function withSettings(values: ConfigText, settings: readonly string[]): ConfigText | JsonObject {
  if (settings.length === 0) return values;
  return settings.reduce<JsonObject>(setValues, parseValues(values));
}

function parseValues({ text, source }: ConfigText): JsonObject {
  const [document, ...more] = readDocuments({ text, source });
  if (document?.fault !== undefined) throw document.fault;
  if (more.length === 0 && document !== undefined && isObject(document.value)) return document.value;
  if (document === undefined || document.value === null) return {};
  throw new CliError("configuration", `Cannot use ${source} as values: it must be one mapping`);
}

async function readObjects(paths: readonly string[], io: CliIo): Promise<JsonValue[]> {
  const objects: JsonValue[] = [];
  for (const path of paths) {
    for (const document of readDocuments(await readText(path, "--objects", io))) {
      if (document.fault !== undefined) throw document.fault;
      objects.push(document.value);
    }
  }
  return objects;
}

function environment(names: readonly string[], io: CliIo): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (io.env[name] === undefined ? [] : [[name, io.env[name]]])),
  );
}
