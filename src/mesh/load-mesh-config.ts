import { compareBytes, quoteExcerpt } from "../go/index.js";
import { getOwn, isObject, type JsonObject, type JsonValue } from "../json/index.js";
import { defaultMeshConfig } from "./default-mesh-config.js";
import { defaultProxyConfig } from "./default-proxy-config.js";
import { formatMultiError } from "./format-multi-error.js";
import { MeshError } from "./mesh-error.js";
import type { FieldValue, Message } from "./message.js";
import { parseTree } from "./parse-tree.js";
import { applyProxyConfig } from "./proxy-config-layers.js";
import { type MeshWarning, readMessage } from "./read-message.js";
import { meshConfigSchema } from "./schemas.js";
import { validateMeshConfig } from "./validate-mesh-config.js";

/** How errors name the input, and where to put what was not used of it. */
export interface SourceOptions {
  /** A file, or a ConfigMap and its key. */
  readonly source?: string | undefined;
  /** Receives one warning for each field or extension provider that is not known. */
  readonly warnings?: MeshWarning[] | undefined;
}

/** Loads a mesh config, YAML or JSON text or a tree, over Istio's built-in default. See {@link applyMeshConfig}. */
export function loadMeshConfig(input: string | JsonObject, options: SourceOptions = {}): Message {
  return applyMeshConfig(defaultMeshConfig(), input, options);
}

/**
 * Lays one more mesh config over another. Each field that is given replaces the base's, except that defaultConfig is
 * merged as ProxyConfigs are, defaultProviders by field, extensionProviders by name and trustDomainAliases into one sorted
 * list. The whole is then validated. Throws a {@link MeshError}, with every fault, when it cannot be read or used.
 */
export function applyMeshConfig(
  base: Message,
  input: string | JsonObject,
  { source = "the mesh config", warnings = [] }: SourceOptions = {},
): Message {
  const tree = parseTree(input, source);
  const replaced = readMessage(meshConfigSchema, tree, { base, source, warnings });
  const mesh = isObject(tree) ? replaced.with(mergedFields(base, replaced, tree, source)) : replaced;
  warnings.push(...unknownProviders(mesh));
  const errors = validateMeshConfig(mesh);
  if (errors.length > 0) {
    const message = `Cannot use ${source}: ${errors.join("; ")}`;
    throw new MeshError("invalid", message, { source, detail: formatMultiError(errors), errors });
  }
  return mesh;
}

function mergedFields(
  base: Message,
  replaced: Message,
  tree: JsonObject,
  source: string,
): Record<string, FieldValue | undefined> {
  const given = (name: string): JsonValue => {
    const field = meshConfigSchema.byName.get(name);
    return getOwn(tree, name) ?? (field === undefined ? null : getOwn(tree, field.protoName)) ?? null;
  };
  const config = base.message("defaultConfig") ?? defaultProxyConfig();
  const providers = base.message("defaultProviders");
  const providersTree = given("defaultProviders");
  return {
    defaultConfig: applyProxyConfig(config, given("defaultConfig"), { source, path: "defaultConfig" }),
    defaultProviders:
      providers === undefined || providersTree === null
        ? replaced.message("defaultProviders")
        : readMessage(providers.schema, providersTree, { base: providers, source, path: "defaultProviders" }),
    extensionProviders: mergeProviders(base, replaced),
    trustDomainAliases: [
      ...new Set([...base.strings("trustDomainAliases"), ...replaced.strings("trustDomainAliases")]),
    ].sort(compareBytes),
  };
}

function mergeProviders(base: Message, replaced: Message): Message[] {
  const merged = [...base.messages("extensionProviders")];
  for (const provider of replaced.messages("extensionProviders")) {
    const at = merged.findIndex((other) => other.text("name") === provider.text("name"));
    if (at < 0) merged.push(provider);
    else merged[at] = provider;
  }
  return merged;
}

function unknownProviders(mesh: Message): MeshWarning[] {
  return mesh.messages("extensionProviders").flatMap((provider, i) => {
    const known = provider.schema.oneofs.some((oneof) => provider.which(oneof) !== undefined);
    if (known) return [];
    const message = `extension provider ${quoteExcerpt(provider.text("name"))} is of no kind that is known here`;
    return [{ path: `extensionProviders[${i}]`, message }];
  });
}
