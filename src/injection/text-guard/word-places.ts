import { GoYamlError, yamlToJson } from "../../goyaml/index.js";
import { isObject, type JsonValue } from "../../json/index.js";
import { wordsIn } from "./word.js";

/** More places make no sentence. */
const mostPlaces = 3;

/** Where the words of these numbers stand in a text, as paths such as `spec.containers[0].image`. The first few. */
export function placesOf(numbers: readonly number[], text: string): readonly string[] {
  const wanted = new Set(numbers);
  return leavesOf(text)
    .filter(({ leaf }) => wordsIn(leaf).some((number) => wanted.has(number)))
    .slice(0, mostPlaces)
    .map(({ path }) => path);
}

/** The numbers of the words that stand at a path. */
export function wordsAt(path: string, text: string): readonly number[] {
  const at = leavesOf(text).filter((leaf) => leaf.path === path);
  return [...new Set(at.flatMap(({ leaf }) => wordsIn(leaf)))];
}

interface Leaf {
  readonly path: string;
  readonly leaf: string;
}

/** The texts of a YAML document; none when it cannot be read. */
function leavesOf(text: string): readonly Leaf[] {
  try {
    return leaves(yamlToJson(text), "");
  } catch (error) {
    if (error instanceof GoYamlError) return [];
    throw error;
  }
}

function leaves(tree: JsonValue, path: string): readonly Leaf[] {
  if (typeof tree === "string") return [{ path, leaf: tree }];
  if (Array.isArray(tree)) return tree.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  if (!isObject(tree)) return [];
  return Object.entries(tree).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}
