import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applyAnswer,
  containerNames,
  type ReviewAnswer,
  readAnswer,
  reviewFixture,
  reviewOf,
  smallPod,
} from "../support/admission-review.js";
import { startWebhookUnderTest, type WebhookUnderTest } from "../support/webhook-under-test.js";

let webhook: WebhookUnderTest;
beforeAll(async () => {
  webhook = await startWebhookUnderTest();
});
afterAll(() => webhook.end());

async function review(body: string, path = "/inject"): Promise<ReviewAnswer> {
  const answer = await webhook.post(path, body);
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  return readAnswer(answer.text);
}

function objectOf(fixture: string) {
  return JSON.parse(reviewFixture(fixture)).request.object;
}

describe("a review of a pod's creation", () => {
  it.each([
    ["shaped-v1-create", "admission.k8s.io/v1", "0df28fbd-5f5f-11e8-bc74-36e6bb280816"],
    ["shaped-v1beta1-create", "admission.k8s.io/v1beta1", "1df28fbd-5f5f-11e8-bc74-36e6bb280816"],
    ["shaped-v1-named-dry-run", "admission.k8s.io/v1", "2df28fbd-5f5f-11e8-bc74-36e6bb280816"],
  ])(
    "%s is answered in its own version with the patch that injects the pod",
    async (fixture, apiVersion, uid) => {
      const answer = await review(reviewFixture(fixture));
      expect(answer).toMatchObject({
        kind: "AdmissionReview",
        apiVersion,
        response: { uid, allowed: true, patchType: "JSONPatch" },
      });
      expect(answer).not.toHaveProperty("request");
      expect(answer.response).not.toHaveProperty("status");
      expect(containerNames(applyAnswer(answer, objectOf(fixture)))).toContain("istio-proxy");
    },
  );

  it("does not touch managed fields or the namespace, and the patch holds no removal of what it did not know", async () => {
    const answer = await review(reviewFixture("shaped-v1-create"));
    const paths: string[] = JSON.parse(Buffer.from(answer.response.patch ?? "", "base64").toString()).map(
      (operation: { path: string }) => operation.path,
    );
    expect(paths.filter((path) => /managedFields|metadata\/namespace/.test(path))).toEqual([]);
    const pod = smallPod("odd", { unknownToIstio: { a: 1 } });
    const injected = applyAnswer(await review(reviewOf(pod)), pod);
    expect(injected.metadata).toMatchObject({ unknownToIstio: { a: 1 } });
  });

  it("says why in annotations of the audit log", async () => {
    const { response } = await review(reviewFixture("shaped-v1-create"));
    expect(response.auditAnnotations).toEqual({
      decision: "inject",
      reason: "policy-enabled",
      templates: "sidecar",
      revision: "default",
      microseconds: expect.stringMatching(/^\d+$/),
    });
  });

  it("passes on warnings for whoever made the pod", async () => {
    const pod = smallPod();
    const { response } = await review(
      reviewOf({ ...pod, spec: { ...Object(pod.spec), dnsPolicy: "Default" } }),
    );
    expect(response.allowed).toBe(true);
    expect(response.warnings).toEqual([expect.stringContaining("dnsPolicy")]);
    expect((await review(reviewOf(pod))).response).not.toHaveProperty("warnings");
  });

  it("keeps integers that a double cannot hold", async () => {
    const pod = smallPod("long", { annotations: { "sidecar.istio.io/inject": "true" } });
    const text = reviewOf({ ...pod, spec: { ...Object(pod.spec), activeDeadlineSeconds: 1 } });
    const { response } = await review(text.replace(":1}", ":9007199254740993}"));
    expect(response).toMatchObject({ allowed: true, patchType: "JSONPatch" });
    expect(Buffer.from(response.patch ?? "", "base64").toString()).not.toContain("activeDeadlineSeconds");
  });

  it("that asks not to be injected is allowed without a patch", async () => {
    const { response } = await review(reviewFixture("shaped-v1-skip-annotation"));
    expect(response).toMatchObject({
      uid: "3df28fbd-5f5f-11e8-bc74-36e6bb280816",
      allowed: true,
      auditAnnotations: { decision: "skip", reason: "annotation-false" },
    });
    for (const absent of ["patch", "patchType", "status"]) expect(response).not.toHaveProperty(absent);
  });

  it.each([
    ["shaped-v1-annotation-invalid", "annotation-invalid", "invalid value '99999' for annotation"],
    ["shaped-v1-template-unknown", "template-unknown", 'requested template "nowhere" not found; have '],
    ["shaped-v1-object-not-a-pod", "pod-invalid", ""],
    ["shaped-v1-no-object", "object-missing", "no object"],
  ])("%s is refused and says why", async (fixture, reason, message) => {
    const { response } = await review(reviewFixture(fixture));
    expect(response).toEqual({
      uid: JSON.parse(reviewFixture(fixture)).request.uid,
      allowed: false,
      status: { metadata: {}, message: expect.stringContaining(message) },
      auditAnnotations: expect.objectContaining({ decision: "fail", reason }),
    });
  });

  it("that names neither kind nor operation, as istioctl sends it, is injected", async () => {
    const answer = await review(reviewFixture("shaped-v1-istioctl"));
    expect(containerNames(applyAnswer(answer, objectOf("shaped-v1-istioctl")))).toContain("istio-proxy");
  });

  it("takes its namespace from the request when the pod names none", async () => {
    const { response } = await review(reviewOf(smallPod(), "kube-system"));
    expect(response.auditAnnotations).toMatchObject({ decision: "skip", reason: "ignored-namespace" });
  });
});

