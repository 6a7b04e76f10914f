import type { EnumSchema } from "./enum-value.js";

/** The scalar types that the mesh configuration uses. */
export type ScalarType = "string" | "bool" | "int32" | "uint32" | "int64" | "double";

/** What one field, one element of a list or one entry of a map holds. */
export type ElementType =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly enum: EnumSchema }
  | { readonly kind: "message"; readonly message: MessageSchema };

/** One field of a message. */
export interface FieldSchema {
  /** `proxy_metadata` */
  readonly protoName: string;
  /** `proxyMetadata` */
  readonly jsonName: string;
  /** `ProxyMetadata`; the getter is `Get` and this. */
  readonly goName: string;
  readonly cardinality: "single" | "repeated" | "map";
  readonly element: ElementType;
  /** The oneof that the field is a member of. */
  readonly oneof: OneofSchema | undefined;
}

/** A group of fields of which one at most is set. In Go it is one struct field of an interface type. */
export interface OneofSchema {
  /** `cluster_name` */
  readonly protoName: string;
  /** `ClusterName` */
  readonly goName: string;
  readonly fields: readonly FieldSchema[];
  /** The Go struct that holds one member, `v1alpha1.ProxyConfig_ServiceCluster`; its only field is the member's goName. */
  goTypeOf(field: FieldSchema): string;
}

/** A message type. */
export interface MessageSchema {
  /** `istio.mesh.v1alpha1.ProxyConfig` */
  readonly name: string;
  /** The struct as `%T` prints it without its star: `v1alpha1.ProxyConfig`. */
  readonly goType: string;
  /** In declaration order, which is the order of writing. */
  readonly fields: readonly FieldSchema[];
  readonly oneofs: readonly OneofSchema[];
  /** By JSON name and by proto name. */
  readonly byName: ReadonlyMap<string, FieldSchema>;
  /** By Go name: members of oneofs too, which only have a getter in Go. */
  readonly byGoName: ReadonlyMap<string, FieldSchema>;
}

/** Finds the field that Go code calls by this name (`ProxyMetadata`), undefined when the message has none. */
export function fieldByGoName(schema: MessageSchema, goName: string): FieldSchema | undefined {
  return schema.byGoName.get(goName);
}

/** Finds the oneof that Go code calls by this name (`ClusterName`), undefined when the message has none. */
export function oneofByGoName(schema: MessageSchema, goName: string): OneofSchema | undefined {
  return schema.oneofs.find((oneof) => oneof.goName === goName);
}
