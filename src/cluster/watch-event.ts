import { getOwn, isObject, type JsonObject } from "../json/index.js";
import { ClusterError } from "./cluster-error.js";
import { statusError } from "./https-client.js";

/** One thing a watch tells. */
export type WatchEvent =
  | { readonly kind: "put" | "delete"; readonly object: JsonObject; readonly resourceVersion: string }
  /** Nothing changed up to here. */
  | { readonly kind: "bookmark"; readonly resourceVersion: string };

/** Reads an event of a watch. @throws ClusterError for the event ERROR and for what is no event */
export function watchEvent(line: JsonObject, path: string): WatchEvent {
  const object = getOwn(line, "object");
  if (!isObject(object)) throw new ClusterError("malformed", `an event of ${path} has no object`);
  switch (getOwn(line, "type")) {
    case "ADDED":
    case "MODIFIED":
      return { kind: "put", object, resourceVersion: versionOf(object) };
    case "DELETED":
      return { kind: "delete", object, resourceVersion: versionOf(object) };
    case "BOOKMARK":
      return { kind: "bookmark", resourceVersion: versionOf(object) };
    case "ERROR": {
      const code = getOwn(object, "code");
      const message = getOwn(object, "message");
      throw statusError(
        path,
        typeof code === "number" ? code : 500,
        typeof message === "string" ? message : "",
      );
    }
    default:
      throw new ClusterError("malformed", `an event of ${path} is of an unknown type`);
  }
}

function versionOf(object: JsonObject): string {
  const metadata = getOwn(object, "metadata");
  const version = isObject(metadata) ? getOwn(metadata, "resourceVersion") : undefined;
  return typeof version === "string" ? version : "";
}
