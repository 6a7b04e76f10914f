import type { GoFunction } from "../gotemplate/index.js";
import { defineAll } from "./invocation.js";

/** Go's path functions; those of filepath are the same on Linux. */
export const pathFunctions: readonly GoFunction[] = [
  ...defineAll(["base", "osBase"], "pure", ["string"], (call) => base(call.text(0))),
  ...defineAll(["dir", "osDir"], "pure", ["string"], (call) => directory(call.text(0))),
  ...defineAll(["clean", "osClean"], "pure", ["string"], (call) => clean(call.text(0))),
  ...defineAll(["ext", "osExt"], "pure", ["string"], (call) => extension(call.text(0))),
  ...defineAll(["isAbs", "osIsAbs"], "pure", ["string"], (call) => call.text(0).startsWith("/")),
];

function base(path: string): string {
  if (path === "") return ".";
  return path.split("/").findLast((part) => part !== "") ?? "/";
}

function directory(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

/** The shortest path with the same meaning, by text alone. */
function clean(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push(part);
  }
  const text = kept.join("/");
  return rooted ? `/${text}` : text || ".";
}

function extension(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") ? path.slice(dot) : "";
}
