/** Where a request goes. */
export interface RequestTarget {
  /** The path, percent-decoded. */
  readonly path: string;
  /** Where to send the client instead, since the path has empty, `.` or `..` segments: percent-encoded, with the query. */
  readonly redirect?: string;
  /** The query's `timeout`, decoded. */
  readonly timeout: string | null;
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
  const timeout = new URLSearchParams(query).get("timeout");
  return clean === path
    ? { path, timeout }
    : { path, timeout, redirect: `${encodeURI(clean).replace(/[?#]/g, encodeURIComponent)}${query}` };
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
