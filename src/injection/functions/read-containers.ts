import { TypedSlice, type Value } from "../../gotemplate/index.js";
import { type Container, containersOf } from "../pod.js";
import { KubeView } from "../view/kube-view.js";

/** The containers behind a template's `.Spec.Containers`. */
export function readContainers(value: Value): readonly Container[] {
  if (!(value instanceof TypedSlice)) return [];
  return containersOf(value.items.map((item) => (item instanceof KubeView ? item.tree : {})));
}
