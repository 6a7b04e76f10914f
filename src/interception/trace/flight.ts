import { type Address, formatAddress } from "../../go/index.js";
import type { Hook } from "../rule/rule.js";

/** A packet on its way: everything rules look at or change. */
export interface Flight {
  readonly family: 4 | 6;
  readonly protocol: "tcp" | "udp" | "icmp";
  source: Address;
  readonly sourcePort: number | undefined;
  destination: Address;
  destinationPort: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly cgroup: number | undefined;
  mark: number;
  connmark: number;
  zone: number | undefined;
  readonly state: string;
  hook: Hook;
  inInterface: string | undefined;
  outInterface: string | undefined;
  /** Port of the transparent listener the packet was handed to. */
  tproxyPort: number | undefined;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function endpoint(address: Address, port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
}
