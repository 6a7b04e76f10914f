import { canBeNil, constantKind, numberOfType, zeroOf } from "./convert-argument.js";
import { type NumberNode, nodeText, type OperandNode } from "./nodes.js";
import type { Eval } from "./run.js";
import type { ParameterType } from "./value.js";

/** A literal other than nil. */
export type ConstantNode = Extract<OperandNode, { type: "bool" | "number" | "string" }>;

/** The value of a literal where no type is asked for. */
export function constant(node: ConstantNode): Eval {
  if (node.type === "number") return numberConstant(node);
  const value = node.type === "bool" ? node.value : node.text;
  return () => value;
}

/** int, or float64 when it is written as one. */
function numberConstant(node: NumberNode): Eval {
  if (node.isComplex) return (run) => run.fail(`complex constant ${node.text} is not supported`);
  const isHexInt = /^0[xX][^pP]+$/.test(node.text);
  const value =
    node.float !== undefined && !isHexInt && !node.isChar && /[.eEpP]/.test(node.text)
      ? node.float
      : node.int;
  if (value === undefined) return (run) => run.fail(`${node.text} overflows int`);
  return () => value;
}

/** nil as an argument: only types that have a nil take it. */
export function nilArgument(type: ParameterType): Eval {
  if (!canBeNil(type)) return (run) => run.fail(`cannot assign nil to ${type}`);
  return () => zeroOf(type);
}

/** A literal as an argument: it takes the type of the parameter if it can. */
export function constantArgument(node: ConstantNode, type: ParameterType): Eval {
  if (type === "any" || type === "interface {}" || type === "reflect") return constant(node);
  const kind = constantKind(type);
  if (kind === "other") return (run) => run.fail(`can't handle ${nodeText(node)} for arg of type ${type}`);
  const value = constantOfKind(node, kind);
  if (value === undefined) return (run) => run.fail(`expected ${kindNames[kind]}; found ${nodeText(node)}`);
  const typed = typeof value === "bigint" || typeof value === "number" ? numberOfType(type, value) : value;
  return () => typed;
}

const kindNames = {
  string: "string",
  bool: "bool",
  int: "integer",
  uint: "unsigned integer",
  float: "float",
};

function constantOfKind(
  node: ConstantNode,
  kind: keyof typeof kindNames,
): string | boolean | bigint | number | undefined {
  if (node.type === "string") return kind === "string" ? node.text : undefined;
  if (node.type === "bool") return kind === "bool" ? node.value : undefined;
  return kind === "int" || kind === "uint" || kind === "float" ? node[kind] : undefined;
}
