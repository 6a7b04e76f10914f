import { defaultProxyConfig } from "./default-proxy-config.js";
import { Message, messagesEqual } from "./message.js";
import { proxyConfigSchema } from "./schemas.js";
import { protoJson } from "./write-message.js";

/** The fields that are left out of PROXY_CONFIG when they are as the built-in default has them. The proxy has the same default. */
const cleanedFields = [
  "configPath",
  "binaryPath",
  "controlPlaneAuthPolicy",
  "serviceCluster",
  "drainDuration",
  "terminationDrainDuration",
  "discoveryAddress",
  "envoyMetricsService",
  "envoyAccessLogService",
  "tracing",
  "proxyAdminPort",
  "statNameLength",
  "statusPort",
  "concurrency",
];

/** Most pods of a mesh share one ProxyConfig object, so its text is worth keeping. */
const written = new WeakMap<Message, string>();

/** The template function protoToJSON: {@link protoJson}, for a ProxyConfig without what equals the built-in default; `{}` for nil. */
export function proxyConfigToJson(message: Message | undefined): string {
  if (message === undefined) return "{}";
  let text = written.get(message);
  if (text === undefined) {
    text = protoJson(message.schema === proxyConfigSchema ? withoutDefaults(message) : message);
    written.set(message, text);
  }
  return text;
}

function withoutDefaults(message: Message): Message {
  const defaults = defaultProxyConfig();
  const same = cleanedFields.filter((name) => message.has(name) && sameField(message, defaults, name));
  return message.withAll(same.map((name) => [name, undefined]));
}

function sameField(left: Message, right: Message, name: string): boolean {
  const value = left.get(name);
  const other = right.get(name);
  if (value instanceof Message) return other instanceof Message && messagesEqual(value, other);
  return value === other;
}
