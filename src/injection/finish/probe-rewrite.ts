import { goJson, parseGoBool } from "../../go/index.js";
import { isObject, type JsonObject } from "../../json/index.js";
import { goOrderedJson } from "../../kube/index.js";
import { containerNames, names } from "../names.js";
import type { Container, Handler, HttpGet, Lifecycle, Probe } from "../pod.js";
import type { Texts, WorkingPod } from "../working-pod.js";
import { appendEnv } from "./append-env.js";
import { hookUrlEnds, probeUrlEnds } from "./prober-url.js";

/** The sidecar's variable that holds the table of the application's own probes. */
export const probersVariable = "ISTIO_KUBE_APP_PROBERS";

function probeUrl(container: Container, end: string): string {
  return `/app-health/${container.name}/${end}`;
}

function hookUrl(container: Container, end: string): string {
  return `/app-lifecycle/${container.name}/${end}`;
}

/** Whether probes are rewritten: an annotation that reads as a bool, else the values. */
export function probeRewriteEnabled(annotations: Texts, setting: boolean): boolean {
  const said = annotations.get(names.rewriteProbers);
  return (said === undefined ? undefined : parseGoBool(said)) ?? setting;
}

/** The number of a port that may be a name of the same container's; undefined when the name is not known. */
function portNumber(container: Container, port: number | string): number | undefined {
  if (typeof port === "number") return port;
  return container.ports?.find((candidate) => candidate.name === port)?.containerPort;
}

/** The handlers the agent can stand in for, with their Go types. Of several the first counts. */
const handlerKinds = [
  ["httpGet", "HTTPGetAction"],
  ["tcpSocket", "TCPSocketAction"],
  ["grpc", "GRPCAction"],
] as const;

/** One entry of the table as JSON: the handler in Go's field order, and the timeout unless it is zero. */
function proberJson(kind: (typeof handlerKinds)[number], action: JsonObject, timeoutSeconds: number): string {
  const timeout = timeoutSeconds === 0 ? "" : `,"timeoutSeconds":${timeoutSeconds}`;
  return `{"${kind[0]}":${goOrderedJson(kind[1], action)}${timeout}}`;
}

/** The entry for a handler, undefined for what the agent does not stand in for. */
function dumpHandler(
  container: Container,
  handler: Handler,
  timeoutSeconds: number,
  agentPort: number,
): string | undefined {
  const kind = handlerKinds.find(([field]) => handler[field] !== undefined);
  if (kind === undefined) return undefined;
  if (kind[0] === "grpc") return proberJson(kind, { ...handler.grpc } as JsonObject, timeoutSeconds);
  const action = handler[kind[0]];
  const port = action && portNumber(container, action.port);
  // A probe that asks the agent already is one that an earlier injection rewrote.
  if (port === undefined || port === agentPort) return undefined;
  return proberJson(kind, { ...action, port } as JsonObject, timeoutSeconds);
}

/** One probe or hook as the agent reads it. */
interface Prober {
  readonly url: string;
  readonly json: string;
}

/** All probes and hooks. Of several with one URL, which containers of one name have, the last counts. */
function dumpProbers(containers: readonly Container[], agentPort: number): readonly Prober[] {
  const table: Prober[] = [];
  const add = (url: string, json: string | undefined) => {
    if (json !== undefined) table.push({ url, json });
  };
  for (const container of containers) {
    if (container.name === containerNames.proxy) continue;
    for (const [field, end] of probeUrlEnds) {
      const probe = container[field];
      if (probe)
        add(probeUrl(container, end), dumpHandler(container, probe, probe.timeoutSeconds ?? 0, agentPort));
    }
    for (const [field, end] of hookUrlEnds) {
      const hook = container.lifecycle?.[field];
      // The agent plays HTTP and TCP hooks only; gRPC is no kind of hook.
      if (hook?.httpGet ?? hook?.tcpSocket)
        add(hookUrl(container, end), dumpHandler(container, hook ?? {}, 0, agentPort));
    }
  }
  return table;
}

function byUrl(a: Prober, b: Prober): number {
  return a.url === b.url ? 0 : a.url < b.url ? -1 : 1;
}

function tableJson(table: readonly Prober[]): string {
  const sorted = [...table].sort(byUrl);
  let text = "";
  for (const [index, { url, json }] of sorted.entries()) {
    if (url === sorted[index + 1]?.url) continue;
    text += `${text === "" ? "" : ","}${goJson(url)}:${json}`;
  }
  return `{${text}}`;
}

/** The entries of a table that an earlier injection wrote; undefined when it cannot be read. */
function readProbers(text: string): readonly Prober[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return undefined;
    const entries: Prober[] = [];
    for (const [url, prober] of Object.entries(parsed)) {
      if (!isObject(prober)) return undefined;
      const kind = handlerKinds.find(([field]) => isObject(prober[field]));
      const action = kind && prober[kind[0]];
      const timeout = prober.timeoutSeconds;
      const json =
        kind === undefined || !isObject(action)
          ? "{}"
          : proberJson(kind, action, typeof timeout === "number" ? timeout : 0);
      entries.push({ url, json });
    }
    return entries;
  } catch {
    return undefined;
  }
}