describe("what is not a pod's creation", () => {
  it.each([
    ["shaped-v1-update", "not-create"],
    ["shaped-v1-deployment", "not-a-pod"],
  ])("%s is allowed as it is", async (fixture, reason) => {
    const { response } = await review(reviewFixture(fixture));
    expect(response).toMatchObject({ allowed: true, auditAnnotations: { decision: "skip", reason } });
    expect(response).not.toHaveProperty("patch");
  });

  it("a review without a request is answered in its version, and refused", async () => {
    expect(await review(reviewFixture("shaped-v1-no-request"))).toMatchObject({
      apiVersion: "admission.k8s.io/v1",
      response: { uid: "", allowed: false, status: { message: "the AdmissionReview has no request" } },
    });
  });

  it.each([
    ["six random bytes", "\u0013\u007f{\u0002x]", "the body is not valid JSON"],
    ["a Pod", JSON.stringify(smallPod()), "unsupported type : v1, Kind=Pod"],
    [
      "an unknown version",
      '{"apiVersion":"admission.k8s.io/v2","kind":"AdmissionReview"}',
      "no kind is registered",
    ],
    ["nesting beyond the limit", "[".repeat(5_000_000), "the limit is 200"],
  ])("%s is answered with a refusal that echoes nothing", async (_what, body, message) => {
    const answer = await review(body);
    expect(answer).toEqual({
      response: {
        uid: "",
        allowed: false,
        status: { metadata: {}, message: expect.stringContaining(message) },
      },
    });
  });
});

describe("the rules of a request", () => {
  const body = reviewFixture("shaped-v1-create");

  it("refuse a body over six mebibytes", async () => {
    const large = Buffer.alloc(6_291_457, " ");
    const answer = await webhook.post("/inject", large);
    expect(answer).toMatchObject({ status: 400, text: "Request entity too large: limit is 6291456\n" });
    expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
  });

  it("take a body of exactly six mebibytes", async () => {
    const padded = Buffer.concat([Buffer.from(body), Buffer.alloc(6_291_456 - Buffer.byteLength(body), " ")]);
    expect((await review(padded.toString())).response.allowed).toBe(true);
  });

  it("refuse an empty body before they look at its type", async () => {
    for (const headers of [{}, { "content-type": "text/plain" }, { "content-type": "///" }]) {
      expect(await webhook.post("/inject", "", headers)).toMatchObject({
        status: 400,
        text: "no body found\n",
      });
    }
  });

  it.each([
    "application/yaml",
    "application/json; charset=utf-8",
    "text/plain",
    "///",
    "",
    "application/JSON",
  ])("refuse the content type %j", async (type) => {
    expect(await webhook.post("/inject", body, { "content-type": type })).toMatchObject({
      status: 415,
      text: "invalid Content-Type, want `application/json`\n",
    });
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "PROPFIND", "REPORT"])(
    "do not look at the method: %s",
    async (method) => {
      const answer = await webhook.post("/inject", body, {}, method);
      expect(readAnswer(answer.text).response.allowed).toBe(true);
    },
  );

  it("make the query's timeout the deadline: past it the answer is the failure", async () => {
    const config = join(webhook.folder, "slow-config");
    const loops = "{{ range $i := until 10000 }}{{ range $j := until 1000 }}{{ end }}{{ end }}";
    const template = `{{ if index .ObjectMeta.Labels "slow" }}${loops}{{ end }}metadata: {labels: {seen: "1"}}`;
    await writeFile(config, JSON.stringify({ policy: "enabled", templates: { sidecar: template } }));
    const slow = await startWebhookUnderTest({ files: { injectConfig: config, objects: [] } });
    const pod = reviewOf(smallPod("slow", { labels: { slow: "yes" } }));
    const late = readAnswer((await slow.post("/inject?timeout=20ms", pod)).text);
    expect(late.response).toMatchObject({
      allowed: false,
      auditAnnotations: { decision: "fail", reason: "deadline-exceeded" },
    });
    for (const path of ["/inject?timeout=10s", "/inject?timeout=soon", "/inject?timeout=0s"])
      expect(readAnswer((await slow.post(path, reviewOf(smallPod()))).text).response.allowed).toBe(true);
    await slow.end();
  });
});

