import { quoteExcerpt } from "../go/index.js";
import { SprigError } from "./sprig-error.js";
import { escapeUrl, unescapeUrl } from "./url-escape.js";

/** The parts of a URL as Go's net/url has them: path, fragment and host decoded, the query as it stands. */
export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  /** `undefined` is no user at all, which is not the same as an empty one. */
  readonly user: UserInfo | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

export interface UserInfo {
  readonly name: string;
  /** `undefined` is no password, `""` is one after a colon. */
  readonly password: string | undefined;
}

/** url.Parse. A text that is no URL is a `syntax` error with Go's message. */
export function parseUrl(text: string): GoUrl {
  const [main, fragment] = cut(text, "#");
  try {
    if ([...main].some((rune) => rune < " " || rune === "\x7f"))
      throw broken("net/url: invalid control character in URL");
    return { ...parseMain(main), fragment: unescapeUrl(fragment ?? "", "fragment") };
  } catch (cause) {
    if (!(cause instanceof SprigError)) throw cause;
    throw broken(`parse ${quoteExcerpt(text)}: ${cause.message}`, cause);
  }
}

function parseMain(text: string): Omit<GoUrl, "fragment"> {
  const [scheme, afterScheme] = splitScheme(text);
  const [rest, query = ""] = cut(afterScheme, "?");
  const empty = { scheme, opaque: "", user: undefined, host: "", path: "", query };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...empty, opaque: rest };
    if (cut(rest, "/")[0].includes(":")) throw broken("first path segment in URL cannot contain colon");
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) {
    return { ...empty, path: unescapeUrl(rest, "path") };
  }
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? "" : rest.slice(slash);
  return { ...empty, ...parseAuthority(authority), path: unescapeUrl(path, "path") };
}

/** The scheme in lower case and the text behind its colon. */
function splitScheme(text: string): [string, string] {
  const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme !== undefined) return [scheme.toLowerCase(), rest];
  if (text.startsWith(":")) throw broken("missing protocol scheme");
  return ["", text];
}

const userCharacters = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

function parseAuthority(authority: string): Pick<GoUrl, "user" | "host"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const info = authority.slice(0, at);
  if (!userCharacters.test(info)) throw broken("net/url: invalid userinfo");
  const [name, password] = cut(info, ":");
  return {
    user: {
      name: unescapeUrl(name, "user"),
      password: password === undefined ? undefined : unescapeUrl(password, "user"),
    },
    host,
  };
}

/** A name or address with its port. In brackets, `%25` begins the zone of an IPv6 address. */
function parseHost(host: string): string {
  if (!host.startsWith("[")) {
    const colon = host.lastIndexOf(":");
    if (colon >= 0) checkPort(host.slice(colon));
    return unescapeUrl(host, "host");
  }
  const bracket = host.lastIndexOf("]");
  if (bracket < 0) throw broken("missing ']' in host");
  checkPort(host.slice(bracket + 1));
  const zone = host.slice(0, bracket).indexOf("%25");
  if (zone < 0) return unescapeUrl(host, "host");
  return (
    unescapeUrl(host.slice(0, zone), "host") +
    unescapeUrl(host.slice(zone, bracket), "zone") +
    unescapeUrl(host.slice(bracket), "host")
  );
}

function checkPort(port: string): void {
  if (!/^(?::[0-9]*)?$/.test(port)) throw broken(`invalid port ${quoteExcerpt(port)} after host`);
}

/** URL.Hostname: without the port and without brackets. */
export function hostName(host: string): string {
  const name = /^(.*):[0-9]*$/s.exec(host)?.[1] ?? host;
  return /^\[.*\]$/s.test(name) ? name.slice(1, -1) : name;
}

/** Userinfo.String. */
export function formatUser({ name, password }: UserInfo): string {
  return escapeUrl(name, "user") + (password === undefined ? "" : `:${escapeUrl(password, "user")}`);
}

/** URL.String. */
export function formatUrl(url: GoUrl): string {
  const scheme = url.scheme === "" ? "" : `${url.scheme}:`;
  const query = url.query === "" ? "" : `?${url.query}`;
  const fragment = url.fragment === "" ? "" : `#${escapeUrl(url.fragment, "fragment")}`;
  return scheme + (url.opaque === "" ? formatHierarchy(url) : url.opaque) + query + fragment;
}

function formatHierarchy({ scheme, user, host, path }: GoUrl): string {
  const named = host !== "" || user !== undefined;
  const slashes = named || (scheme !== "" && path !== "") ? "//" : "";
  const authority = (user === undefined ? "" : `${formatUser(user)}@`) + escapeUrl(host, "host");
  const escaped = path === "*" ? "*" : escapeUrl(path, "path");
  const between = escaped !== "" && !escaped.startsWith("/") && host !== "" ? "/" : "";
  const start = scheme + slashes + authority + between;
  // Or the first segment would read as a scheme.
  const dot = start === "" && cut(escaped, "/")[0].includes(":") ? "./" : "";
  return slashes + authority + between + dot + escaped;
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function broken(message: string, cause?: unknown): SprigError {
  return new SprigError("syntax", message, cause === undefined ? {} : { cause });
}
