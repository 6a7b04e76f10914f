import { deepClone, type JsonValue } from "../json/index.js";
import { excerpt } from "../text/index.js";
import { AliasBudget } from "./alias-budget.js";
import { isAllFinite } from "./all-finite.js";
import type { Cursor } from "./cursor.js";
import type { GoYamlError } from "./go-yaml-error.js";
import { MappingBuilder } from "./mapping-builder.js";
import { emptyNode, type Node } from "./node.js";
import { type Resolved, resolveScalar } from "./resolve-scalar.js";
import { resolveTagged } from "./resolve-tagged.js";
import type { ScalarObserver } from "./scalar-observer.js";
import { Scanner } from "./scanner.js";
import { type Token, TokenKind } from "./token.js";

/** Stands for the node of an anchor while it is being read. Each is one of its own. */
class Unfinished {}

const standardTags = "tag:yaml.org,2002:";
const mergeTag = `${standardTags}merge`;

/**
 * Reads the first document of a text. A node is turned into JSON as soon as it is read; a value that JSON cannot hold is an
 * error only once the whole document has been read, as in Go, where a syntax error comes first.
 *
 * The methods follow the productions of the grammar; the names are libyaml's. It is long because they call each other in a
 * circle.
 */
export class Reader {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Node | Unfinished>();
  readonly #tagPrefixes = new Map<string, string>();
  /** The first fault that is not one of syntax. */
  #fault: GoYamlError | undefined;
  /** The last infinite number, or the last that is none. It is a fault unless a later key took its place. */
  #notFinite: Token | undefined;
  readonly #budget = new AliasBudget();

  /** How many keys the node at hand is in. */
  #keyDepth = 0;

  constructor(
    private readonly cursor: Cursor,
    private readonly observe?: ScalarObserver,
  ) {
    this.#scanner = new Scanner(cursor);
  }

  readDocument(): JsonValue {
    const node = this.#document();
    // Go looks one token ahead for the end of the document, and so finds what is wrong there.
    this.#scanner.peek();
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#notFinite !== undefined && !isAllFinite(node.value)) throw this.#noSuchNumber(this.#notFinite);
    return node.value;
  }

