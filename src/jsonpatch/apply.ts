import fastJsonPatch from "fast-json-patch";
import { JsonPatchError, type JsonPatchErrorCode } from "./json-patch-error.js";
import type { JsonValue } from "./json-value.js";
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
  const safe = operations.map(safeOperation);
  try {
    const { newDocument } = fastJsonPatch.applyPatch(safeTree(document), safe, true, true, false);
    return plainTree(newDocument);
  } catch (error) {
    throw wrapped(error, operations);
  }
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

function wrapped(cause: unknown, operations: readonly Operation[]): unknown {
  if (cause instanceof TypeError) {
    // It walks into values that are no containers, and then JavaScript itself complains.
    return new JsonPatchError("path-missing", "a path goes through a value that has no members", undefined, {
      cause,
    });
  }
  if (!(cause instanceof fastJsonPatch.JsonPatchError)) return cause;
  const { name, index } = cause;
  const operation = index === undefined ? undefined : operations[index];
  const where = operation === undefined ? "" : `operation ${index} (${operation.op} ${operation.path}): `;
  const why = cause.message.split("\n", 1)[0] ?? "";
  const code = (Object.hasOwn(codes, name) ? codes[name] : undefined) ?? "operation-invalid";
  return new JsonPatchError(code, `${where}${why}`, index, { cause });
}
