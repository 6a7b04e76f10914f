import { describe, expect, it } from "vitest";
import { parseValues, proxyImageUrl } from "../../src/mesh/index.js";

const release = "registry.istio.io/release";
const asm = "gcr.io/gke-release/asm";
const odd = "1.12-this-is-unusual-tag";

describe("the URL of the proxy's image", () => {
  it.each([
    [release, 11, "", `${release}/proxyv2:11`],
    [release, 1.12, "distroless", `${release}/proxyv2:1.12-distroless`],
    [asm, "1.11.2-asm.17", "distroless", `${asm}/proxyv2:1.11.2-asm.17-distroless`],
    [asm, "1.11.2-asm.17", "debug", `${asm}/proxyv2:1.11.2-asm.17-debug`],
    [asm, "1.11.2-asm.17", "default", `${asm}/proxyv2:1.11.2-asm.17`],
    [asm, "1.11.2-asm.17-distroless", "default", `${asm}/proxyv2:1.11.2-asm.17`],
    [release, "1.12-debug", "distroless", `${release}/proxyv2:1.12-distroless`],
    [release, "1.12-distroless", "distroless", `${release}/proxyv2:1.12-distroless`],
    ["private-repo/istio", odd, "", `private-repo/istio/proxyv2:${odd}`],
    ["private-repo/istio", `${odd}-distroless`, "default", `private-repo/istio/proxyv2:${odd}`],
    ["private-repo/istio", odd, "distroless", `private-repo/istio/proxyv2:${odd}-distroless`],
    [release, "1.12-debug-distroless", "default", `${release}/proxyv2:1.12-debug`],
    [release, "1.12", "special", `${release}/proxyv2:1.12-special`],
  ])("of %s, tag %s and type %j is %s", (hub, tag, imageType, want) => {
    const { typed } = parseValues({ global: { hub, tag } });
    expect(proxyImageUrl({ hub: typed.hub, tag: typed.tag, image: typed.proxyImage, imageType })).toBe(want);
  });

  it("has the image's own name when the values give one", () => {
    expect(proxyImageUrl({ hub: "h", tag: "t", image: "mine", imageType: "" })).toBe("h/mine:t");
  });
});
