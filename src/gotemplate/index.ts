export { type Basic, type BasicKind, basicKind, basicOf } from "./compare.js";
export { deepEqual } from "./deep-equal.js";
export { formatFloat } from "./format-float.js";
export { isTrue } from "./is-true.js";
export { kindOf, typeOf } from "./kind.js";
export { goPrint, goSprint, goSprintln } from "./print.js";
export { goQuote } from "./quote.js";
export { compareStrings, sortedKeys } from "./sorted-keys.js";
export { goSprintf } from "./sprintf.js";
export { byteLength, decodeUtf8, encodeUtf8 } from "./utf8.js";
export type {
  ExecutionContext,
  FunctionMap,
  Kind,
  LooseMap,
  ParameterType,
  Value,
  ValueList,
} from "./value.js";
export {
  GoFunction,
  GoScalar,
  GoStruct,
  GoValue,
  getEntry,
  int64,
  NilPointer,
  noField,
  setEntry,
  TypedMap,
  TypedSlice,
} from "./value.js";
