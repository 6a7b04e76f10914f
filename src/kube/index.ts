export { decode, decodeContainers, decodePartialPod, decodePod } from "./decode.js";
export { detectOwner, type Owner } from "./detect-owner.js";
export { goOrderedJson, normalize, normalizeDecoded, normalizePod } from "./encode.js";
export { canonicalQuantity, formatQuantity } from "./format-quantity.js";
export { KubeError, type KubeErrorCode } from "./kube-error.js";
export { compileSelector, type Labels, type SelectorResult } from "./label-selector.js";
export { labelKeyFault, labelValueFault } from "./label-syntax.js";
export { listKey } from "./list-key.js";
export { parseQuantity, type Quantity, type QuantityFormat } from "./quantity.js";
export {
  type FieldSchema,
  type GoKind,
  type GoType,
  type StructSchema,
  schemaOf,
  structSchema,
} from "./struct-schema.js";
