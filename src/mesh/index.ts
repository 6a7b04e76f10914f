export { defaultMeshConfig } from "./default-mesh-config.js";
export { defaultProxyConfig } from "./default-proxy-config.js";
export { durationMessage, durationText, formatDuration, parseDuration } from "./duration-message.js";
export { effectiveProxyConfig, type ProxyConfigInput } from "./effective-proxy-config.js";
export { type EnumSchema, EnumValue } from "./enum-value.js";
export { formatMultiError } from "./format-multi-error.js";
export {
  applyMeshConfig,
  loadMeshConfig,
  type SourceOptions,
} from "./load-mesh-config.js";
export { MeshError, type MeshErrorCode, type MeshErrorPlace } from "./mesh-error.js";
export {
  durationNanoseconds,
  type ElementValue,
  type FieldValue,
  isList,
  isMap,
  Message,
  messagesEqual,
} from "./message.js";
export {
  type ElementType,
  type FieldSchema,
  fieldByGoName,
  type MessageSchema,
  type OneofSchema,
  oneofByGoName,
  type ScalarType,
} from "./message-schema.js";
export { type InjectorValues, parseValues, type TypedValues } from "./parse-values.js";
export {
  annotationOverlay,
  applyAnnotationOffline,
  checkProxyConfigAnnotation,
} from "./proxy-config-annotation.js";
export { applyProxyConfig, overlayProxyConfig } from "./proxy-config-layers.js";
export { type ProxyConfigResource, parseProxyConfigResource } from "./proxy-config-resource.js";
export { proxyConfigToJson } from "./proxy-config-to-json.js";
export { type ImageParts, proxyImageUrl } from "./proxy-image-url.js";
export { type MeshWarning, type ReadOptions, readMessage } from "./read-message.js";
export { meshConfigSchema, messageSchema, proxyConfigSchema } from "./schemas.js";
export { validateMeshConfig } from "./validate-mesh-config.js";
export { validateProxyConfig } from "./validate-proxy-config.js";
export { protoJson } from "./write-message.js";
