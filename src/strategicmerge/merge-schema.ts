/** How the fields of one kind of object merge. */
export interface MergeSchema {
  /** The type's name, for messages. */
  readonly name: string;
  /** What is known of a field; undefined when the object has no such field. */
  field(name: string): MergeField | undefined;
}

/** How one field merges. */
export interface MergeField {
  /** The schema of the object, or of the items of the list; undefined where nothing below is known by name. */
  readonly schema: MergeSchema | undefined;
  readonly list: boolean;
  /**
   * For a list: the key that tells items apart, "" for a set of plain values,
   * undefined when the patch's list takes the place of the old one.
   */
  readonly mergeKey: string | undefined;
}
