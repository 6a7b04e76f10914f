import { goQuote } from "../go/index.js";

/** The nodes of a parsed template. `position` counts UTF-16 units from the start of its text. */
export interface ListNode {
  readonly type: "list";
  readonly position: number;
  readonly nodes: readonly StatementNode[];
}

export interface TextNode {
  readonly type: "text";
  readonly position: number;
  readonly text: string;
}

/** A pipeline that is printed, or that declares or assigns variables. */
export interface ActionNode {
  readonly type: "action";
  readonly position: number;
  readonly pipe: PipeNode;
}

/** `if`, `with` and `range` have the same shape. */
export interface BranchNode {
  readonly type: "if" | "with" | "range";
  readonly position: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

/** `template`, and the place where a `block` stands. */
export interface TemplateNode {
  readonly type: "template";
  readonly position: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface JumpNode {
  readonly type: "break" | "continue";
  readonly position: number;
}

export interface PipeNode {
  readonly type: "pipe";
  readonly position: number;
  /** Whether the variables are assigned (`=`) and not declared (`:=`). */
  readonly isAssign: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly type: "command";
  readonly position: number;
  /** The operation and what it is applied to; at least one. */
  readonly args: readonly [OperandNode, ...OperandNode[]];
}

export interface IdentifierNode {
  readonly type: "identifier";
  readonly position: number;
  readonly name: string;
}

/** `$x`, or `$x.a.b` with its path. */
export interface VariableNode {
  readonly type: "variable";
  readonly position: number;
  readonly name: string;
  readonly path: readonly string[];
}

export interface DotNode {
  readonly type: "dot";
  readonly position: number;
}

export interface NilNode {
  readonly type: "nil";
  readonly position: number;
}

/** `.a.b`. */
export interface FieldNode {
  readonly type: "field";
  readonly position: number;
  readonly path: readonly [string, ...string[]];
}

/** A path after something that is neither a variable nor a field: `(f x).a.b`. */
export interface ChainNode {
  readonly type: "chain";
  readonly position: number;
  readonly node: OperandNode;
  readonly path: readonly [string, ...string[]];
}

export interface BoolNode {
  readonly type: "bool";
  readonly position: number;
  readonly value: boolean;
}

/** A number with every type it may take. */
export interface NumberNode {
  readonly type: "number";
  readonly position: number;
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly isComplex: boolean;
  readonly isChar: boolean;
}

export interface StringNode {
  readonly type: "string";
  readonly position: number;
  /** As written, with its quotes. */
  readonly quoted: string;
  readonly text: string;
}

/** What may stand in a list. */
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

/** What may stand in a command. */
export type OperandNode =
  | IdentifierNode
  | VariableNode
  | DotNode
  | NilNode
  | FieldNode
  | ChainNode
  | BoolNode
  | NumberNode
  | StringNode
  | PipeNode;

export type Node = ListNode | StatementNode | CommandNode | OperandNode;

/** A node as a template text, as Go's messages show it. */
export function nodeText(node: Node): string {
  switch (node.type) {
    case "list":
      return node.nodes.map(nodeText).join("");
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range":
      return branchText(node);
    case "template":
      return `{{template ${goQuote(node.name)}${node.pipe === undefined ? "" : ` ${nodeText(node.pipe)}`}}}`;
    case "break":
    case "continue":
      return `{{${node.type}}}`;
    case "pipe":
      return pipeText(node);
    case "command":
      return node.args.map((arg) => (arg.type === "pipe" ? `(${nodeText(arg)})` : nodeText(arg))).join(" ");
    default:
      return operandText(node);
  }
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList === undefined ? "" : `{{else}}${nodeText(node.elseList)}`;
  return `{{${node.type} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}

function pipeText(node: PipeNode): string {
  const variables = node.variables.map(nodeText).join(", ");
  const assigned = variables === "" ? "" : `${variables} ${node.isAssign ? "=" : ":="} `;
  return assigned + node.commands.map(nodeText).join(" | ");
}

function operandText(node: Exclude<OperandNode, PipeNode>): string {
  switch (node.type) {
    case "identifier":
      return node.name;
    case "variable":
      return [node.name, ...node.path].join(".");
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "field":
      return `.${node.path.join(".")}`;
    case "chain": {
      const receiver = node.node.type === "pipe" ? `(${nodeText(node.node)})` : nodeText(node.node);
      return `${receiver}.${node.path.join(".")}`;
    }
    case "bool":
      return node.value ? "true" : "false";
    case "number":
      return node.text;
    case "string":
      return node.quoted;
  }
}
