import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  type CaptureSettings,
  defaultProxyId,
  type ExecutionOptions,
  splitList,
} from "../interception/index.js";
import { type ProbeRequest, type ProbeResult, probeCapture } from "./capture-probe.js";
import { NetfilterError } from "./netfilter-error.js";
import type { ToolRunner } from "./tool-runner.js";

const child = fileURLToPath(new URL("./capture-probe-child.js", import.meta.url));

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65536) return port;
  throw new NetfilterError(
    "validation-failed",
    `${JSON.stringify(text)} is not a port that can be listened on`,
  );
}

function firstId(list: string): number {
  const [first = ""] = splitList(list);
  return Number(/^\d{1,10}$/.test(first) ? first : defaultProxyId);
}

/** Runs the probe in a process of its own: in the namespace the tools work in, as the proxy. */
async function probeInChild(
  tools: ToolRunner,
  request: ProbeRequest,
  settings: CaptureSettings,
): Promise<ProbeResult> {
  const ids = { uid: firstId(settings.proxyUids), gid: firstId(settings.proxyGids) };
  const input = JSON.stringify({ ...request, ...ids });
  const { status, stdout, stderr } = await tools.run(process.execPath, [child], { input });
  const result: unknown = status === 0 ? JSON.parse(stdout) : undefined;
  if (typeof result === "object" && result !== null && "captured" in result && "reason" in result)
    return { captured: result.captured === true, reason: String(result.reason) };
  return { captured: false, reason: `the probe could not run as uid ${ids.uid}: ${stderr.trim()}` };
}

/**
 * Proves that traffic is captured. The rules spare nobody's loopback traffic but the application's, so only the proxy
 * can prove it: root probes as the proxy, any other user as itself.
 * @throws NetfilterError `validation-failed` if it is not.
 */
export async function validateCapture(
  tools: ToolRunner,
  settings: CaptureSettings,
  options: ExecutionOptions,
  ipv6: boolean,
): Promise<string> {
  const request: ProbeRequest = {
    ports: [...new Set([portNumber(settings.outboundPort), portNumber(settings.inboundPort)])],
    probePort: options.probePort,
    timeout: options.probeTimeout,
    ipv6,
    token: randomBytes(24).toString("hex"),
  };
  const root = process.getuid?.() === 0;
  const { captured, reason } = await (root ? probeInChild(tools, request, settings) : probeCapture(request));
  if (!captured) throw new NetfilterError("validation-failed", `capture is not proven: ${reason}`);
  return reason;
}
