import type { Interface, PodNetwork } from "../interception/index.js";
import { type IpObject, ipObjects, readIpJson } from "./ip-json.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

function interfaceOf(link: IpObject): Interface {
  const addresses = ipObjects(link.addr_info)
    .filter((info) => typeof info.local === "string" && typeof info.prefixlen === "number")
    .map((info) => `${info.local}/${info.prefixlen}`);
  return { name: String(link.ifname), addresses };
}

async function read(tools: ToolRunner, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await tools.run("ip", ["-json", ...args]);
  if (status === 127) throw new NetfilterError("tool-missing", "ip is not installed; install iproute2");
  if (status !== 0)
    throw new NetfilterError("host-unreadable", `ip ${args.join(" ")} failed: ${stderr.trim()}`);
  return stdout;
}

/** The mark whose packets a policy rule sends to a local route, if there is one. */
async function readLocalMark(tools: ToolRunner): Promise<number | undefined> {
  for (const rule of readIpJson(await read(tools, ["rule", "show"]))) {
    if (typeof rule.fwmark !== "string" || rule.table === undefined) continue;
    const routes = readIpJson(await read(tools, ["route", "show", "table", String(rule.table)]));
    if (routes.some((route) => route.type === "local" && route.dst === "default")) return Number(rule.fwmark);
  }
  return undefined;
}

/** Reads what the tracer must know of a network namespace. @throws NetfilterError `tool-missing`, `host-unreadable`. */
export async function readPodNetwork(tools: ToolRunner): Promise<PodNetwork> {
  const interfaces = readIpJson(await read(tools, ["address", "show"])).map(interfaceOf);
  const [route] = readIpJson(await read(tools, ["route", "show", "default"]));
  const fallback = interfaces.find(({ name }) => name !== "lo")?.name ?? "lo";
  const localMark = await readLocalMark(tools);
  return {
    interfaces,
    defaultInterface: typeof route?.dev === "string" ? route.dev : fallback,
    ...(localMark === undefined ? {} : { localMark }),
  };
}
