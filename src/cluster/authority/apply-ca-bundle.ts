import type { JsonObject } from "../../json/index.js";
import type { ApiClient } from "../api-client.js";
import { webhookConfigurationsPath } from "../webhook-configuration.js";

/** The field manager under which bundles are written: what it does not own it never touches. */
export const bundleManager = "pillion-ca-bundle";

/** One configuration's bundle. */
export interface CaBundlePatch {
  readonly configuration: string;
  /** What is replaced; when the object has changed since, nothing is written. */
  readonly resourceVersion: string;
  /** All own entries: apply gives up what this manager owned and does not name again. */
  readonly entries: readonly string[];
  /** PEM. */
  readonly caBundle: string;
}

/**
 * Sets the bundle of entries by server-side apply, and nothing else of them: the API server merges the list `webhooks`
 * by `name` and checks the merged object. By force, since whoever wrote it before owns it; and only over the version
 * that was read, as an entry that calls somebody else by now is none of ours. Gives the object as it is now.
 *
 * @throws ClusterError; status 409 when the object has changed, 404 when it is gone
 *
 * Decided in ADR 0404.
 */
export function applyCaBundle(
  client: ApiClient,
  { configuration, resourceVersion, entries, caBundle }: CaBundlePatch,
  signal: AbortSignal,
): Promise<JsonObject> {
  const encoded = Buffer.from(caBundle, "utf8").toString("base64");
  return client.write(
    {
      method: "PATCH",
      path: `${webhookConfigurationsPath}/${encodeURIComponent(configuration)}`,
      query: { fieldManager: bundleManager, force: "true" },
      contentType: "application/apply-patch+yaml",
      body: {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "MutatingWebhookConfiguration",
        metadata: { name: configuration, resourceVersion },
        webhooks: entries.map((name) => ({ name, clientConfig: { caBundle: encoded } })),
      },
    },
    signal,
  );
}
