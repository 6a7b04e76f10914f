import { fromByteString, quoteExcerpt, toByteString } from "../go/index.js";
import { SprigError } from "./sprig-error.js";

/** The part of a URL that a text stands in; each leaves other characters as they are. */
export type UrlPart = "path" | "fragment" | "user" | "host" | "zone";

/** What stays unescaped beside letters, digits and `-_.~`. */
const plain: Readonly<Record<UrlPart, string>> = {
  path: "$&+,/:;=@",
  fragment: "$&+,/:;=?@!()*",
  user: "$&+,;=",
  host: "!$&'()*+,;=:[]<>\"",
  zone: "!$&'()*+,;=:[]<>\"",
};

/** Escapes a text for its part, byte by byte. */
export function escapeUrl(text: string, part: UrlPart): string {
  const kept = plain[part];
  let escaped = "";
  for (const byte of toByteString(text)) {
    if (/^[A-Za-z0-9\-_.~]$/.test(byte) || kept.includes(byte)) escaped += byte;
    else escaped += `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** Undoes `%XX`. In hosts only bytes that are no ASCII may be escaped, and other odd characters may not stand. */
export function unescapeUrl(text: string, part: UrlPart): string {
  const bytes = toByteString(text);
  const inHost = part === "host" || part === "zone";
  let unescaped = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charAt(at);
    if (byte === "%") {
      unescaped += escapedByte(bytes, at, part);
      at += 2;
      continue;
    }
    if (inHost && byte < "\x80" && !/^[A-Za-z0-9\-_.~]$/.test(byte) && !plain[part].includes(byte)) {
      throw new SprigError("syntax", `invalid character ${quoteExcerpt(byte)} in host name`);
    }
    unescaped += byte;
  }
  return fromByteString(unescaped);
}

function escapedByte(bytes: string, at: number, part: UrlPart): string {
  const escaped = bytes.slice(at, at + 3);
  const invalid = new SprigError("syntax", `invalid URL escape ${quoteExcerpt(fromByteString(escaped))}`);
  if (!/^%[0-9A-Fa-f]{2}$/.test(escaped)) throw invalid;
  const code = Number.parseInt(escaped.slice(1), 16);
  if (part === "host" && code < 0x80 && escaped !== "%25") throw invalid;
  const byte = String.fromCharCode(code);
  if (part === "zone" && escaped !== "%25" && byte !== " " && mustEscapeInZone(byte)) throw invalid;
  return byte;
}

function mustEscapeInZone(byte: string): boolean {
  return !/^[A-Za-z0-9\-_.~]$/.test(byte) && !plain.zone.includes(byte);
}
