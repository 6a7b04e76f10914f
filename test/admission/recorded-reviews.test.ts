import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { handleReview } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import { getOwn, isObject, type JsonObject } from "../../src/json/index.js";
import { applyAnswer, containerNames, readAnswer, reviewFixture } from "../support/admission-review.js";
import { root } from "../support/peer.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
// As when they were recorded: there was no Node, so that sidecars were not native.
const snapshot = compileConfig({
  injectConfig,
  values,
  mesh,
  templates,
  revision: "pillion",
});
const names = readdirSync(join(root, "test", "fixtures", "admission-reviews"))
  .filter((file) => file.startsWith("kubernetes-"))
  .map((file) => file.replace(/\.json$/, ""));

function answer(body: string) {
  const context = { snapshot, path: "/inject", now: () => 0, elapsed: () => 0 };
  return handleReview(Buffer.from(body), context);
}

function objectIn(body: string): JsonObject {
  const review: unknown = JSON.parse(body);
  const request = isObject(review) ? getOwn(review, "request") : undefined;
  const object = isObject(request) ? getOwn(request, "object") : undefined;
  if (!isObject(object)) throw new Error("no object");
  return object;
}

describe("reviews recorded from real API servers", () => {
  it("are of two releases, and of every way in which pods come", () => {
    const ways = [
      "dry-run",
      "generate-name",
      "job",
      "kubectl",
      "reinvocation",
      "replicaset",
      "server-side-apply",
    ];
    expect(names).toEqual(
      ["1.33", "1.36"].flatMap((release) => ways.map((way) => `kubernetes-${release}-${way}`)),
    );
  });

  it.each(names)("%s is answered with a patch that gives the pod one proxy", (name) => {
    const body = reviewFixture(name);
    const { result, body: said } = answer(body);
    expect(result).toBe("injected");
    const made = applyAnswer(readAnswer(said), objectIn(body));
    expect(containerNames(made).filter((container) => container === "istio-proxy")).toHaveLength(1);
    expect(containerNames(made)).toContain("app");
  });

  it.each(names.filter((name) => name.endsWith("reinvocation")))(
    "%s, which brings the pod as it was injected before, is left as it is",
    (name) => {
      const body = reviewFixture(name);
      const object = objectIn(body);
      expect(containerNames(object)).toContain("istio-proxy");
      const made = applyAnswer(readAnswer(answer(body).body), object);
      // A list that the template gives is taken whole, without what the API server filled in, and it will again.
      const refilled = JSON.stringify(made.spec).replaceAll(
        '"fieldRef":{"fieldPath"',
        '"fieldRef":{"apiVersion":"v1","fieldPath"',
      );
      expect(JSON.parse(refilled)).toEqual(object.spec);
      expect(made.metadata).toEqual(object.metadata);
    },
  );
});
