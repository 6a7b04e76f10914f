import type { MergeField, MergeSchema } from "./merge-schema.js";

const wrapped = new WeakMap<MergeSchema, MergeSchema>();

/**
 * A schema that takes fields which the given one does not know, such as those of a newer Kubernetes: maps in them merge,
 * lists are replaced. Kubernetes itself never meets such a field, since its typed objects have dropped it before the merge.
 */
export function tolerant(schema: MergeSchema): MergeSchema {
  const known = wrapped.get(schema);
  if (known !== undefined) return known;
  const fields = new Map<string, MergeField>();
  const made: MergeSchema = {
    name: schema.name,
    field(name) {
      const known = fields.get(name);
      if (known !== undefined) return known;
      const field = schema.field(name);
      if (field === undefined) return unknownField;
      const made = { ...field, schema: field.schema && tolerant(field.schema) };
      fields.set(name, made);
      return made;
    },
  };
  wrapped.set(schema, made);
  return made;
}

const unknownStruct: MergeSchema = { name: "a field of unknown type", field: () => unknownField };
const unknownField: MergeField = { schema: unknownStruct, list: true, mergeKey: undefined };
