/**
 * A type as a table writes it: a scalar, or the name of a message or an enum, after `repeated ` or `map `
 * (whose keys are always strings). A name without a known package is one of the table's own package.
 */
export type FieldType = string;

/** Fields by their proto names in declaration order. A oneof stands where its first field stands. */
export type FieldTable = Readonly<
  Record<string, FieldType | { readonly oneof: Readonly<Record<string, FieldType>> }>
>;

/** Messages and enums of one proto package, by the names they have in it. */
export interface MessageTable {
  readonly package: string;
  readonly messages: Readonly<Record<string, FieldTable>>;
  /** The numbers of each enum by name; the first one is the zero value. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