describe("the paths", () => {
  const pod = smallPod();
  async function environment(path: string) {
    const injected = applyAnswer(await review(reviewOf(pod), path), pod);
    const text = JSON.stringify(injected);
    const value = (name: string) => new RegExp(`"name":"${name}","value":"([^"]*)"`).exec(text)?.[1];
    return {
      cluster: value("ISTIO_META_CLUSTER_ID"),
      network: value("ISTIO_META_NETWORK"),
      other: value("FOO_BAR"),
      page: value("ROOTPAGE"),
    };
  }

  it("of the whole subtree of /inject carry variables, percent-decoded", async () => {
    const usual = { cluster: "Kubernetes", network: undefined, other: undefined, page: undefined };
    expect(await environment("/inject")).toEqual(usual);
    expect(await environment("/inject/")).toEqual(usual);
    expect(await environment("/inject/cluster/c1/net/n1/")).toEqual({
      ...usual,
      cluster: "c1",
      network: "n1",
    });
    expect(await environment("/inject/cluster/a--slash--b")).toEqual({ ...usual, cluster: "a/b" });
    expect(await environment("/inject/cluster/a%2Db/net/n%C3%A9")).toEqual({
      ...usual,
      cluster: "a-b",
      network: "né",
    });
    expect(await environment("/inject/foo_bar/v")).toEqual({ ...usual, other: "v" });
    expect(await environment("/inject/:ENV:cluster=c1:ENV:rootpage=/x/y")).toEqual({
      ...usual,
      cluster: "c1",
      page: "/x/y",
    });
  });

  it("that are not clean are redirected, not read as if they were", async () => {
    for (const [path, clean] of [
      ["/inject//cluster/c1?timeout=1s", "/inject/cluster/c1?timeout=1s"],
      ["/inject/../inject/a/b/", "/inject/a/b/"],
      ["//inject", "/inject"],
      ["/inject/%2e%2e/ready", "/ready"],
    ] as const) {
      const answer = await webhook.post(path, reviewOf(pod));
      expect([answer.status, answer.headers.location]).toEqual([301, clean]);
    }
  });

  it("that are broken or unknown are refused", async () => {
    expect((await webhook.post("/inject/%zz", reviewOf(pod))).status).toBe(400);
    for (const path of ["/", "/injection", "/metrics", "/inject.json"])
      expect((await webhook.post(path, reviewOf(pod))).status).toBe(404);
  });
});

describe("the log", () => {
  it("has one line a review with what it decided, and never the object", async () => {
    const before = webhook.log.records.length;
    const pod = smallPod("quiet", { annotations: { "example.com/token": "hunter2" } });
    await review(reviewOf(pod, "shop", "u-1"));
    await review(
      reviewOf({ metadata: { generateName: "many-", annotations: { token: "hunter2" } }, spec: 7 }),
    );
    const records = webhook.log.records.slice(before);
    expect(
      records.map(({ level, fields }) => [level, fields.uid, fields.namespace, fields.pod, fields.decision]),
    ).toEqual([
      ["info", "u-1", "shop", "quiet", "injected"],
      ["info", "0df28fbd-5f5f", "shop", "many-*****", "failed"],
    ]);
    expect(records[0]?.fields).toMatchObject({ reason: "policy-enabled", microseconds: expect.any(Number) });
    expect(JSON.stringify(records)).not.toContain("hunter2");
  });
});
