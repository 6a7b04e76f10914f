import { requestTimeout } from "../admission/index.js";

/** Where a request goes. */
export interface RequestTarget {
  /** The path, percent-decoded. */
  readonly path: string;
  /** Where to send the client instead, since the path has empty, `.` or `..` segments: percent-encoded, with the query. */
  readonly redirect?: string;
  /** How long the sender waits, in milliseconds, by the query's `timeout`. */
  readonly patience?: number;
}

/**
 * Reads the target of a request line the way Go's router does: decoded, and cleaned by a redirect rather than in
 * silence, so that `//` is never taken for an empty value. Undefined when the percent-encoding is broken.
 */
export function requestTarget(url: string): RequestTarget | undefined {
  const plain = url.startsWith("/") ? url : withoutOrigin(url);
  const mark = plain.indexOf("?");
  const query = mark === -1 ? "" : plain.slice(mark);
  const path = decode(mark === -1 ? plain : plain.slice(0, mark));
  if (path === undefined) return undefined;
  const clean = cleanPath(path);
  if (clean !== path)
    return { path, redirect: `${encodeURI(clean).replace(/[?#]/g, encodeURIComponent)}${query}` };
  const patience = requestTimeout(new URLSearchParams(query).get("timeout"));
  return patience === undefined ? { path } : { path, patience };
}

/** As {@link requestTarget}, for a server: an API server asks for the same target all the time, so the last one is kept. */
export function targetReader(): (url: string) => RequestTarget | undefined {
  let last: { readonly url: string; readonly target: RequestTarget | undefined } | undefined;
  return (url) => {
    if (last?.url !== url) last = { url, target: requestTarget(url) };
    return last.target;
  };
}

/** A proxy's request line names scheme and host before the path. */
function withoutOrigin(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/i, "");
}

function decode(path: string): string | undefined {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** As Go's path.Clean, with a slash at the end kept. */
function cleanPath(path: string): string {
  if (path.startsWith("/") && !/\/(\.{0,2}\/|\.{1,2}$)/.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const clean = `/${segments.join("/")}`;
  return path.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}