  #document(): Node {
    let token = this.#scanner.peek();
    const isExplicit =
      token.kind === TokenKind.versionDirective ||
      token.kind === TokenKind.tagDirective ||
      token.kind === TokenKind.documentStart;
    if (token.kind === TokenKind.streamEnd) return emptyNode;
    if (isExplicit) {
      this.#directives();
      token = this.#scanner.peek();
      if (token.kind <= TokenKind.tagDirective) return emptyNode;
    }
    return this.#node(true, false);
  }

  #directives(): void {
    let version = false;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === TokenKind.versionDirective) {
        if (version) throw this.#failAt(token, "found duplicate %YAML directive");
        if (token.value !== "1.1")
          throw this.#failAt(token, `found incompatible YAML document: version ${token.value} is not 1.1`);
        version = true;
      } else if (token.kind === TokenKind.tagDirective) {
        if (this.#tagPrefixes.has(token.value)) throw this.#failAt(token, "found duplicate %TAG directive");
        this.#tagPrefixes.set(token.value, token.suffix);
      } else if (token.kind === TokenKind.documentStart) {
        this.#scanner.skip();
        return;
      } else {
        throw this.#failAt(token, "did not find expected <document start> after directives");
      }
      this.#scanner.skip();
    }
  }

  #node(block: boolean, indentlessSequence: boolean): Node {
    let token = this.#scanner.peek();
    if (token.kind === TokenKind.alias) return this.#alias(token);
    const start = token;
    let anchor: string | undefined;
    let tag: string | undefined;
    for (; ; token = this.#scanner.peek()) {
      if (token.kind === TokenKind.anchor && anchor === undefined) anchor = token.value;
      else if (token.kind === TokenKind.tag && tag === undefined) tag = this.#tag(token);
      else break;
      this.#scanner.skip();
    }
    if (anchor === undefined) return this.#content(token, start, tag, block, indentlessSequence);
    const unfinished = new Unfinished();
    this.#anchors.set(anchor, unfinished);
    const node = this.#content(token, start, tag, block, indentlessSequence, true);
    // Of two equal anchors the later start counts, and that may be one inside this node.
    if (this.#anchors.get(anchor) === unfinished) this.#anchors.set(anchor, node);
    return node;
  }

  #content(
    token: Token,
    start: Token,
    tag: string | undefined,
    block: boolean,
    indentlessSequence: boolean,
    anchored = false,
  ): Node {
    switch (token.kind) {
      case TokenKind.scalar:
        this.#scanner.skip();
        return this.#scalar(token, tag);
      case TokenKind.flowSequenceStart:
        return this.#collection(this.#flowSequence);
      case TokenKind.flowMappingStart:
        return this.#collection(this.#flowMapping);
      case TokenKind.blockSequenceStart:
        if (block) return this.#collection(this.#blockSequence);
        break;
      case TokenKind.blockMappingStart:
        if (block) return this.#collection(this.#blockMapping);
        break;
      case TokenKind.blockEntry:
        if (indentlessSequence) return this.#indentlessSequence();
        break;
    }
    if (anchored || tag !== undefined) return this.#scalar({ ...start, value: "", plain: true }, tag);
    throw this.#failAt(token, "did not find expected node content");
  }

  #key(block: boolean): Node {
    this.#keyDepth++;
    const node = this.#node(block, block);
    this.#keyDepth--;
    return node;
  }

  #collection(read: () => Node): Node {
    this.#scanner.skip();
    return read.call(this);
  }

  #alias(token: Token): Node {
    this.#scanner.skip();
    const node = this.#anchors.get(token.value);
    if (node === undefined) throw this.#failAt(token, `unknown anchor '${excerpt(token.value)}' referenced`);
    if (node instanceof Unfinished) {
      this.#fault ??= this.#failAt(token, `anchor '${excerpt(token.value)}' value contains itself`);
      return emptyNode;
    }
    if (!this.#budget.addAlias(node.size))
      throw this.#failAt(token, "document contains excessive aliasing", "too-large");
    return node.kind === "scalar" ? node : { ...node, value: deepClone(node.value), alias: true };
  }

  #tag(token: Token): string {
    const { value: handle, suffix } = token;
    if (handle === "") return suffix;
    const declared = this.#tagPrefixes.get(handle);
    if (declared !== undefined) return declared + suffix;
    if (handle === "!") return `!${suffix}`;
    if (handle === "!!") return standardTags + suffix;
    throw this.#failAt(token, `found undefined tag handle ${excerpt(handle)}`);
  }

  #scalar(token: Token, tag: string | undefined): Node {
    this.#budget.addNode();
    const resolved = tag === undefined ? untagged(token) : resolveTagged(token.value, tag);
    if (typeof resolved === "string") {
      this.#fault ??= this.#failAt(token, resolved);
      return emptyNode;
    }
    const { type } = resolved;
    const value = this.#observed(token, tag, resolved.value);
    const float = type === "float";
    if (float && !Number.isFinite(value)) this.#notFinite = token;
    const merge = token.value === "<<" && ((token.plain && tag === undefined) || tag === mergeTag);
    return { kind: "scalar", value, float, merge, size: 1 };
  }

  #observed(token: Token, tag: string | undefined, value: Resolved["value"]): Resolved["value"] {
    if (this.observe === undefined || token.span === undefined) return value;
    const { at, plain, span } = token;
    return this.observe({ at, plain, span, bare: tag === undefined && this.#keyDepth === 0, value });
  }

  #blockSequence(): Node {
    const items: JsonValue[] = [];
    let size = 1;
    for (;;) {
      const token = this.#scanner.peek();
      this.#scanner.skip();
      if (token.kind === TokenKind.blockEnd) return this.#sequence(items, size);
      if (token.kind !== TokenKind.blockEntry)
        throw this.#failAt(token, "did not find expected '-' indicator");
      const next = this.#scanner.peek().kind;
      const isEmpty = next === TokenKind.blockEntry || next === TokenKind.blockEnd;
      size += addItem(items, isEmpty ? emptyNode : this.#node(true, false));
    }
  }

  #indentlessSequence(): Node {
    const items: JsonValue[] = [];
    let size = 1;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind !== TokenKind.blockEntry) return this.#sequence(items, size);
      this.#scanner.skip();
      const next = this.#scanner.peek().kind;
      const isEmpty = next === TokenKind.blockEntry || endsBlockEntry(next);
      size += addItem(items, isEmpty ? emptyNode : this.#node(true, false));
    }
  }

  #sequence(value: JsonValue[], size: number): Node {
    this.#budget.addNode();
    return { kind: "sequence", value, float: false, merge: false, size };
  }

  #blockMapping(): Node {
    const map = new MappingBuilder();
    for (;;) {
      const token = this.#scanner.peek();
      this.#scanner.skip();
      if (token.kind === TokenKind.blockEnd) return this.#mapping(map);
      if (token.kind !== TokenKind.key) throw this.#failAt(token, "did not find expected key");
      const key = endsBlockEntry(this.#scanner.peek().kind) ? emptyNode : this.#key(true);
      this.#entry(map, key, this.#blockValue(), token);
    }
  }

  #blockValue(): Node {
    if (this.#scanner.peek().kind !== TokenKind.value) return emptyNode;
    this.#scanner.skip();
    return endsBlockEntry(this.#scanner.peek().kind) ? emptyNode : this.#node(true, true);
  }

  #flowSequence(): Node {
    const items: JsonValue[] = [];
    let size = 1;
    for (let first = true; ; first = false) {
      const token = this.#flowItem(first, TokenKind.flowSequenceEnd, "']'");
      if (token.kind === TokenKind.flowSequenceEnd) return this.#sequence(items, size);
      const node = token.kind === TokenKind.key ? this.#singlePair(token) : this.#node(false, false);
      size += addItem(items, node);
    }
  }

  /** A pair in a flow sequence, which is a mapping of its own. */
  #singlePair(start: Token): Node {
    const map = new MappingBuilder();
    this.#scanner.skip();
    const next = this.#scanner.peek().kind;
    let key = emptyNode;
    if (next === TokenKind.value || next === TokenKind.flowEntry || next === TokenKind.flowSequenceEnd) {
      // libyaml steps over the token here, whatever it is.
      this.#scanner.skip();
    } else {
      key = this.#key(false);
    }
    this.#entry(map, key, this.#flowValue(TokenKind.flowSequenceEnd), start);
    return this.#mapping(map);
  }

  #flowMapping(): Node {
    const map = new MappingBuilder();
    for (let first = true; ; first = false) {
      const token = this.#flowItem(first, TokenKind.flowMappingEnd, "'}'");
      if (token.kind === TokenKind.flowMappingEnd) return this.#mapping(map);
      this.#flowPair(map, token);
    }
  }

  #flowPair(map: MappingBuilder, token: Token): void {
    if (token.kind !== TokenKind.key) {
      this.#entry(map, this.#key(false), emptyNode, token);
      return;
    }
    this.#scanner.skip();
    const next = this.#scanner.peek().kind;
    const isEmpty =
      next === TokenKind.value || next === TokenKind.flowEntry || next === TokenKind.flowMappingEnd;
    const key = isEmpty ? emptyNode : this.#key(false);
    this.#entry(map, key, this.#flowValue(TokenKind.flowMappingEnd), token);
  }

  #flowValue(end: TokenKind): Node {
    if (this.#scanner.peek().kind !== TokenKind.value) return emptyNode;
    this.#scanner.skip();
    const next = this.#scanner.peek().kind;
    return next === TokenKind.flowEntry || next === end ? emptyNode : this.#node(false, false);
  }

  /** The first token of the next item of a flow collection, after its comma; or its end, which is taken. */
  #flowItem(first: boolean, end: TokenKind, bracket: string): Token {
    let token = this.#scanner.peek();
    if (token.kind !== end && !first) {
      if (token.kind !== TokenKind.flowEntry)
        throw this.#failAt(token, `did not find expected ',' or ${bracket}`);
      this.#scanner.skip();
      token = this.#scanner.peek();
    }
    if (token.kind === end) this.#scanner.skip();
    return token;
  }

  #entry(map: MappingBuilder, key: Node, value: Node, token: Token): void {
    const fault = map.add(key, value);
    if (fault !== undefined) this.#fault ??= this.#failAt(token, fault, "unsupported");
  }

  #mapping(map: MappingBuilder): Node {
    this.#budget.addNode();
    const { value, size } = map;
    return { kind: "mapping", value, float: false, merge: false, size };
  }

  #noSuchNumber(token: Token): GoYamlError {
    return this.#failAt(
      token,
      `unsupported value: JSON has no number ${excerpt(token.value)}`,
      "unsupported",
    );
  }

  #failAt(token: Token, reason: string, code?: GoYamlError["code"]): GoYamlError {
    return this.cursor.failAt(token.at, token.line, token.lineStart, reason, code);
  }
}

function untagged(token: Token): Resolved {
  return token.plain ? resolveScalar(token.value) : { type: "string", value: token.value };
}

function addItem(items: JsonValue[], node: Node): number {
  items.push(node.value);
  return node.size;
}

/** Whether a token ends an entry of a block mapping, so that what was to come is empty. */
function endsBlockEntry(kind: TokenKind): boolean {
  return kind === TokenKind.key || kind === TokenKind.value || kind === TokenKind.blockEnd;
}
