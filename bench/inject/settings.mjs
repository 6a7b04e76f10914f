// The configurations that pods are injected with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { embeddedDefaults } from "../../dist/config/index.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;

/** The built-in templates as they are installed, sidecars as plain containers. */
export const builtIn = { injectConfig, values, mesh, templates, nativeSidecars: "false" };

/** With values changed: a tree that is laid over them, two levels deep. */
export function withValues(over) {
  const tree = parse(values.text);
  for (const [key, value] of Object.entries(over)) tree[key] = { ...tree[key], ...value };
  return { ...builtIn, values: tree };
}

/** The ConfigMaps that Istio's chart installs, in form. */
export function istioConfigMaps() {
  const data = (name, key) => {
    const file = join(import.meta.dirname, "../../test/fixtures/istio-configmap", name);
    return { text: parse(readFileSync(file, "utf8")).data[key], source: name };
  };
  return {
    injectConfig: data("istio-sidecar-injector.yaml", "config"),
    values: data("istio-sidecar-injector.yaml", "values"),
    mesh: data("istio.yaml", "mesh"),
    nativeSidecars: "false",
  };
}