/** Old entries win: they are the application's own probes, while the new ones may already point at the agent. */
function mergedTable(old: string, fresh: readonly Prober[]): string | undefined {
  const entries = readProbers(old);
  return entries === undefined ? undefined : tableJson([...fresh, ...entries]);
}

function recordProbers(pod: WorkingPod, sidecar: Container, table: readonly Prober[]): void {
  if (table.length === 0) return;
  const existing = pod.annotations.has(names.status)
    ? sidecar.env?.find((variable) => variable.name === probersVariable)
    : undefined;
  if (existing === undefined) {
    pod.replace(sidecar, appendEnv(sidecar, [{ name: probersVariable, value: tableJson(table) }]));
    return;
  }
  const value = mergedTable(existing.value ?? "", table);
  if (value === undefined) return;
  const env = sidecar.env?.map((variable) => (variable === existing ? { ...variable, value } : variable));
  pod.replace(sidecar, { ...sidecar, env: env ?? [] });
}

function rewrittenGet(get: HttpGet, path: string, port: number): HttpGet {
  if (get.scheme === undefined) return { ...get, path, port };
  const { scheme, ...kept } = get;
  return Object.assign(kept, { path, port, scheme: scheme === "HTTPS" ? "HTTP" : scheme });
}

/** The handler that asks the agent instead. Host and headers of an HTTP request are kept. */
function rewrittenHandler<T extends Handler>(handler: T, url: string, port: number): T {
  if (handler.httpGet !== undefined) {
    return { ...handler, httpGet: rewrittenGet(handler.httpGet, url, port) };
  }
  if (handler.tcpSocket === undefined && handler.grpc === undefined) return handler;
  const { tcpSocket: _tcp, grpc: _grpc, ...kept } = handler;
  return Object.assign(kept, { httpGet: { path: url, port } }) as T;
}

function hasProbes(container: Container): boolean {
  const { lifecycle, readinessProbe, livenessProbe, startupProbe } = container;
  return (lifecycle ?? readinessProbe ?? livenessProbe ?? startupProbe) !== undefined;
}

function rewriteProbes(container: Container, port: number): Container {
  if (!hasProbes(container)) return container;
  const changed: { -readonly [K in "readinessProbe" | "livenessProbe" | "startupProbe"]?: Probe } = {};
  for (const [field, end] of probeUrlEnds) {
    const probe = container[field];
    if (probe) changed[field] = rewrittenHandler(probe, probeUrl(container, end), port);
  }
  const { lifecycle } = container;
  if (!lifecycle) return { ...container, ...changed };
  const rewritten: { -readonly [K in keyof Lifecycle]: Lifecycle[K] } = { ...lifecycle };
  for (const [field, end] of hookUrlEnds) {
    const hook = lifecycle[field];
    if (hook?.httpGet ?? hook?.tcpSocket)
      rewritten[field] = rewrittenHandler(hook ?? {}, hookUrl(container, end), port);
  }
  return { ...container, ...changed, lifecycle: rewritten };
}

/** Whether there is a container beside the proxy with something to rewrite. */
function isProbed(containers: readonly Container[]): boolean {
  for (const container of containers)
    if (container.name !== containerNames.proxy && hasProbes(container)) return true;
  return false;
}

/** The ports a rewrite depends on. */
export interface ProbeSettings {
  /** The agent's port, from the mesh config: probes that already name it are not recorded. */
  readonly agentPort: number;
  /** `sidecarInjectorWebhook.rewriteAppHTTPProbe` of the values. */
  readonly rewrite: boolean;
}

/** The port that rewritten probes ask: the pod's annotation (what is no number counts as 0), else the agent's. */
function targetPort(annotations: Texts, agentPort: number): number {
  const said = annotations.get(names.statusPort);
  if (said === undefined) return agentPort;
  return /^[+-]?[0-9]{1,9}$/.test(said) ? Number(said) : 0;
}

/**
 * Lets the kubelet's probes and hooks go through the agent, which mTLS and capture do not stop: 8.4.
 * First the application's own are written down for the agent, then they are replaced.
 */
export function rewriteAppProbes(pod: WorkingPod, { agentPort, rewrite }: ProbeSettings): void {
  const sidecar = pod.find(containerNames.proxy);
  if (sidecar === undefined || !probeRewriteEnabled(pod.annotations, rewrite)) return;
  if (!isProbed(pod.initContainers) && !isProbed(pod.containers)) return;
  recordProbers(pod, sidecar, dumpProbers([...pod.initContainers, ...pod.containers], agentPort));
  const port = targetPort(pod.annotations, agentPort);
  pod.mapContainers((container) =>
    container.name === containerNames.proxy ? container : rewriteProbes(container, port),
  );
}
