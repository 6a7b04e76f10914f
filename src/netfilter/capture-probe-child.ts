// Probes in the network namespace this process was started in: request in on standard input, result out on standard
// output, both as JSON.
import { text } from "node:stream/consumers";
import { type ProbeRequest, probeCapture } from "./capture-probe.js";

interface ChildRequest extends ProbeRequest {
  /** Ids to probe with; only the proxy's own connections are captured on loopback. */
  readonly uid: number;
  readonly gid: number;
}

function isRequest(value: unknown): value is ChildRequest {
  if (typeof value !== "object" || value === null) return false;
  const wanted = ["ports", "probePort", "timeout", "ipv6", "token", "uid", "gid"];
  return wanted.every((name) => Object.hasOwn(value, name));
}

const request: unknown = JSON.parse(await text(process.stdin));
if (!isRequest(request)) throw new Error("this is no probe request");
process.setgroups?.([]);
process.setgid?.(request.gid);
process.setuid?.(request.uid);
process.stdout.write(JSON.stringify(await probeCapture(request)));
