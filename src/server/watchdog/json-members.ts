const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Where a member of an object is in the bytes of a JSON text. */
export interface JsonMember {
  /** As it is written, without its quotes; of a long one the beginning. */
  readonly key: string;
  /** The first quote of its key. */
  readonly at: number;
  /** Where its value begins and ends. */
  readonly from: number;
  readonly to: number;
}

// No key of Kubernetes is longer, with its prefix.
const longestKey = 320;

/**
 * Finds the members of the object whose value begins at an index, without parsing what is in them: memory and stack stay the
 * same however large or deep the text is, and each byte is looked at once. Of a text that is no JSON it finds what there is
 * until it ends; never fails.
 */
export function* jsonMembers(bytes: Uint8Array, start: number | undefined): Generator<JsonMember> {
  if (start === undefined || bytes[start] !== openBrace) return;
  let at = skipBlank(bytes, start + 1);
  while (bytes[at] === quote) {
    const keyEnd = skipString(bytes, at);
    const colonAt = skipBlank(bytes, keyEnd);
    if (bytes[colonAt] !== colon) return;
    const from = skipBlank(bytes, colonAt + 1);
    const to = skipValue(bytes, from);
    const key = Buffer.from(bytes.subarray(at + 1, Math.min(keyEnd - 1, at + longestKey))).toString();
    yield { key, at, from, to };
    const next = skipBlank(bytes, to);
    if (bytes[next] !== comma) return;
    at = skipBlank(bytes, next + 1);
  }
}

/** Those of some keys. Of several members of one key the last counts, as for JSON.parse. */
export function findMembers(
  bytes: Uint8Array,
  start: number | undefined,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, JsonMember> {
  const found = new Map<string, JsonMember>();
  for (const member of jsonMembers(bytes, start)) if (keys.has(member.key)) found.set(member.key, member);
  return found;
}

function skipBlank(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** @param start where the string's first quote is. @returns the index behind its last */
function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at + 1, bytes.length);
}

/** @returns the index behind the value */
function skipValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === quote) at = skipString(bytes, at);
    else if (byte === openBrace || byte === openBracket) {
      depth++;
      at++;
      continue;
    } else if (byte === closeBrace || byte === closeBracket) {
      // A number or word ends with the object around it.
      if (depth === 0) return at;
      depth--;
      at++;
    } else if (depth > 0 || !(byte === comma || isBlank(byte))) {
      at++;
      continue;
    }
    if (depth === 0) return at;
  }
  return at;
}
