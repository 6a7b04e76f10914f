/**
 * Why a patch cannot be merged.
 * `not-an-object`: a document is no JSON object; `directive-invalid`: a directive is unknown, or its list is malformed;
 * `retain-keys-invalid`: the patch sets a key that its `$retainKeys` does not list; `order-mismatch`: a list is not in the
 * order its `$setElementOrder` gives; `merge-key-missing`: an item of a keyed list lacks the key;
 * `list-items-differ`: a list mixes types of items, or holds lists; `field-unknown`: both sides have a map or list where the
 * schema knows none.
 */
export type StrategicMergeErrorCode =
  | "not-an-object"
  | "directive-invalid"
  | "retain-keys-invalid"
  | "order-mismatch"
  | "merge-key-missing"
  | "list-items-differ"
  | "field-unknown";

/** A patch that cannot be merged. Messages are in the words of Kubernetes. */
export class StrategicMergeError extends Error {
  override readonly name = "StrategicMergeError";

  constructor(
    readonly code: StrategicMergeErrorCode,
    message: string,
  ) {
    super(message);
  }
}
