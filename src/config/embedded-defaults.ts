import type { ConfigText } from "../injection/index.js";
import {
  embeddedInjectConfig,
  embeddedIstioVersion,
  embeddedMesh,
  embeddedTemplates,
  embeddedValues,
} from "./embedded.generated.js";

/** The configuration that Pillion carries in itself, from templates/ of its source. */
export interface EmbeddedDefaults {
  readonly injectConfig: ConfigText;
  readonly values: ConfigText;
  readonly mesh: ConfigText;
  /** The built-in templates by name. */
  readonly templates: ReadonlyMap<string, ConfigText>;
  /** The Istio release whose images the values name, such as `1.30.3`. */
  readonly istioVersion: string;
}

/** What every command starts from when it is given nothing. */
export const embeddedDefaults: EmbeddedDefaults = {
  injectConfig: { text: embeddedInjectConfig, source: "built-in config" },
  values: { text: embeddedValues, source: "built-in values" },
  mesh: { text: embeddedMesh, source: "built-in mesh config" },
  templates: new Map(
    embeddedTemplates.map(([name, text]) => [name, { text, source: `built-in template ${name}` }]),
  ),
  istioVersion: embeddedIstioVersion,
};
