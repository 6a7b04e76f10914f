import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { realPods, reviewText } from "./reviews.js";
import { hostileText } from "./values.js";

/** Nobody may answer a review that is hidden in the body of another request. */
export const smuggled = "smuggled-7f3";

const review = reviewText(realPods[0] ?? {});
const hidden = request("POST", "/inject", ["Host: a", "Content-Type: application/json"], reviewOf(smuggled));

function reviewOf(uid: string): string {
  return review.replace(/"uid":"[^"]*"/, `"uid":"${uid}"`);
}

function request(method: string, target: string, headers: readonly string[], body: string): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return `${method} ${target} HTTP/1.1\r\n${[...headers, length].join("\r\n")}\r\n\r\n${body}`;
}

const methods = [
  "POST",
  "POST",
  "POST",
  "GET",
  "PUT",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PATCH",
  "post",
  "P OST",
  "",
  "\u0000",
  "PRI",
];
const targets = [
  ...[
    "/inject",
    "/inject",
    "/inject",
    "/inject?timeout=10s",
    "/inject?timeout=-1s",
    "/inject?timeout=1ns",
    "/inject/cluster/a/net/b",
  ],
  ...[
    "//inject",
    "/inject/",
    "/inject/../ready",
    "/ready/../inject",
    "/%69nject",
    "/inject%00",
    "/inject%",
    "/inject#a",
    "/INJECT",
  ],
  ...[
    "*",
    "",
    "inject",
    "/ready",
    "/ready?verbose",
    "/metrics",
    "/livez",
    "https://localhost/inject",
    "http://a:99999/inject",
    "///",
    "/.",
  ],
];
const versions = [
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/2.0",
  "HTTP/0.9",
  "HTTP/1.2",
  "HTTP/1.1 ",
  "HTTPS/1.1",
  "",
  "http/1.1",
];
const types = [
  "application/json",
  "application/json",
  "application/json; charset=utf-8",
  "text/plain",
  "application/JSON",
  "",
  "multipart/form-data",
  "application/x-www-form-urlencoded",
  "\u0000",
  "a".repeat(300),
];
const lengths = [
  "-1",
  "+5",
  "0x10",
  "1e3",
  "9007199254740993",
  "99999999999999999999",
  " 5 ",
  "",
  "5, 5",
  "5,6",
  "5 6",
  "1_0",
  "٣",
];
const encodings = [
  "chunked",
  "Chunked",
  "gzip, chunked",
  "chunked, chunked",
  "chunked, identity",
  "identity",
  "xchunked",
  "chunked\u000b",
  "",
  " chunked ",
  "gzip",
];
const others = [
  ...[
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Connection: close",
    "Connection: keep-alive, upgrade",
    "Connection: Content-Length",
  ],
  ...[
    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    "Upgrade: websocket\r\nConnection: Upgrade",
  ],
  ...[
    "Content-Encoding: gzip",
    "no colon",
    " folded: a",
    "a: b\r\n c",
    "a : b",
    ": empty",
    "a\u0000b: c",
    "a: b\u0000c",
    "é: ü",
  ],
  ...[
    "X: ".padEnd(20_000, "x"),
    "Trailer: Content-Length",
    "Host: b",
    "X-HTTP-Method-Override: GET",
    "__proto__: a",
    "constructor: a",
  ],
  ...[
    "Proxy-Connection: keep-alive",
    "Te: trailers",
    "Range: bytes=0-1",
    "If-None-Match: *",
    "Forwarded: for=1",
  ],
  ...[Array.from({ length: 150 }, (_, at) => `x${at}: y`).join("\r\n"), "a: b\nc: d", "a: b\rc: d"],
];

function chunked(random: Random, body: string): string {
  const chance = random();
  const hex = Buffer.byteLength(body).toString(16);
  const sizes = [
    hex,
    `000${hex}`,
    `${hex};a=b`,
    `${hex} `,
    `-${hex}`,
    `0x${hex}`,
    "FFFFFFFFFFFFFFFFF",
    "",
    `${hex};${"a".repeat(20_000)}`,
    hex.toUpperCase(),
  ];
  const end = oneOf(random, [
    "0\r\n\r\n",
    "0\r\n\r\n",
    "0\r\nContent-Length: 5\r\n\r\n",
    "0\n\n",
    "0\r\n",
    "",
    "00\r\n\r\n",
    "g\r\n\r\n",
  ]);
  if (chance < 0.3) return `${hex}\r\n${body}\r\n0\r\n\r\n`;
  const eol = oneOf(random, ["\r\n", "\r\n", "\n", ""]);
  return `${oneOf(random, sizes)}${eol}${body}${eol}${end}`;
}

function anyBody(random: Random): string {
  const chance = random();
  if (chance < 0.6) return review;
  if (chance < 0.7) return "";
  return chance < 0.85 ? hostileText(random) : review.slice(0, Math.floor(random() * review.length));
}

