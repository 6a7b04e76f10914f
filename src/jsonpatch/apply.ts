import fastJsonPatch from "fast-json-patch";
import type { JsonValue } from "../json/index.js";
import { JsonPatchError, type JsonPatchErrorCode } from "./json-patch-error.js";
import type { Operation } from "./operation.js";
import { plainTree, safePointer, safeTree } from "./safe-tree.js";

/**
 * Applies a JSON Patch to a document, and gives the document that results; null when the root was removed.
 * Neither input is changed, and the result shares nothing with them.
 * Throws JsonPatchError, and then nothing was applied.
 */
export function apply(document: JsonValue, operations: readonly Operation[]): JsonValue {
  if (!Array.isArray(operations))
    throw new JsonPatchError("operation-invalid", "a JSON Patch must be a list", undefined);
  // All are checked before the first is applied, and one by one, because the library does not tell which one it minds.
  const safe = operations.map(safeOperation);
  let current = safeTree(document);
  for (const [index, operation] of safe.entries()) {
    try {
      current = fastJsonPatch.applyOperation(current, operation, true, true, false, index).newDocument;
    } catch (error) {
      throw refusal(error, operations[index], index);
    }
  }
  return plainTree(current);
}

/** A copy of an operation that fast-json-patch can be trusted with. What is no operation is refused here. */
function safeOperation(operation: Operation, index: number): fastJsonPatch.Operation {
  const fail = (why: string) => new JsonPatchError("operation-invalid", `operation ${index}: ${why}`, index);
  if (typeof operation !== "object" || operation === null) throw fail("it must be an object");
  const { op, path } = operation;
  if (typeof path !== "string") throw fail("path must be a string");
  const place = safePointer(path);
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (!Object.hasOwn(operation, "value") || operation.value === undefined)
        throw fail(`${op} needs a value`);
      return { op, path: place, value: safeTree(operation.value) };
    case "move":
    case "copy":
      if (typeof operation.from !== "string") throw fail(`${op} needs a from`);
      return { op, path: place, from: safePointer(operation.from) };
    case "remove":
      return { op, path: place };
    default:
      throw fail(`${JSON.stringify(op)} is not an op; use add, remove, replace, move, copy or test`);
  }
}

const codes: Readonly<Record<string, JsonPatchErrorCode>> = {
  OPERATION_PATH_INVALID: "pointer-invalid",
  OPERATION_PATH_ILLEGAL_ARRAY_INDEX: "pointer-invalid",
  OPERATION_VALUE_OUT_OF_BOUNDS: "pointer-invalid",
  OPERATION_PATH_CANNOT_ADD: "path-missing",
  OPERATION_PATH_UNRESOLVABLE: "path-missing",
  OPERATION_FROM_UNRESOLVABLE: "path-missing",
  TEST_OPERATION_FAILED: "test-failed",
};

function refusal(cause: unknown, operation: Operation | undefined, index: number): unknown {
  const where = `operation ${index} (${operation?.op} ${operation?.path}): `;
  if (cause instanceof TypeError) {
    // It walks into values that are no containers, and then JavaScript itself complains.
    const why = "the path goes through a value that has no members";
    return new JsonPatchError("path-missing", where + why, index, { cause });
  }
  if (!(cause instanceof fastJsonPatch.JsonPatchError)) return cause;
  const { name } = cause;
  const why = cause.message.split("\n", 1)[0] ?? "";
  const code = (Object.hasOwn(codes, name) ? codes[name] : undefined) ?? "operation-invalid";
  return new JsonPatchError(code, where + why, index, { cause });
}
