/** What the path of a request says about the environment of the proxy. */
export interface PathVariables {
  readonly variables: ReadonlyMap<string, string>;
  /** A key at the end of the path that has no value, and is therefore ignored. */
  readonly ignoredKey?: string;
}

const envMark = ":ENV:";
const names: ReadonlyMap<string, string> = new Map([
  ["cluster", "ISTIO_META_CLUSTER_ID"],
  ["net", "ISTIO_META_NETWORK"],
]);

/**
 * Reads the variables of a path such as `/inject/cluster/c1/net/n1`, percent-decoded, as Istio's injector does
 * (docs/behaviour.md#paths-of-the-webhook). The first segment is the handler's and not looked at. Never fails.
 */
export function pathVariables(path: string): PathVariables {
  const rest = afterHandler(path.endsWith("/") ? path.slice(0, -1) : path);
  if (rest === undefined) return { variables: new Map() };
  return rest.startsWith(envMark) ? deprecatedForm(rest) : segmentForm(rest);
}

/** What follows `/inject/`, undefined when nothing does. */
function afterHandler(path: string): string | undefined {
  const first = path.indexOf("/");
  const second = first === -1 ? -1 : path.indexOf("/", first + 1);
  return second === -1 ? undefined : path.slice(second + 1);
}

/** `:ENV:a=1:ENV:b=/x`: neither a slash nor its stand-in means anything in it. */
function deprecatedForm(rest: string): PathVariables {
  const variables = new Map<string, string>();
  for (const piece of rest.split(envMark).slice(1)) {
    const equals = piece.indexOf("=");
    if (equals > 0) set(variables, piece.slice(0, equals), piece.slice(equals + 1));
  }
  return { variables };
}

/** `a/1/b/2`, where `--slash--` in a value stands for a slash. */
function segmentForm(rest: string): PathVariables {
  const variables = new Map<string, string>();
  const segments = rest.split("/");
  for (let index = 0; index + 1 < segments.length; index += 2) {
    const [key = "", value = ""] = segments.slice(index, index + 2);
    set(variables, key, value.replaceAll("--slash--", "/"));
  }
  const last = segments.at(-1);
  return segments.length % 2 === 1 && last !== undefined ? { variables, ignoredKey: last } : { variables };
}

function set(variables: Map<string, string>, key: string, value: string): void {
  const name = names.get(key) ?? key.toUpperCase();
  if (name !== "") variables.set(name, value);
}
