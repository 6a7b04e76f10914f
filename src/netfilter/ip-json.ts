import { isObject } from "../json/index.js";
import { NetfilterError } from "./netfilter-error.js";

/** An object of ip's JSON output. */
export type IpObject = Readonly<Record<string, unknown>>;

/** The objects in a value of ip's JSON output; none where there is no list. */
export function ipObjects(value: unknown): readonly IpObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Reads the output of `ip -json`, which is empty where there is nothing. @throws NetfilterError `host-unreadable`. */
export function readIpJson(text: string): readonly IpObject[] {
  try {
    return ipObjects(JSON.parse(text.trim() === "" ? "[]" : text));
  } catch (cause) {
    throw new NetfilterError("host-unreadable", "the output of ip -json is no JSON; is this iproute2's ip?", {
      cause,
    });
  }
}
