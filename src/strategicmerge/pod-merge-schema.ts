import { type FieldSchema, type StructSchema, structSchema } from "../kube/index.js";
import type { MergeField, MergeSchema } from "./merge-schema.js";

/** A schema without fields, for plain maps such as labels. */
class PlainMap implements MergeSchema {
  constructor(readonly name: string) {}
  field(): undefined {
    return undefined;
  }
}

class StructMergeSchema implements MergeSchema {
  readonly name: string;
  readonly #fields = new Map<string, MergeField>();

  constructor(readonly struct: StructSchema) {
    this.name = struct.name;
  }

  field(name: string): MergeField | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const field = this.struct.field(name);
    if (field === undefined) return undefined;
    const made = mergeField(field);
    this.#fields.set(name, made);
    return made;
  }
}

const schemas = new Map<string, StructMergeSchema>();

function mergeField({ type, mergeKey }: FieldSchema): MergeField {
  const list = type.kind === "list";
  const inner = list ? (type.element ?? type) : type;
  return {
    schema: inner.structName === undefined ? new PlainMap(inner.goType) : schemaNamed(inner.structName),
    list,
    mergeKey: mergeKey === "." ? "" : mergeKey,
  };
}

function schemaNamed(name: string): StructMergeSchema | undefined {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const struct = structSchema(name);
  if (struct === undefined) return undefined;
  const schema = new StructMergeSchema(struct);
  schemas.set(name, schema);
  return schema;
}

/** How a Pod merges: the merge keys of Kubernetes' Go types. Made from the pod schema, each struct when first needed. */
export const podMergeSchema: MergeSchema = schemaNamed("Pod") ?? new PlainMap("Pod");
