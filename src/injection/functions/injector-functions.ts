import { type FunctionMap, GoFunction, goPrint, TypedMap, type Value } from "../../gotemplate/index.js";
import { getOwn, isObject } from "../../json/index.js";
import { formatDuration } from "../../mesh/index.js";
import { sprigFunctions } from "../../sprig/index.js";
import { KubeView } from "../view/kube-view.js";
import { MessageView } from "../view/message-view.js";
import { jsonFunctions } from "./json.js";
import { appendMultusNetwork } from "./multus.js";
import { omitNil } from "./omit-nil.js";
import { otelResourceAttributes } from "./otel.js";
import { portFunctions } from "./ports.js";
import { readContainers } from "./read-containers.js";
import { stringPairs } from "./string-map.js";

/** Go's fmt.Sprint of one value; nil and no value print alike here, as both reach Go as a nil interface. */
function print(value: Value): string {
  return value === undefined || value === null ? "<nil>" : goPrint(value);
}

function annotation(meta: Value, name: string): string | undefined {
  const all = meta instanceof KubeView ? getOwn(meta.tree, "annotations") : undefined;
  const value = isObject(all) ? getOwn(all, name) : undefined;
  return typeof value === "string" ? value : undefined;
}

function has(map: Value, key: Value): boolean {
  return map instanceof TypedMap && Object.hasOwn(map.entries, String(key));
}

const identity = ([value]: readonly Value[]): Value => value;

/** Pads every line but the first. Sprig's function of this name pads the first too. */
function indent(spaces: number, text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(spaces)}`);
}

const widestIndent = 1000;

const ownFunctions: readonly GoFunction[] = [
  ...jsonFunctions,
  ...portFunctions(print),
  new GoFunction(
    "annotation",
    "pure",
    ["v1.ObjectMeta", "string", "any"],
    false,
    ([meta, name, otherwise]) => annotation(meta, String(name)) ?? print(otherwise),
  ),
  new GoFunction("isset", "pure", ["map[string]string", "string"], false, ([map, key]) => has(map, key)),
  new GoFunction("valueOrDefault", "pure", ["any", "any"], false, ([value, otherwise]) =>
    value === undefined || value === null || value === "" ? otherwise : value,
  ),
  new GoFunction("kubevirtInterfaces", "pure", ["string"], false, identity),
  new GoFunction("excludeInterfaces", "pure", ["string"], false, identity),
  new GoFunction("formatDuration", "pure", ["*durationpb.Duration"], false, ([duration]) =>
    duration instanceof MessageView ? formatDuration(duration.message) : "0s",
  ),
  new GoFunction("contains", "pure", ["string", "string"], false, ([needle, haystack]) =>
    String(haystack).includes(String(needle)),
  ),
  new GoFunction("toLower", "pure", ["string"], false, ([text]) => String(text).toLowerCase()),
  new GoFunction("directory", "pure", ["string"], false, ([path]) => {
    const text = String(path);
    return text.slice(0, text.lastIndexOf("/") + 1);
  }),
  new GoFunction("indent", "pure", ["int", "string"], false, ([spaces, text], context) => {
    const width = Math.min(Math.max(Number(spaces), 0), widestIndent);
    const lines = String(text).split("\n").length;
    context.charge(lines * width);
    return indent(width, String(text));
  }),
  new GoFunction(
    "env",
    "reads environment",
    ["string", "string"],
    false,
    ([name, otherwise], context) => context.env(String(name)) || String(otherwise),
  ),
  new GoFunction("omitNil", "pure", ["any"], false, ([value]) => omitNil(value)),
  new GoFunction("appendMultusNetwork", "pure", ["string", "string"], false, ([existing, network], context) =>
    appendMultusNetwork(String(existing), String(network), context.warn),
  ),
  new GoFunction(
    "otelResourceAttributes",
    "pure",
    ["*v1alpha1.MeshConfig", "map[string]string", "map[string]string", "string", "[]v1.Container"],
    false,
    ([mesh, said, labels, namespace, containers]) => {
      if (!(mesh instanceof MessageView) || !wantsOtelConventions(mesh)) return "";
      return otelResourceAttributes({
        annotations: Object.fromEntries(stringPairs(said)),
        labels: Object.fromEntries(stringPairs(labels)),
        namespace: String(namespace),
        containers: readContainers(containers),
      });
    },
  ),
];

/** Whether some OpenTelemetry provider of the mesh asks for attributes by OpenTelemetry's own conventions. */
function wantsOtelConventions({ message }: MessageView): boolean {
  return message
    .messages("extensionProviders")
    .some(
      (provider) =>
        provider.message("opentelemetry")?.enum("serviceAttributeEnrichment").name ===
        "OTEL_SEMANTIC_CONVENTIONS",
    );
}

/** Everything that an injection template may call: Sprig's functions, and over them those of the injector. */
export const injectorFunctions: FunctionMap = new Map([
  ...sprigFunctions,
  ...ownFunctions.map((own) => [own.name, own] as const),
]);
