import type { Message } from "./message.js";

/** Wrappers that must be more than zero: a limit of zero would let nothing through. */
const positiveLimits = [
  "listenerPerConnectionBufferLimitBytes",
  "clusterPerConnectionBufferLimitBytes",
  "httpMaxConcurrentStreams",
  "http2InitialStreamWindowSize",
  "http2InitialConnectionWindowSize",
  "listenerConnectionLimit",
  "globalDownstreamConnectionLimit",
];
/** Durations of which zero is a meaning of its own, mostly "no limit". */
const durations = [
  "httpIdleTimeout",
  "httpMaxConnectionDuration",
  "httpDrainTimeout",
  "httpRequestTimeout",
  "httpRequestHeadersTimeout",
  "httpStreamIdleTimeout",
  "httpMaxStreamDuration",
];

/** Every reason why the connectionSettings of a ProxyConfig cannot be used. */
export function connectionSettingsFaults(settings: Message): string[] {
  const limits = positiveLimits
    .filter((name) => Number(settings.wrapped(name) ?? 1) <= 0)
    .map((name) => `invalid connection settings: ${name} must be greater than 0`);
  const negative = durations
    .filter((name) => (settings.duration(name) ?? 0n) < 0n)
    .map((name) => `invalid connection settings: ${name} must not be negative`);
  return [...limits, ...negative];
}
