/** Numbers in [0, 1) that follow from a seed. */
export type Random = () => number;

/** Mulberry32: small, and the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list, by chance. */
export function oneOf<T>(random: Random, list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

const words = ["a", "ab", "b", "b1", "web", "cart", "shop", "cart-v2", "x", "reviews", "a1", "blue", "zed"];

/** What people sensibly write, by the kind of text. */
const sensible = {
  word: words,
  name: [...words, "pay-7f8c9d5b6-x2x4z", "kube-prometheus-stack", "a-rather-long-name-of-a-container"],
  image: [
    "cart:1",
    "example.com/cart:1.2.3",
    "docker.io/library/nginx",
    "r.example:5000/a/b@sha256:0123abcd",
    "auto",
  ],
  text: [
    "some text",
    "It is 5 o'clock",
    "100%",
    "a,b,c",
    "http://x.example/?q=1&r=2",
    "é",
    "v1.2",
    "k=v",
    "p-q_r",
  ],
  number: ["1", "8", "30", "80", "443", "8080", "15020", "65535"],
  bool: ["true", "false"],
  ports: ["", "80", "80,443", "8080, 9090", "*"],
  outPorts: ["", "3306", "27017,6379"],
  cidrs: ["", "10.0.0.0/8", "10.0.0.0/8,192.168.0.0/16", "*", "fd00::/8"],
  devices: ["", "eth1", "eth1,net2"],
  cpu: ["100m", "1", "2", "0.5", "1500m"],
  memory: ["64Mi", "1Gi", "128Mi", "1G"],
  level: ["info", "debug", "default:info", "misc:error,rbac:debug"],
  path: ["/", "/healthz", "/ready?full=1", "/metrics", "app"],
  version: ["v1", "v2", "1", "1.0", "2.10.3", "latest", "1e3", "0x10", "007", "yes"],
  json: ['{"name":"x"}', "{}", '{"a":1,"b":[1,2],"name":"y"}', '{"name":null}', "[]", '{"c":{"d":"e"}}'],
  volume: ['{"cache":{"emptyDir":{}}}', "[]", '{"conf":{"configMap":{"name":"conf"}}}'],
  mount: ['{"cache":{"mountPath":"/cache"}}', '{"conf":{"mountPath":"/conf","readOnly":true}}'],
  config: [
    "concurrency: 2",
    "proxyMetadata:\n  A: b\n  C: 'd e'",
    "holdApplicationUntilProxyStarts: true",
    '{"tracing":{"sampling":10}}',
    "image:\n  imageType: distroless",
    "terminationDrainDuration: 30s",
  ],
  patch: ["merge", "replace", "delete"],
  overrides: ['{"containers":[{"name":"istio-proxy","image":"own:1"}]}', '{"initContainers":[]}'],
} as const;

/** The kinds of text that a pod's author writes. */
export type TextKind = keyof typeof sensible;

/** What nobody should write, and what a reader of YAML or JSON may trip over. */
const hostile = [
  ...[
    "",
    " ",
    "a b ",
    " a",
    "\t",
    "\n",
    "a\nb",
    "a\r\nb",
    "\u0000",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\u{1f600}",
    "\ud800",
  ],
  ...['"', "'", "''", "\\", "\\n", '\\"', 'a"b', "it's", '"quoted"', "'quoted'", "`", "a\\"],
  ...[
    "a: b",
    "a:",
    ":",
    "a #b",
    "#",
    "- a",
    "-",
    "--- a",
    "...",
    "? a",
    "!x",
    "&x",
    "*x",
    "*",
    "|",
    ">",
    "%",
    "@",
    "~",
  ],
  ...["{", "}", "{}", "[", "]", "[a]", ",", "a,b", "{a: b}", "x: {y: z}", "a\n  b: c", '"\n  evil: "true'],
  ...[
    "true",
    "no",
    "y",
    "null",
    "Null",
    "0",
    "-1",
    "08",
    "0o7",
    "1_000",
    "1e3",
    ".5",
    ".inf",
    ".nan",
    "<<",
    "=",
  ],
  ...[
    "9223372036854775808",
    "2147483648",
    "-2147000000",
    "1.0",
    "12:30:45",
    "2001-12-14",
    "0x1F",
    "100m",
    "1Ki",
  ],
  ...[
    "{{ .Values }}",
    "{{",
    "$(X)",
    "$patch",
    "null deletes",
    "\ue000",
    "\ue0010",
    "__proto__",
    "constructor",
  ],
  ...["a".repeat(70), "é".repeat(40), "-_.", "UPPER", "x".repeat(1100)],
];

/** How a pod's texts are chosen: all sensibly, one in fifty not, or one in four not. */
export type Temper = "tame" | "odd" | "wild";

const chanceOfHostile: Readonly<Record<Temper, number>> = { tame: 0, odd: 0.02, wild: 0.25 };

/** A text of a kind, or something hostile instead. */
export function randomText(random: Random, kind: TextKind, temper: Temper): string {
  if (random() < chanceOfHostile[temper])
    return random() < 0.15 ? oneOf(random, hostile) + oneOf(random, hostile) : oneOf(random, hostile);
  const list: readonly string[] = sensible[kind];
  const text = oneOf(random, list);
  // Names differ from pod to pod, so that nothing is right by having been seen.
  const isName = kind === "name" || kind === "image" || kind === "text";
  return isName && random() < 0.5 ? `${text}${Math.floor(random() * 1e4).toString(36)}` : text;
}
