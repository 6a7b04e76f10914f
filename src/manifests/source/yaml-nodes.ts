import { type CST, Parser } from "yaml";
import { yamlToJson } from "../../goyaml/index.js";
import { isObject } from "../../json/index.js";
import {
  type SourceList,
  type SourceMap,
  type SourceNode,
  type SourcePair,
  type SourceSlot,
  slotEnd,
} from "./source-node.js";

/** A document of a YAML stream: its text is what lies between `start` and `end`. */
export interface YamlDocumentNodes {
  readonly start: number;
  readonly end: number;
  readonly root: SourceSlot;
}

/** Deeper than any manifest; what lies below is not edited in place. goyaml has refused what is much deeper. */
const maxDepth = 400;

/**
 * Finds the documents of a YAML text and where their nodes stand. Never throws: what it does not understand is opaque,
 * and what is no YAML at all is for goyaml to refuse.
 */
export function readYamlNodes(text: string): readonly YamlDocumentNodes[] {
  const tokens = [...new Parser().parse(text)];
  return tokens.flatMap((token, index) => {
    if (token.type !== "document") return [];
    let next = index + 1;
    while (between.has(tokens[next]?.type ?? "")) next++;
    const end = tokens[next];
    const root = readSlot(token.offset, token.start, token.value, text, 0);
    return [{ start: token.offset, end: end?.offset ?? text.length, root }];
  });
}

/** What may stand between two documents and belongs to the one before. */
const between = new Set(["newline", "space", "comment"]);

/** Reads what follows an indicator: properties and a value. */
function readSlot(
  start: number,
  before: readonly CST.SourceToken[],
  value: CST.Token | null | undefined,
  text: string,
  depth: number,
): SourceSlot {
  const last = before.findLast(({ type }) => indicators.has(type));
  const head = last === undefined ? (value?.offset ?? start) : last.offset + last.source.length;
  const anchor = before.find(({ type }) => type === "anchor")?.source.slice(1);
  const tag = before.find(({ type }) => type === "tag");
  return {
    start,
    head,
    ...(anchor === undefined ? {} : { anchor }),
    ...(tag === undefined
      ? {}
      : { tag: { start: tag.offset, end: skipSpaces(text, tag.offset + tag.source.length) } }),
    value: value ? readNode(value, text, depth) : { kind: "empty", start: head, end: head },
  };
}

const indicators = new Set(["doc-start", "map-value-ind", "seq-item-ind", "anchor", "tag"]);

function skipSpaces(text: string, offset: number): number {
  let end = offset;
  while (text[end] === " ") end++;
  return end;
}

function readNode(token: CST.Token, text: string, depth: number): SourceNode {
  switch (token.type) {
    case "alias":
      return {
        kind: "alias",
        name: token.source.slice(1),
        start: token.offset,
        end: token.offset + token.source.length,
      };
    case "scalar":
    case "single-quoted-scalar":
    case "double-quoted-scalar":
      return {
        kind: "scalar",
        style:
          token.type === "scalar" ? "plain" : token.type === "single-quoted-scalar" ? "single" : "double",
        start: token.offset,
        end: token.offset + token.source.length,
      };
    case "block-scalar":
      return { kind: "scalar", style: "block", start: token.offset, end: blockScalarEnd(token, text) };
    case "block-map":
      return readMap(token, text, depth);
    case "block-seq":
      return readList(token, text, depth);
    case "flow-collection":
      return readFlow(token, text, depth);
    default:
      return opaque(token.offset, token.offset);
  }
}

function opaque(start: number, end: number): SourceMap {
  return { kind: "map", flow: false, opaque: true, entries: [], start, end };
}

/** The end of the last line that counts: blank lines at the end belong to the text only with the indicator `+`. */
function blockScalarEnd(token: CST.BlockScalar, text: string): number {
  const header = token.props.find(({ type }) => type === "block-scalar-header");
  const keep = header !== undefined && "source" in header && header.source.includes("+");
  const last = token.props.at(-1);
  const begin = last !== undefined && "source" in last ? last.offset + last.source.length : token.offset;
  let end = begin + token.source.length;
  if (keep) return text[end - 1] === "\n" ? end - (text[end - 2] === "\r" ? 2 : 1) : end;
  while (end > begin && /\s/.test(text[end - 1] ?? "")) end--;
  if (end > begin) return end;
  return header !== undefined && "source" in header ? header.offset + header.source.length : token.offset;
}

function readMap(token: CST.BlockMap, text: string, depth: number): SourceMap {
  const entries: SourcePair[] = [];
  let plain = depth < maxDepth;
  for (const item of token.items) {
    const pair = plain ? readPair(item, text, depth) : undefined;
    if (pair !== undefined) entries.push(pair);
    else if (item.key || item.sep || item.value) plain = false;
  }
  const start = entries[0]?.start ?? token.offset;
  return {
    kind: "map",
    flow: false,
    opaque: !plain,
    entries,
    start,
    end: lastEnd(entries, token.items, start, plain),
  };
}

