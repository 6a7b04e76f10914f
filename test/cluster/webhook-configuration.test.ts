import { describe, expect, it } from "vitest";
import { isOwnEntry, readWebhookConfiguration, readWebhookConfigurations } from "../../src/cluster/index.js";
import type { JsonObject } from "../../src/json/index.js";

const never = { matchLabels: { "istio.io/deactivated": "never-match" } };

const tag: JsonObject = {
  metadata: {
    name: "istio-revision-tag-prod",
    resourceVersion: "7",
    labels: { "istio.io/rev": "pillion", "istio.io/tag": "prod" },
  },
  webhooks: [
    {
      name: "rev.namespace.sidecar-injector.istio.io",
      clientConfig: {
        service: { name: "pillion", namespace: "istio-system", path: "/inject", port: 443 },
        caBundle: Buffer.from("PEM").toString("base64"),
      },
      namespaceSelector: never,
      objectSelector: never,
    },
    { name: "validation.istio.io", clientConfig: {} },
  ],
};

describe("a webhook configuration", () => {
  it("is read with its labels and the entries of an injector", () => {
    expect(readWebhookConfiguration(tag)).toMatchObject({
      name: "istio-revision-tag-prod",
      revision: "pillion",
      tag: "prod",
      resourceVersion: "7",
      entries: [
        {
          name: "rev.namespace.sidecar-injector.istio.io",
          address: "pillion.istio-system",
          service: { path: "/inject", port: 443 },
          caBundle: "PEM",
          deactivated: true,
        },
      ],
    });
  });

  it("may lack everything", () => {
    expect(readWebhookConfiguration({})).toMatchObject({ name: "", revision: undefined, entries: [] });
    const [bare] = readWebhookConfigurations([
      { webhooks: [{ name: "rev.object.sidecar-injector.istio.io" }, null] },
      { webhooks: [{ name: "other.example.com" }] },
      null,
    ]);
    expect(bare?.entries).toMatchObject([{ caBundle: "", address: ".", deactivated: false }]);
  });

  it("calls us by our Service, or by our URL or one below it", () => {
    const service = { name: "pillion", namespace: "istio-system", path: undefined, port: undefined };
    const own = { service: "pillion.istio-system", url: "https://mesh.example.com/inject/" };
    const byUrl = (url: string) => isOwnEntry({ url, service: undefined }, own);
    expect(isOwnEntry({ url: undefined, service }, own)).toBe(true);
    expect(isOwnEntry({ url: undefined, service: { ...service, namespace: "other" } }, own)).toBe(false);
    expect(isOwnEntry({ url: undefined, service: undefined }, own)).toBe(false);
    expect(byUrl("https://mesh.example.com/inject")).toBe(true);
    expect(byUrl("https://mesh.example.com:443/inject/cluster/a")).toBe(true);
    expect(byUrl("https://mesh.example.com/injector")).toBe(false);
    expect(byUrl("https://mesh.example.com:8443/inject")).toBe(false);
    expect(isOwnEntry({ url: "https://mesh.example.com/inject", service: undefined }, {})).toBe(false);
  });
});
