import { compareBytes } from "../go/index.js";
import { GoFunction, GoScalar, GoStruct, noField, type Value } from "../gotemplate/index.js";
import { SprigError } from "./sprig-error.js";

const pattern =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const largest = 2n ** 64n - 1n;

/** The three numbers and the labels of a version. */
export interface VersionParts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

/** A `*semver.Version` of Masterminds/semver 3.2.0: `1`, `v1.2` and `1.2.3-rc.1+build` are versions. */
export class Version extends GoStruct {
  readonly kind: "ptr" | "struct";
  readonly type: string;

  constructor(
    readonly parts: VersionParts,
    readonly original: string,
    kind: "ptr" | "struct" = "ptr",
  ) {
    super();
    this.kind = kind;
    this.type = kind === "ptr" ? "*semver.Version" : "semver.Version";
  }

  /** Reads a version; a text that is none is a `syntax` error. */
  static parse(text: string): Version {
    const match = pattern.exec(text);
    if (match === null) throw new SprigError("syntax", "Invalid Semantic Version");
    const [, major = "", minor = "0", patch = "0", prerelease = "", metadata = ""] = match;
    const parts = {
      major: segment(major),
      minor: segment(minor),
      patch: segment(patch),
      prerelease,
      metadata,
    };
    if (prerelease.split(".").some((part) => /^0[0-9]+$/.test(part))) {
      throw new SprigError("syntax", "Version segment starts with 0");
    }
    return new Version(parts, text);
  }

  /** The order of semver.org: build metadata does not count, a prerelease comes before its release. */
  compare(other: Version): number {
    for (const key of ["major", "minor", "patch"] as const) {
      if (this.parts[key] !== other.parts[key]) return this.parts[key] < other.parts[key] ? -1 : 1;
    }
    return comparePrereleases(this.parts.prerelease, other.parts.prerelease);
  }

  override toText(): string {
    const { major, minor, patch, prerelease, metadata } = this.parts;
    const suffix = (prerelease && `-${prerelease}`) + (metadata && `+${metadata}`);
    return `${major}.${minor}.${patch}${suffix}`;
  }

  toJSON(): Value {
    return this.toText();
  }

  /** A name that no template can spell: it is there for comparison, since Go's fields are not exported. */
  fieldNames(): readonly string[] {
    return ["the version"];
  }

  field(name: string): Value | typeof noField {
    return name === "the version" ? `${this.toText()} ${this.original}` : noField;
  }

  override method(name: string): GoFunction | undefined {
    return this.reader(name) ?? this.comparison(name) ?? this.increment(name);
  }

  private reader(name: string): GoFunction | undefined {
    const { parts } = this;
    const readers: Readonly<Record<string, () => Value>> = {
      Major: () => new GoScalar("uint64", "uint64", parts.major),
      Minor: () => new GoScalar("uint64", "uint64", parts.minor),
      Patch: () => new GoScalar("uint64", "uint64", parts.patch),
      Prerelease: () => parts.prerelease,
      Metadata: () => parts.metadata,
      Original: () => this.original,
      String: () => this.toText(),
    };
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    return read && new GoFunction(name, "pure", [], false, read);
  }

  private comparison(name: string): GoFunction | undefined {
    const tests: Readonly<Record<string, (order: number) => Value>> = {
      Compare: (order) => BigInt(order),
      Equal: (order) => order === 0,
      LessThan: (order) => order < 0,
      GreaterThan: (order) => order > 0,
    };
    const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
    if (test === undefined) return undefined;
    return new GoFunction(name, "pure", ["*semver.Version"], false, ([other]) => {
      if (other instanceof Version) return test(this.compare(other));
      throw new SprigError("argument", `${name} needs a *semver.Version`);
    });
  }

  private increment(name: string): GoFunction | undefined {
    const { major, minor, patch, prerelease } = this.parts;
    const next: Readonly<Record<string, readonly [bigint, bigint, bigint]>> = {
      IncMajor: [major + 1n, 0n, 0n],
      IncMinor: [major, minor + 1n, 0n],
      IncPatch: [major, minor, prerelease === "" ? patch + 1n : patch],
    };
    const numbers = Object.hasOwn(next, name) ? next[name] : undefined;
    return numbers && new GoFunction(name, "pure", [], false, () => this.successor(...numbers));
  }

  private successor(major: bigint, minor: bigint, patch: bigint): Version {
    const version = new Version({ major, minor, patch, prerelease: "", metadata: "" }, "", "struct");
    return new Version(
      version.parts,
      (this.original.startsWith("v") ? "v" : "") + version.toText(),
      "struct",
    );
  }
}

function segment(digits: string): bigint {
  // A number of more digits than 2^64 has cannot fit, and is not worth reading.
  const value = digits.replace(/^0+(?=.)/, "").length > 20 ? largest + 1n : BigInt(digits.slice(-20) || "0");
  if (value <= largest) return value;
  throw new SprigError(
    "syntax",
    `Error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`,
  );
}

/** Part by part: numbers by value and before words; of two that start alike the longer is greater. */
export function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "" || right === "") return left === "" ? 1 : -1;
  const lefts = left.split(".");
  const rights = right.split(".");
  for (let i = 0; i < Math.max(lefts.length, rights.length); i++) {
    const order = compareParts(lefts[i] ?? "", rights[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "" || right === "") return left === "" ? -1 : 1;
  const a = numberOf(left);
  const b = numberOf(right);
  if (a === undefined && b === undefined) return compareBytes(left, right) > 0 ? 1 : -1;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a > b ? 1 : -1;
}

function numberOf(part: string): bigint | undefined {
  if (!/^[0-9]{1,20}$/.test(part)) return undefined;
  const value = BigInt(part);
  return value <= largest ? value : undefined;
}
