export { type Basic, type BasicKind, basicKind, basicOf } from "./basic-kind.js";
export { builtinFunctions } from "./builtin-functions.js";
export { equal, less } from "./comparison.js";
export type { Fit } from "./course.js";
export { deepEqual } from "./deep-equal.js";
export { type ContextOptions, createContext, type TemplateContext } from "./execution-context.js";
export { GoTemplateError, type GoTemplateErrorCode, type TemplatePlace } from "./go-template-error.js";
export { isTrue } from "./is-true.js";
export { kindOf, typeOf } from "./kind.js";
export { LimitExceeded } from "./limit-exceeded.js";
export {
  type ActionNode,
  type BoolNode,
  type BranchNode,
  type ChainNode,
  type CommandNode,
  type DotNode,
  type FieldNode,
  type IdentifierNode,
  type JumpNode,
  type ListNode,
  type NilNode,
  type Node,
  type NumberNode,
  nodeText,
  type OperandNode,
  type PipeNode,
  type StatementNode,
  type StringNode,
  type TemplateNode,
  type TextNode,
  type VariableNode,
} from "./nodes.js";
export type { Tree } from "./parse.js";
export { goPrint, goSprint, goSprintln } from "./print.js";
export type { MissingKey } from "./read-field.js";
export { isLooseMap } from "./shape.js";
export { goSprintf } from "./sprintf.js";
export {
  parseTemplate,
  type RepeatableExecution,
  type Template,
  type TemplateOptions,
  TemplateSet,
} from "./template-set.js";
export {
  joined,
  type Lookup,
  type Path,
  type Recorded,
  type Replay,
  type TraceOptions,
  Traces,
} from "./trace/traces.js";
export type {
  Chance,
  Clock,
  ContextOf,
  Effect,
  Environment,
  ExecutionContext,
  FunctionMap,
  Kind,
  LooseMap,
  ParameterType,
  PureContext,
  Value,
  ValueList,
} from "./value.js";
export {
  GoFunction,
  GoScalar,
  GoStruct,
  GoValue,
  int64,
  isRepeatable,
  NilPointer,
  noField,
  TypedMap,
  TypedSlice,
} from "./value.js";
