import { goQuote, unquote } from "../go/index.js";
import { GoTemplateError, type GoTemplateErrorCode, locate } from "./go-template-error.js";
import { Lexer } from "./lex.js";
import {
  type ActionNode,
  type BranchNode,
  type CommandNode,
  type JumpNode,
  type ListNode,
  type Node,
  nodeText,
  type OperandNode,
  type PipeNode,
  type StatementNode,
  type TemplateNode,
  type VariableNode,
} from "./nodes.js";
import { readNumber } from "./number-literal.js";
import { describeToken, type Token, type TokenType } from "./token.js";
import { TokenBuffer } from "./token-buffer.js";
import { VariableNames } from "./variable-names.js";

/** A parsed template: one `define`, one `block` or the text of a file outside them. */
export interface Tree {
  readonly name: string;
  /** The name of the text that it stands in. */
  readonly parseName: string;
  /** The whole text that the positions of its nodes count in. */
  readonly text: string;
  readonly root: ListNode;
  /** How deep statements and parentheses nest, in the stack that they take: a range counts more than an if. */
  readonly nesting: number;
}

export interface ParseOptions {
  readonly left: string;
  readonly right: string;
  readonly hasFunction: (name: string) => boolean;
}

// Parsing and compiling take JavaScript stack for every level: measured, this many use less than half of
// its default size. Templates that people write nest a dozen levels; every `else if` is one more.
const maxNesting = 250;
/** A range takes about three times the stack of an if when it runs. */
export const rangeWeight = 3;

const blank = /^(?:[^\S\ufeff]|\u0085)*$/;

/** What may end a list of statements. */
interface ListEnd {
  readonly type: "end" | "else";
  readonly position: number;
}

/** The state that a `define` and a `block` have of their own. */
interface Scope {
  readonly variables: VariableNames;
  rangeDepth: number;
  nesting: number;
  deepest: number;
}

/**
 * Parses a text into trees by name: the text itself under `name`, and what it defines.
 * The messages are Go's. Throws GoTemplateError with the codes `parse` and `limit`.
 */
export function parse(name: string, text: string, options: ParseOptions): Map<string, Tree> {
  return new Parser(name, text, options).parse();
}

/** Whether a tree prints nothing but white space. Such a tree does not replace another of its name. */
export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => node.type === "text" && blank.test(node.text));
}

/** One method a production of the grammar; longer than most files for that. */
class Parser {
  private readonly tokens: TokenBuffer;
  private readonly trees = new Map<string, Tree>();
  private scope: Scope = newScope();
  private actionLine = 0;
  private depth = 0;

  constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly options: ParseOptions,
  ) {
    const lexer = new Lexer(text, {
      left: options.left,
      right: options.right,
      breakIsKeyword: !options.hasFunction("break"),
      continueIsKeyword: !options.hasFunction("continue"),
    });
    this.tokens = new TokenBuffer(lexer);
  }

  parse(): Map<string, Tree> {
    const nodes: StatementNode[] = [];
    while (this.tokens.peek().type !== "eof") {
      if (this.tokens.peek().type === "leftDelim") {
        const delim = this.tokens.next();
        if (this.tokens.nextNonSpace().type === "define") {
          this.definition();
          continue;
        }
        this.tokens.backup2(delim);
      }
      const node = this.textOrAction();
      if (isListEnd(node)) return this.fail(`unexpected {{${node.type}}}`);
      nodes.push(node);
    }
    this.add(this.name, { type: "list", position: 0, nodes }, this.scope);
    return this.trees;
  }

  private fail(message: string, code: GoTemplateErrorCode = "parse"): never {
    const { line, position } = this.tokens.current();
    throw new GoTemplateError(code, `template: ${this.name}:${line}: ${message}`, {
      template: this.name,
      line,
      column: locate(this.text, position).column,
      action: "",
    });
  }

  private unexpected(token: Token, context: string): never {
    if (token.type !== "error") return this.fail(`unexpected ${describeToken(token)} in ${context}`);
    const elsewhere = this.actionLine !== 0 && this.actionLine !== token.line;
    const place = ` started at ${this.name}:${this.actionLine}`;
    const start = token.value.endsWith(" action") ? place : ` in action${place}`;
    return this.fail(token.value + (elsewhere ? start : ""));
  }

  private expect(type: TokenType, context: string): Token {
    const token = this.tokens.nextNonSpace();
    return token.type === type ? token : this.unexpected(token, context);
  }

  private add(name: string, root: ListNode, scope: Scope): void {
    const tree = { name, parseName: this.name, text: this.text, root, nesting: scope.deepest };
    const known = this.trees.get(name);
    if (known === undefined || isEmptyTree(known.root)) this.trees.set(name, tree);
    else if (!isEmptyTree(root)) this.fail(`template: multiple definition of template ${goQuote(name)}`);
  }

  /** Parses something one level deeper. */
  private nested<T>(parse: () => T, weight = 1): T {
    this.depth += 1;
    this.scope.nesting += weight;
    this.scope.deepest = Math.max(this.scope.deepest, this.scope.nesting);
    if (this.depth > maxNesting)
      this.fail(`statements and parentheses nest more than ${maxNesting} levels deep`, "limit");
    const node = parse();
    this.depth -= 1;
    this.scope.nesting -= weight;
    return node;
  }

  /** Parses the body of a `define` or a `block`, which sees none of the variables around it. */
  private separate(name: string, context: string): void {
    const outer = this.scope;
    const outerLine = this.actionLine;
    const inner = newScope();
    this.scope = inner;
    this.actionLine = 0;
    const [list, end] = this.nested(() => this.itemList());
    if (end.type !== "end") this.fail(`unexpected {{${end.type}}} in ${context}`);
    this.add(name, list, inner);
    this.scope = outer;
    this.actionLine = outerLine;
  }

  private definition(): void {
    const context = "define clause";
    const name = this.templateName(this.tokens.nextNonSpace(), context);
    this.expect("rightDelim", context);
    this.separate(name, context);
  }

  private itemList(): [ListNode, ListEnd] {
    const nodes: StatementNode[] = [];
    const { position } = this.tokens.peekNonSpace();
    while (this.tokens.peekNonSpace().type !== "eof") {
      const node = this.textOrAction();
      if (isListEnd(node)) return [{ type: "list", position, nodes }, node];
      nodes.push(node);
    }
    return this.fail("unexpected EOF");
  }

  private textOrAction(): StatementNode | ListEnd {
    const token = this.tokens.nextNonSpace();
    if (token.type === "text") return { type: "text", position: token.position, text: token.value };
    if (token.type !== "leftDelim") return this.unexpected(token, "input");
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): StatementNode | ListEnd {
    const token = this.tokens.nextNonSpace();
    switch (token.type) {
      case "block":
        return this.block();
      case "break":
      case "continue":
        return this.jump(token.type, token.position);
      case "else":
        return this.elseControl();
      case "end":
        return { type: "end", position: this.expect("rightDelim", "end").position };
      case "if":
      case "range":
      case "with":
        return this.control(token.type, token.position);
      case "template":
        return this.templateCall();
      default:
        return this.printed();
    }
  }

  private printed(): ActionNode {
    this.tokens.backup();
    const { position } = this.tokens.peek();
    return { type: "action", position, pipe: this.pipeline("command", "rightDelim") };
  }

  private jump(type: "break" | "continue", position: number): JumpNode {
    const token = this.tokens.nextNonSpace();
    if (token.type !== "rightDelim") this.unexpected(token, `{{${type}}}`);
    if (this.scope.rangeDepth === 0) this.fail(`{{${type}}} outside {{range}}`);
    return { type, position };
  }

  private elseControl(): ListEnd {
    // The `if` of an `else if` and the `with` of an `else with` stay for whoever reads this else.
    const token = this.tokens.peekNonSpace();
    if (token.type === "if" || token.type === "with") return { type: "else", position: token.position };
    return { type: "else", position: this.expect("rightDelim", "else").position };
  }

  private control(type: BranchNode["type"], position: number): BranchNode {
    const visible = this.scope.variables.mark();
    const node = this.nested(() => this.branch(type, position), type === "range" ? rangeWeight : 1);
    this.scope.variables.release(visible);
    return node;
  }

  private branch(type: BranchNode["type"], position: number): BranchNode {
    const pipe = this.pipeline(type, "rightDelim");
    if (type === "range") this.scope.rangeDepth += 1;
    const [list, end] = this.itemList();
    if (type === "range") this.scope.rangeDepth -= 1;
    const elseList = end.type === "else" ? this.elseList(type, end) : undefined;
    return { type, position, pipe, list, elseList };
  }

  private elseList(type: BranchNode["type"], start: ListEnd): ListNode {
    // `{{if a}}…{{else if b}}…{{end}}` is `{{if a}}…{{else}}{{if b}}…{{end}}{{end}}`; one end closes both.
    if (type !== "range" && this.tokens.peek().type === type) {
      const { position } = this.tokens.next();
      return { type: "list", position: start.position, nodes: [this.control(type, position)] };
    }
    const [list, end] = this.itemList();
    return end.type === "end" ? list : this.fail(`expected end; found {{${end.type}}}`);
  }

  private block(): TemplateNode {
    const context = "block clause";
    const token = this.tokens.nextNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, "rightDelim");
    this.separate(name, context);
    return { type: "template", position: token.position, name, pipe };
  }

  private templateCall(): TemplateNode {
    const context = "template clause";
    const token = this.tokens.nextNonSpace();
    const name = this.templateName(token, context);
    let pipe: PipeNode | undefined;
    if (this.tokens.nextNonSpace().type !== "rightDelim") {
      this.tokens.backup();
      pipe = this.pipeline(context, "rightDelim");
    }
    return { type: "template", position: token.position, name, pipe };
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "rawString") return this.unexpected(token, context);
    return this.unquoted(token);
  }

  private unquoted(token: Token): string {
    return unquote(token.value) ?? this.fail("invalid syntax");
  }

  private pipeline(context: string, end: "rightDelim" | "rightParen"): PipeNode {
    const { position } = this.tokens.peekNonSpace();
    const variables: VariableNode[] = [];
    const isAssign = this.declarations(context, variables);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.tokens.nextNonSpace();
      if (token.type === end) {
        this.checkPipeline(commands, context);
        return { type: "pipe", position, isAssign, variables, commands };
      }
      if (!operandTypes.has(token.type)) this.unexpected(token, context);
      this.tokens.backup();
      commands.push(this.command());
    }
  }

  /** Reads `$x :=`, `$x =` and, for range, `$x, $y :=`. Tells whether it is an assignment. */
  private declarations(context: string, variables: VariableNode[]): boolean {
    for (;;) {
      const variable = this.tokens.peekNonSpace();
      if (variable.type !== "variable") return false;
      this.tokens.next();
      const after = this.tokens.peek();
      const operator = this.tokens.peekNonSpace();
      const isComma = operator.type === "char" && operator.value === ",";
      if (operator.type !== "assign" && operator.type !== "declare" && !isComma) {
        // `$x` is an operand. Go back, over the space too, which separates it from the next.
        if (after.type === "space") this.tokens.backup3(variable, after);
        else this.tokens.backup2(variable);
        return false;
      }
      this.tokens.nextNonSpace();
      variables.push({ type: "variable", position: variable.position, name: variable.value, path: [] });
      this.scope.variables.declare(variable.value);
      if (!isComma) return operator.type === "assign";
      this.afterComma(context, variables.length);
      if (this.tokens.peekNonSpace().type !== "variable") return false;
    }
  }

  private afterComma(context: string, count: number): void {
    if (context !== "range" || count >= 2) this.fail(`too many declarations in ${context}`);
    const { type } = this.tokens.peekNonSpace();
    if (type !== "variable" && type !== "rightDelim" && type !== "rightParen")
      this.fail("range can only initialize variables");
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.forEach((command, index) => {
      if (index > 0 && notExecutable.has(command.args[0].type))
        this.fail(`non executable command in pipeline stage ${index + 1}`);
    });
  }

  private command(): CommandNode {
    const { position } = this.tokens.peekNonSpace();
    const args: OperandNode[] = [];
    for (;;) {
      this.tokens.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.tokens.next();
      if (token.type === "space") continue;
      if (token.type === "rightDelim" || token.type === "rightParen") this.tokens.backup();
      else if (token.type !== "pipe") this.unexpected(token, "operand");
      break;
    }
    const [first, ...rest] = args;
    return first === undefined
      ? this.fail("empty command")
      : { type: "command", position, args: [first, ...rest] };
  }

  private operand(): OperandNode | undefined {
    const node = this.term();
    if (node === undefined || this.tokens.peek().type !== "field") return node;
    const { position, value } = this.tokens.next();
    const path: [string, ...string[]] = [value.slice(1)];
    while (this.tokens.peek().type === "field") path.push(this.tokens.next().value.slice(1));
    switch (node.type) {
      case "field":
        return { type: "field", position, path: [...node.path, ...path] };
      case "variable":
        return { type: "variable", position, name: node.name, path };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.fail(`unexpected . after term ${goQuote(nodeText(node))}`);
      default:
        return { type: "chain", position, node, path };
    }
  }

  private term(): OperandNode | undefined {
    const token = this.tokens.nextNonSpace();
    const { position, value } = token;
    switch (token.type) {
      case "identifier":
        if (!this.options.hasFunction(value)) this.fail(`function ${goQuote(value)} not defined`);
        return { type: "identifier", position, name: value };
      case ".":
        return { type: "dot", position };
      case "nil":
        return { type: "nil", position };
      case "variable":
        if (!this.scope.variables.has(value)) this.fail(`undefined variable ${goQuote(value)}`);
        return { type: "variable", position, name: value, path: [] };
      case "field":
        return { type: "field", position, path: [value.slice(1)] };
      case "bool":
        return { type: "bool", position, value: value === "true" };
      case "charConstant":
      case "complex":
      case "number": {
        const number = readNumber(value, token.type === "complex");
        return typeof number === "string" ? this.fail(number) : { type: "number", position, ...number };
      }
      case "leftParen":
        return this.nested(() => this.pipeline("parenthesized pipeline", "rightParen"));
      case "string":
      case "rawString":
        return { type: "string", position, quoted: value, text: this.unquoted(token) };
      default:
        this.tokens.backup();
        return undefined;
    }
  }
}

const operandTypes: ReadonlySet<TokenType> = new Set<TokenType>([
  "bool",
  "charConstant",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

const notExecutable: ReadonlySet<Node["type"]> = new Set<Node["type"]>([
  "bool",
  "dot",
  "nil",
  "number",
  "string",
]);

function newScope(): Scope {
  return { variables: new VariableNames(), rangeDepth: 0, nesting: 0, deepest: 0 };
}

function isListEnd(node: StatementNode | ListEnd): node is ListEnd {
  return node.type === "end" || node.type === "else";
}
