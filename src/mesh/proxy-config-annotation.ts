import type { JsonValue } from "../json/index.js";
import { defaultProxyConfig } from "./default-proxy-config.js";
import { formatMultiError } from "./format-multi-error.js";
import { MeshError } from "./mesh-error.js";
import type { Message } from "./message.js";
import { parseTree } from "./parse-tree.js";
import { applyProxyConfig } from "./proxy-config-layers.js";
import { readMessage } from "./read-message.js";
import { proxyConfigSchema } from "./schemas.js";
import { validateProxyConfig } from "./validate-proxy-config.js";

const annotation = "proxy.istio.io/config";

interface Annotation {
  readonly tree: JsonValue;
  readonly message: Message;
  /** What the check found wrong with it; undefined until it is checked. */
  faults?: readonly string[];
  /** The mesh configs with the annotation applied, by the one that it was applied to. */
  readonly applied: WeakMap<Message, Message>;
}

/**
 * The pods of a workload share one text, and each of them needs it two or three times.
 * So the last few texts are kept: 64 of them, and none that is longer than an ordinary one could be.
 */
const kept = new Map<string, Annotation | MeshError>();
const mostKept = 64;
const longestKept = 8192;
/** A longer text is kept until the next one comes, for the other times that its pod needs it. */
let lastLong: { readonly text: string; readonly result: Annotation | MeshError } | undefined;

/** Reads the text of the annotation proxy.istio.io/config; throws a {@link MeshError} for one that is no ProxyConfig. */
function readAnnotation(text: string): Annotation {
  if (lastLong?.text === text) return resultOf(lastLong.result);
  const result = kept.get(text) ?? attempt(text);
  if (text.length > longestKept) lastLong = { text, result };
  else {
    kept.delete(text);
    kept.set(text, result);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  }
  return resultOf(result);
}

function resultOf(result: Annotation | MeshError): Annotation {
  if (result instanceof MeshError) throw result;
  return result;
}

function attempt(text: string): Annotation | MeshError {
  try {
    const tree = parseTree(text, annotation);
    const message = readMessage(proxyConfigSchema, tree, { source: annotation });
    return { tree, message, applied: new WeakMap() };
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}

/** What the annotation lays over lower layers in the webhook: undefined for a text that cannot be read, which counts as none there. */
export function annotationOverlay(text: string): Message | undefined {
  try {
    return readAnnotation(text).message;
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

/**
 * Istio's check of the annotation: the built-in defaults with the text over them must be a valid ProxyConfig.
 * Throws a {@link MeshError} whose message is the cause in Istio's words, for the error of annotation validation.
 */
export function checkProxyConfigAnnotation(text: string): void {
  const errors = faultsOf(text);
  if (errors.length === 0) return;
  throw new MeshError("invalid", formatMultiError(errors), { source: annotation, errors });
}

function faultsOf(text: string): readonly string[] {
  try {
    const read = readAnnotation(text);
    read.faults ??= validateProxyConfig(
      readMessage(proxyConfigSchema, read.tree, { base: defaultProxyConfig() }),
    );
    return read.faults;
  } catch (error) {
    throw explained("failed to convert to apply proxy config", error);
  }
}

/**
 * The mesh config of one object offline: the annotation applied directly on `defaultConfig`, so that explicit zeros count.
 * Throws a {@link MeshError} with Istio's words, `could not parse proxy config: ...`, for a text that cannot be read.
 */
export function applyAnnotationOffline(mesh: Message, text: string): Message {
  try {
    const { tree, applied } = readAnnotation(text);
    const known = applied.get(mesh);
    if (known !== undefined) return known;
    const base = mesh.message("defaultConfig") ?? defaultProxyConfig();
    const made = mesh.with({ defaultConfig: applyProxyConfig(base, tree, { source: annotation }) });
    applied.set(mesh, made);
    return made;
  } catch (error) {
    throw explained("could not parse proxy config", error);
  }
}

/** The error with Istio's words in front of Go's; whatever is no {@link MeshError} as it is. */
function explained(what: string, cause: unknown): unknown {
  if (!(cause instanceof MeshError)) return cause;
  const { code, source, path, line, column } = cause;
  const message = `${what}: ${cause.detail}`;
  return new MeshError(code, message, { source, path, line, column, detail: message, cause });
}
