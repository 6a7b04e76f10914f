/** What a machine calls its ports, users and groups; iptables resolves such names where it runs. */
export interface Names {
  readonly services: ReadonlyMap<string, number>;
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

/** No names: only numbers are understood, and names are printed as they stand. */
export const noNames: Names = { services: new Map(), users: new Map(), groups: new Map() };

/** Reads a number as iptables does: decimal, `0x` hexadecimal, or octal after a leading zero; undefined if it is none. */
export function readNumber(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]+$/.test(text) && text.length <= 12) return Number.parseInt(text, 8);
  if (/^(0|[1-9][0-9]{0,9})$/.test(text)) return Number(text);
  return undefined;
}

/** `value` or `value/mask` of a packet mark. */
export function readMark(text: string): { value: number; mask: number } | undefined {
  const [first, second] = text.split("/");
  const value = readNumber(first ?? "");
  const mask = second === undefined ? 0xffffffff : readNumber(second);
  return value === undefined || mask === undefined ? undefined : { value, mask };
}