/** Header lines that say how long a body is, and the body. */
interface Framed {
  readonly headers: readonly string[];
  readonly body: string;
}

/** Bodies whose length is said wrongly, twice or not at all. */
function oddlyFramed(random: Random): Framed {
  const body = anyBody(random);
  const bytes = Buffer.byteLength(body);
  if (random() < 0.4)
    return { headers: [`Transfer-Encoding: ${oneOf(random, encodings)}`], body: chunked(random, body) };
  const length = oneOf(random, [bytes, bytes, bytes, bytes, bytes - 1, bytes + 1, 0, ...lengths]);
  return { headers: random() < 0.05 ? [] : [`Content-Length: ${length}`], body };
}

/**
 * Bodies that hold a request. Whoever goes by one length sees a body, whoever goes by the other sees the request: a server must
 * take it for a body, or refuse all of it.
 */
function hiding(random: Random): Framed {
  const length = `Content-Length: ${Buffer.byteLength(hidden)}`;
  if (random() < 0.3) return { headers: [length], body: hidden };
  const body = `0\r\n\r\n${hidden}`;
  const whole = `Content-Length: ${Buffer.byteLength(body)}`;
  const encoding = `Transfer-Encoding: ${oneOf(
    random,
    encodings.filter((one) => one.trim() !== ""),
  )}`;
  return oneOf<Framed>(random, [
    { headers: [whole, "Transfer-Encoding: chunked"], body },
    { headers: ["Transfer-Encoding: chunked", whole], body },
    { headers: [whole, encoding], body },
    { headers: [whole, "Content-Length: 5"], body },
    { headers: ["Content-Length: 5", whole], body },
    { headers: [whole, "Transfer-Encoding : chunked"], body },
    { headers: [whole, " Transfer-Encoding: chunked"], body },
    { headers: [whole, "a: b\n Transfer-Encoding: chunked"], body },
    { headers: [whole, "Connection: Content-Length"], body },
    { headers: [whole, "Upgrade: websocket", "Connection: Upgrade"], body },
    { headers: [whole, "Expect: 100-continue"], body },
    { headers: ["Content-Length: 0x5", whole], body },
  ]);
}

/** A request that a proxy might have mangled, or that nobody but an attacker would send. */
export function rawRequest(random: Random): string {
  const { headers: framing, body } = random() < 0.25 ? hiding(random) : oddlyFramed(random);
  const headers: string[] = random() < 0.9 ? ["Host: localhost"] : [];
  if (random() < 0.8) headers.push(`Content-Type: ${oneOf(random, types)}`);
  headers.push(...framing);
  for (let left = Math.floor(random() ** 2 * 4); left > 0; left--) headers.push(oneOf(random, others));
  const line = [oneOf(random, methods), oneOf(random, targets), oneOf(random, versions)];
  const eol = random() < 0.95 ? "\r\n" : "\n";
  return [line.join(random() < 0.95 ? " " : "\t"), ...headers].join(eol) + eol + eol + body;
}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000";

/** What is sent over one connection, in pieces. */
export interface RawConnection {
  /** Over TLS, in plain text to the TLS port, or to the plain port. */
  readonly to: "tls" | "tls port" | "plain port";
  readonly pieces: readonly Uint8Array[];
  /** The client does not wait for what is answered. */
  readonly leaves: boolean;
}

export function rawConnection(random: Random): RawConnection {
  const chance = random();
  const to = chance < 0.7 ? "tls" : chance < 0.8 ? "tls port" : "plain port";
  const text =
    random() < 0.05
      ? preface
      : Array.from({ length: 1 + Math.floor(random() ** 3 * 4) }, () => rawRequest(random)).join("");
  const whole = random() < 0.1 ? tlsLike(random) : Buffer.from(text, random() < 0.9 ? "utf8" : "latin1");
  const sent = random() < 0.85 ? whole : whole.subarray(0, Math.floor(random() * whole.length));
  return { to, pieces: cut(sent, random), leaves: random() < 0.1 };
}

function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const count = random() < 0.6 ? 1 : 1 + Math.floor(random() * 8);
  const places = Array.from({ length: count - 1 }, () => Math.floor(random() * bytes.length)).sort(
    (a, b) => a - b,
  );
  return [0, ...places].map((from, at) => bytes.slice(from, places[at] ?? bytes.length));
}

/** Records of TLS that are none. */
function tlsLike(random: Random): Uint8Array {
  const length = Math.floor(random() ** 2 * 600);
  const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const heads = [
    [0x16, 3, 1, length >> 8, length & 255, 1],
    [0x16, 3, 3, 0xff, 0xff],
    [0x15, 3, 3, 0, 2, 2, 40],
    [0x17, 3, 3, 0, 0],
    [0x80, 0x2e, 1, 0, 2],
    [],
  ];
  return Buffer.concat([Uint8Array.from(oneOf(random, heads)), bytes]);
}
