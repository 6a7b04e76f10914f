import type { GoFunction } from "../gotemplate/index.js";
import { define } from "./invocation.js";
import { Version } from "./version.js";
import { VersionConstraint } from "./version-constraint.js";

/** The `semver` family. */
export const semverFunctions: readonly GoFunction[] = [
  define("semver", "pure", ["string"], (call) => Version.parse(call.text(0))),
  define("semverCompare", "pure", ["string", "string"], (call) => {
    const constraint = VersionConstraint.parse(call.text(0));
    return constraint.check(Version.parse(call.text(1)));
  }),
];
