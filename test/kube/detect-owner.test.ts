import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../src/json/index.js";
import { detectOwner } from "../../src/kube/index.js";

function owned(reference: JsonObject, labels: JsonObject = {}): JsonObject {
  return {
    generateName: "x-",
    namespace: "ns",
    labels,
    ownerReferences: [
      { apiVersion: "v1", kind: "Node", name: "other" },
      { controller: true, ...reference },
    ],
  };
}

const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet" };
const job = { apiVersion: "batch/v1", kind: "Job" };

describe("detectOwner", () => {
  it.each<[string, JsonObject, string]>([
    [
      "a pod without generateName",
      { name: "p", namespace: "ns", ownerReferences: [{ controller: true, kind: "X", name: "y" }] },
      "v1 Pod p",
    ],
    [
      "a pod without controller",
      { name: "p", namespace: "ns", generateName: "p-", ownerReferences: [{ kind: "X", name: "y" }] },
      "v1 Pod p",
    ],
    [
      "a Deployment",
      owned({ ...replicaSet, name: "web-abc" }, { "pod-template-hash": "abc" }),
      "apps/v1 Deployment web",
    ],
    [
      "a hash without a dash",
      owned({ ...replicaSet, name: "webabc" }, { "pod-template-hash": "abc" }),
      "apps/v1 Deployment webabc",
    ],
    [
      "a bare ReplicaSet",
      owned({ ...replicaSet, name: "web-abc" }, { "pod-template-hash": "" }),
      "apps/v1 ReplicaSet web-abc",
    ],
    [
      "another hash",
      owned({ ...replicaSet, name: "web-abc" }, { "pod-template-hash": "xyz" }),
      "apps/v1 ReplicaSet web-abc",
    ],
    [
      "a Rollout",
      owned({ ...replicaSet, name: "web-abc" }, { "rollouts-pod-template-hash": "abc" }),
      "v1alpha1 Rollout web",
    ],
    ["a CronJob by minutes", owned({ ...job, name: "tick-28371234" }), "batch/v1 CronJob tick"],
    ["a CronJob by seconds", owned({ ...job, name: "tick-tock-1702274040" }), "batch/v1 CronJob tick-tock"],
    ["a Job", owned({ ...job, name: "tick-1234567" }), "batch/v1 Job tick-1234567"],
    ["a Job of a long number", owned({ ...job, name: "tick-12345678901" }), "batch/v1 Job tick-12345678901"],
    [
      "a DeploymentConfig",
      owned({ apiVersion: "v1", kind: "ReplicationController", name: "web-1" }, { deploymentconfig: "web" }),
      "v1 DeploymentConfig web",
    ],
    [
      "a ReplicationController",
      owned({ apiVersion: "v1", kind: "ReplicationController", name: "web-1" }),
      "v1 ReplicationController web-1",
    ],
    ["a kind of its own", owned({ apiVersion: "foo/v1", kind: "Bar", name: "baz" }), "foo/v1 Bar baz"],
    [
      "an owner without a name",
      { ...owned({ apiVersion: "foo/v1", kind: "Bar" }), name: "p" },
      "foo/v1 Bar p",
    ],
  ])("finds %s", (_, metadata, owner) => {
    const { apiVersion, kind, name, namespace } = detectOwner(metadata);
    expect(`${apiVersion} ${kind} ${name}`).toBe(owner);
    expect(namespace).toBe("ns");
  });

  it("takes values of wrong types for absent", () => {
    const odd = { generateName: 1, ownerReferences: "x", labels: [], name: null } as unknown as Record<
      string,
      JsonValue
    >;
    expect(detectOwner(odd)).toEqual({ apiVersion: "v1", kind: "Pod", name: "", namespace: "" });
    expect(
      detectOwner({ generateName: "x", labels: [], ownerReferences: [null, { controller: true }] }),
    ).toEqual({
      apiVersion: "",
      kind: "",
      name: "",
      namespace: "",
    });
  });
});
