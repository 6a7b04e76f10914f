import type { JsonObject, JsonValue } from "../json/index.js";
import type { TextGuardMode } from "./text-guard/text-guard.js";

/** A text of configuration and the name that errors give it, a file's path for example. */
export interface ConfigText {
  readonly text: string;
  readonly source: string;
}

/** Everything a snapshot is made of. Only `injectConfig` and `values` are needed. */
export interface SnapshotInput {
  /** The inject config: YAML or JSON of Istio's `config` key, or its tree. */
  readonly injectConfig: ConfigText | JsonObject;
  /** The values: YAML or JSON of Istio's `values` key, or its tree. */
  readonly values: ConfigText | JsonObject;
  /** The mesh config: YAML or JSON of Istio's `mesh` key, or its tree. Absent: the built-in default. */
  readonly mesh?: ConfigText | JsonObject;
  /** Templates that are added to those of the inject config, or replace them, by name. */
  readonly templates?: ReadonlyMap<string, ConfigText>;
  /** Objects that stand in for the cluster: Namespaces, Nodes and ProxyConfigs. Other kinds are not looked at. */
  readonly objects?: readonly JsonValue[];
  /** The control plane's revision; empty for offline use of the default one. The default is `default`. */
  readonly revision?: string;
  /** Whether sidecars are native: `auto` looks at the Nodes. The default is `auto`. */
  readonly nativeSidecars?: "auto" | "true" | "false";
  readonly compliancePolicy?: string;
  readonly platform?: string;
  /** The environment variables that templates may read. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Istio's offline path in everything, odd parts too (docs/behaviour.md#offline-injection). */
  readonly strictOffline?: boolean;
  /** What becomes of a pod whose text changes the structure of what a template makes. The default is to reject it. */
  readonly textGuard?: TextGuardMode;
  /** Whether pods that take the same path through a template share the work. It changes no result. The default is true. */
  readonly skeletons?: boolean;
  /** Root namespace of the mesh's own objects; the default is the mesh config's. */
  readonly rootNamespace?: string;
}