/** The end of the last entry; where one was not understood, the end of its last token. Comments alone are no entry. */
function lastEnd(
  entries: readonly SourceSlot[],
  items: readonly CST.CollectionItem[],
  start: number,
  plain: boolean,
): number {
  const end = entries.reduce((most, entry) => Math.max(most, slotEnd(entry)), start);
  return plain
    ? end
    : Math.max(end, ...items.filter(({ key, sep, value }) => key || sep || value).map(itemEnd));
}

/** Goes down the last item of each collection: a loop, for these may be nested deeper than the stack is. */
function itemEnd(item: CST.CollectionItem): number {
  let last: CST.CollectionItem | undefined = item;
  let end = 0;
  while (last !== undefined) {
    const token: CST.Token | null | undefined =
      last.value ?? last.sep?.at(-1) ?? last.key ?? last.start.at(-1);
    last = undefined;
    if (!token) break;
    if (token.type === "flow-collection") {
      const close = token.end[0];
      end = Math.max(end, close === undefined ? token.offset : close.offset + close.source.length);
    } else if (token.type === "block-map" || token.type === "block-seq") {
      end = Math.max(end, token.offset);
      last = (token.items as CST.CollectionItem[]).findLast(({ key, sep, value }) => key || sep || value);
    } else if ("source" in token) end = Math.max(end, token.offset + token.source.trimEnd().length);
  }
  return end;
}

function readPair(item: CST.CollectionItem, text: string, depth: number): SourcePair | undefined {
  const { key, sep, value } = item;
  if (
    !key ||
    !sep ||
    item.start.some(({ type }) => type === "explicit-key-ind" || type === "anchor" || type === "tag")
  )
    return undefined;
  if (!sep.some(({ type }) => type === "map-value-ind")) return undefined;
  if (key.type !== "scalar" && key.type !== "single-quoted-scalar" && key.type !== "double-quoted-scalar")
    return undefined;
  const name = keyText(key.source);
  if (name === undefined) return undefined;
  return { ...readSlot(key.offset, sep, value, text, depth + 1), key: name, merge: key.source === "<<" };
}

/** The key that goyaml makes of a scalar: `on` is `true`, for example. */
function keyText(source: string): string | undefined {
  if (/^[A-Za-z_][\w./-]{5,}$/.test(source) || source === "<<") return source;
  try {
    const tree = yamlToJson(`${source}: 0`);
    return isObject(tree) ? Object.keys(tree)[0] : undefined;
  } catch {
    return undefined;
  }
}

function readList(token: CST.BlockSequence, text: string, depth: number): SourceList {
  const entries: SourceSlot[] = [];
  let plain = depth < maxDepth;
  for (const item of token.items) {
    const dash = item.start.find(({ type }) => type === "seq-item-ind");
    if (dash !== undefined && plain && !item.key)
      entries.push(readSlot(dash.offset, item.start, item.value, text, depth + 1));
    else if (dash !== undefined || item.value) plain = false;
  }
  const start = entries[0]?.start ?? token.offset;
  return {
    kind: "list",
    flow: false,
    opaque: !plain,
    entries,
    start,
    end: lastEnd(entries, token.items, start, plain),
  };
}

function readFlow(token: CST.FlowCollection, text: string, depth: number): SourceMap | SourceList {
  const close = token.end.find(({ type }) => type === "flow-map-end" || type === "flow-seq-end");
  const span = { start: token.offset, end: close === undefined ? token.offset : close.offset + 1 };
  const isMap = token.start.type === "flow-map-start";
  const items = token.items.filter(
    (item) => item.key || item.sep || item.value || item.start.some(({ type }) => type === "anchor"),
  );
  let plain = depth < maxDepth && close !== undefined;
  if (isMap) {
    const entries = plain
      ? items.map((item) => readPair(item, text, depth)).filter((pair) => pair !== undefined)
      : [];
    if (entries.length !== items.length) plain = false;
    return { kind: "map", flow: true, opaque: !plain, entries, ...span };
  }
  plain &&= items.every((item) => !item.key && !item.sep && item.value);
  const entries = plain ? items.map((item) => readFlowItem(item, text, depth)) : [];
  return { kind: "list", flow: true, opaque: !plain, entries, ...span };
}

function readFlowItem(item: CST.CollectionItem, text: string, depth: number): SourceSlot {
  const first = item.start.find(({ type }) => type === "anchor" || type === "tag");
  return readSlot(first?.offset ?? item.value?.offset ?? 0, item.start, item.value, text, depth + 1);
}
