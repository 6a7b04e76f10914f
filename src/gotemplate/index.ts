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
