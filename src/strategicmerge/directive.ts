/** The keys of a patch that are orders to the merge and not data. */
export const directive = {
  /** In a map: what to do with the map, or with the item of a list it is. */
  patch: "$patch",
  /** In a map: the keys that stay. */
  retainKeys: "$retainKeys",
  /** Before the name of a list: the order of its items. */
  order: "$setElementOrder/",
  /** Before the name of a list of plain values: values to take out. */
  deleteValues: "$deleteFromPrimitiveList/",
} as const;
