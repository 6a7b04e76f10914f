import { GoYamlError, type ScalarPattern, yamlWithSlots } from "../../goyaml/index.js";
import { isObject, type JsonObject, type JsonValue } from "../../json/index.js";
import { KubeError } from "../../kube/index.js";
import { areSettled } from "../text-guard/is-settled.js";
import { decodeMarked } from "./decode-marked.js";
import { isPlain, type Marks } from "./marks.js";
import { type NormalContainer, normalContainers } from "./normal-containers.js";
import { treeFiller } from "./tree-filler.js";

/** A partial pod as a template's text reads. Parts of it are shared with others, and frozen. */
export interface FilledPod {
  readonly partial: JsonObject;
  /** There is no null and no directive of strategic merge in it. */
  readonly plain: boolean;
  /** A container of `partial` in the form that Go's encoder gives it; undefined where only normalising it can tell. */
  normal?(container: JsonObject): JsonObject | undefined;
  /** The JSON text of an object that `normal` made and nobody changed. */
  textOf?(container: JsonObject): string | undefined;
}

class Filled implements FilledPod {
  readonly #values: readonly (string | number)[];
  readonly #containers: readonly NormalContainer[];
  readonly #made: { readonly container: JsonObject; readonly known: NormalContainer }[] = [];

  constructor(
    readonly partial: JsonObject,
    readonly plain: boolean,
    values: readonly (string | number)[],
    containers: readonly NormalContainer[],
  ) {
    this.#values = values;
    this.#containers = containers;
  }

  normal(container: JsonObject): JsonObject | undefined {
    for (const known of this.#containers) {
      if (known.in(this.partial) !== container) continue;
      const made = known.fill(this.#values, container);
      this.#made.push({ container: made, known });
      return made;
    }
    return undefined;
  }

  textOf(container: JsonObject): string | undefined {
    for (const made of this.#made) if (made.container === container) return made.known.write(this.#values);
    return undefined;
  }
}

/**
 * A text that a template wrote, read once: fixed[0] + dynamic[0] + fixed[1] + … + dynamic[n-1] + fixed[n].
 * Later texts with other dynamic strings are not parsed: their strings go where they stand in the tree.
 */
export interface Skeleton {
  /**
   * Indexes of dynamic strings that shape the structure, such as keys, indentation, fragments of YAML and what is no text.
   * The skeleton holds only for texts that have the very same strings there.
   */
  readonly fixedBy: readonly number[];
  /**
   * Whether each dynamic string is tame or lies wholly inside a scalar: then no text of a pod that it holds for is structure,
   * wherever the strings come from.
   */
  readonly settled: boolean;
  /**
   * The partial pod of the text with these dynamic strings, exactly as parsing and decoding it gives.
   * Undefined when one of them might change the structure or a type, or is not worth the time to tell.
   */
  fill(dynamic: readonly string[]): FilledPod | undefined;
}

/**
 * Makes the skeleton of a text; undefined when the text is no partial pod, or holds what stands for strings in here.
 *
 * Decided in ADR 0502.
 */
export function makeSkeleton(fixed: readonly string[], dynamic: readonly string[]): Skeleton | undefined {
  try {
    const read = yamlWithSlots(fixed, dynamic);
    return read === undefined ? undefined : skeletonOf(read.tree, read.marks, dynamic);
  } catch (error) {
    if (error instanceof GoYamlError || error instanceof KubeError) return undefined;
    throw error;
  }
}

function skeletonOf(read: JsonValue, found: Marks, strings: readonly string[]): Skeleton | undefined {
  if (read !== null && !isObject(read)) return undefined;
  const { tree, marks } = decodeMarked(read ?? {}, found);
  const patterns = [...marks.values()].map(({ pattern }) => pattern);
  const readers = patterns.map(readerOf);
  const places = new Map([...marks.keys()].map((mark, place) => [mark, place]));
  const fillTree = treeFiller(tree, places);
  const plain = isPlain(tree);
  // Made when it is first filled: the first pod of a path, which makes the skeleton, has enough to pay for.
  let containers: readonly NormalContainer[] | undefined;
  const free = slotsOf(marks);
  return {
    fixedBy: [...strings.keys()].filter((index) => !free.has(index)),
    settled: areSettled(strings, slotsOf(found)),
    fill(dynamic) {
      const values: (string | number)[] = [];
      let hasZero = false;
      for (const read of readers) {
        const value = read(dynamic);
        if (value === undefined) return undefined;
        values.push(value);
        hasZero ||= value === "" || value === 0;
      }
      const partial = fillTree(values);
      if (!isObject(partial)) return undefined;
      containers ??= plain ? normalContainers(tree, marks, places) : [];
      return new Filled(partial, plain, values, hasZero ? [] : containers);
    },
  };
}

/** The strings that lie in marks. */
function slotsOf(marks: Marks): ReadonlySet<number> {
  return new Set([...marks.values()].flatMap(({ pattern }) => pattern.slots));
}

const longestKept = 256;

/** How to read a pattern. Where there is one string in it, the last one is known if it is short: most pods have it too. */
function readerOf(pattern: ScalarPattern): ScalarPattern["read"] {
  const [slot, ...others] = pattern.slots;
  if (slot === undefined || others.length > 0) return (dynamic) => pattern.read(dynamic);
  let last: string | undefined;
  let lastValue: string | number | undefined;
  return (dynamic) => {
    const written = dynamic[slot] ?? "";
    if (written === last) return lastValue;
    const value = pattern.read(dynamic);
    if (written.length <= longestKept) {
      last = written;
      lastValue = value;
    }
    return value;
  };
}
