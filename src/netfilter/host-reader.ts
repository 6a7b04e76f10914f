import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { type CaptureSettings, type HostFacts, hostAddress, nameServers } from "../interception/index.js";
import { ipObjects, readIpJson } from "./ip-json.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

/** What was found out about the machine. */
export interface Host extends HostFacts {
  /** The first usable address. */
  readonly address: string;
}

/** The addresses in the output of `ip -json address`. @throws NetfilterError `host-unreadable`. */
export function addressesOf(json: string): readonly string[] {
  return readIpJson(json)
    .flatMap((link) => ipObjects(link.addr_info))
    .flatMap((info) => (typeof info.local === "string" ? [info.local] : []));
}

async function readAddresses(tools: ToolRunner, ownNamespace: boolean): Promise<readonly string[]> {
  const { status, stdout, stderr } = await tools.run("ip", ["-json", "address", "show"]);
  if (status === 0) return addressesOf(stdout);
  if (!ownNamespace)
    throw new NetfilterError("host-unreadable", `the namespace's addresses cannot be read: ${stderr.trim()}`);
  return Object.values(networkInterfaces()).flatMap((infos) => (infos ?? []).map((info) => info.address));
}

/** The kernel lists all IPv4 addresses before the first IPv6 one, and the first usable one decides. */
function inKernelOrder(addresses: readonly string[]): readonly string[] {
  const isIPv6 = (text: string) => text.includes(":");
  return [...addresses.filter((text) => !isIPv6(text)), ...addresses.filter(isIPv6)];
}

async function readNameServers(path: string): Promise<Pick<HostFacts, "dnsServersV4" | "dnsServersV6">> {
  try {
    return nameServers(await readFile(path, "utf8"));
  } catch (cause) {
    throw new NetfilterError(
      "host-unreadable",
      `${path} cannot be read, and DNS is to be captured by name server; capture all DNS instead, or name servers there`,
      { cause },
    );
  }
}

/**
 * Finds out what planning needs: addresses, and name servers where DNS is captured by server.
 * @throws NetfilterError `host-unreadable`, InterceptionError `host-unknown` without a usable address.
 */
export async function readHost(
  tools: ToolRunner,
  settings: Pick<CaptureSettings, "dualStack" | "redirectDns" | "captureAllDns">,
  where: { ownNamespace: boolean; resolvConf: string },
): Promise<Host> {
  const addresses = inKernelOrder(await readAddresses(tools, where.ownNamespace));
  const { ipv6, address } = hostAddress(addresses, settings.dualStack);
  const byServer = settings.redirectDns && !settings.captureAllDns;
  const servers = byServer ? await readNameServers(where.resolvConf) : { dnsServersV4: [], dnsServersV6: [] };
  return { ipv6, address, ...servers };
}

/** The uid of a user, from the text of /etc/passwd; undefined if it has none. */
export function uidOf(passwd: string, user: string): string | undefined {
  for (const line of passwd.split("\n")) {
    const [name, , uid] = line.split(":");
    if (name === user && uid !== undefined && /^\d+$/.test(uid)) return uid;
  }
  return undefined;
}

/** The uid of a user of this machine; undefined if there is none. */
export async function lookUpUser(user: string): Promise<string | undefined> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  return uidOf(passwd, user);
}
