import { type GoFunction, GoScalar, kindOf, type LooseMap } from "../gotemplate/index.js";
import { formatUrl, formatUser, hostName, parseUrl } from "./go-url.js";
import { define, type Invocation } from "./invocation.js";
import { nilDereference, SprigError } from "./sprig-error.js";

/** The `url` family: URLs as dictionaries. */
export const urlFunctions: readonly GoFunction[] = [
  define("urlParse", "pure", ["string"], (call) => dictionaryOf(call)),
  define("urlJoin", "pure", ["map[string]interface {}"], (call) => joined(call.map(0) ?? {})),
];

function dictionaryOf(call: Invocation): LooseMap {
  try {
    const { user, ...parts } = parseUrl(call.text(0));
    return { ...parts, hostname: hostName(parts.host), userinfo: user === undefined ? "" : formatUser(user) };
  } catch (cause) {
    if (!(cause instanceof SprigError)) throw cause;
    throw new SprigError("syntax", `unable to parse url: ${cause.message}`, { cause });
  }
}

function joined(parts: LooseMap): string {
  const userInfo = part(parts, "userinfo");
  return formatUrl({
    scheme: part(parts, "scheme"),
    host: part(parts, "host"),
    path: part(parts, "path"),
    query: part(parts, "query"),
    opaque: part(parts, "opaque"),
    fragment: part(parts, "fragment"),
    user: userInfo === "" ? undefined : userOf(userInfo),
  });
}

function userOf(userInfo: string): ReturnType<typeof parseUrl>["user"] {
  try {
    return parseUrl(`proto://${userInfo}@host`).user;
  } catch (cause) {
    if (!(cause instanceof SprigError)) throw cause;
    throw new SprigError("syntax", `unable to parse userinfo in dict: ${cause.message}`, { cause });
  }
}

/** A part is a string of any type, or absent. */
function part(parts: LooseMap, key: string): string {
  if (!Object.hasOwn(parts, key)) return "";
  const value = parts[key];
  if (value === null || value === undefined) throw nilDereference();
  const text = value instanceof GoScalar ? value.value : value;
  if (typeof text === "string") return text;
  throw new SprigError(
    "argument",
    `unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`,
  );
}
