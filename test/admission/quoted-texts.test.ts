import { describe, expect, it } from "vitest";
import { type AdmissionOutcome, handleReview } from "../../src/admission/index.js";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import { places } from "../hostile/places.js";
import { draftPod } from "../hostile/pod-draft.js";
import { texts } from "../hostile/texts.js";
import { reviewOf, smallPod } from "../support/admission-review.js";

const { injectConfig, values, mesh, templates } = embeddedDefaults;
const snapshot = compileConfig({ injectConfig, values, mesh, templates });

function answer(pod: Parameters<typeof reviewOf>[0]): AdmissionOutcome {
  const context = { snapshot, path: "/inject", now: Date.now, elapsed: () => 0 };
  return handleReview(Buffer.from(reviewOf(pod)), context);
}

/** All that is said of a request beside the patch, in the answer and in the log. */
function said({ failure = "", warnings, uid, namespace, pod }: AdmissionOutcome): string {
  return [failure, ...warnings, uid, namespace, pod].join("\n");
}

// What is quoted three times, as Go's messages go, in escapes of four characters, with what stands around.
const most = 5000;

describe("what is said of a pod that is refused", () => {
  it.each(places.map((place, number) => [place.name, place, number] as const))(
    "stays short, however long a text is that is written as %s",
    (_, place, number) => {
      // Every text comes to every kind of place, and all to all would take minutes.
      for (const text of texts.filter((_, index) => (index + number) % 5 === 0)) {
        const long = text.make(20_000);
        const outcome = answer(draftPod((draft) => place.write(draft, long)));
        expect(said(outcome).length, `${text.name}: ${said(outcome).slice(0, 300)}`).toBeLessThan(most);
      }
    },
  );

  it("says how long a text was that it cuts, and cuts no character in half", () => {
    const ranges = `${"a".repeat(199)}😀${"b".repeat(200_000)}`;
    const pod = smallPod("a", {
      annotations: { "traffic.sidecar.istio.io/includeOutboundIPRanges": ranges },
    });
    const { failure = "" } = answer(pod);
    expect(failure).toContain(`invalid value '${"a".repeat(199)}… (200201 characters)' for annotation`);
    expect(failure).not.toMatch(/\p{Surrogate}/u);
  });

  it("stays short when very much is wrong", () => {
    const tags = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`t${index}`, { literal: {} }]),
    );
    const config = JSON.stringify({ tracing: { customTags: tags } });
    const outcome = answer(smallPod("a", { annotations: { "proxy.istio.io/config": config } }));
    expect(outcome.reason).toBe("annotation-invalid");
    expect(said(outcome).length).toBeLessThan(10_000);
  });
});

describe("a secret in the settings of a proxy", () => {
  it.each([
    ["beside a fault of the syntax", "proxyMetadata:\n  TOKEN: hunter2hunter2\n bad: ["],
    ["beside a field of another type", "concurrency: many\nproxyMetadata:\n  TOKEN: hunter2hunter2"],
    ["beside an address that is none", "discoveryAddress: x\nproxyMetadata: {TOKEN: hunter2hunter2}"],
    ["in JSON", '{"statusPort":0,"tracing":{"lightstep":{"accessToken":"hunter2hunter2"}}}'],
    ["in the place of a mapping", "proxyMetadata: hunter2hunter2"],
    ["with the tag of a number", "proxyMetadata: {TOKEN: !!int hunter2hunter2}"],
    ["that looks like an alias", "proxyMetadata: {TOKEN: *hunter2hunter2}"],
    ["in a text that is not closed", 'proxyMetadata: {TOKEN: "hunter2hunter2}'],
    ["alone", "hunter2hunter2"],
  ])("is neither answered nor logged: %s", (_, config) => {
    const outcome = answer(smallPod("a", { annotations: { "proxy.istio.io/config": config } }));
    expect(outcome.reason).toBe("annotation-invalid");
    expect(said(outcome)).toContain("annotation 'proxy.istio.io/config'");
    expect(said(outcome)).not.toContain("hunter2");
  });
});
