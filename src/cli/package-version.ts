import { createRequire } from "node:module";

const manifest: unknown = createRequire(import.meta.url)("../../package.json");

/** The version in package.json, which stands beside src and beside dist. */
export const packageVersion: string =
  typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
