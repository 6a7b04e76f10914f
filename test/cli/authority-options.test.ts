import { describe, expect, it } from "vitest";
import { run } from "./recording-io.js";

const own = ["--kubeconfig=/does/not/exist", "--ca-secret=pillion-ca"];
const service = "--webhook-service=pillion.istio-system";

describe("the flags of the own authority", () => {
  it.each([
    ["no cluster", ["--ca-secret=pillion-ca"], /--ca-secret needs --cluster or --kubeconfig/],
    ["nothing that calls it", own, /needs --webhook-service or --webhook-url/],
    ["a Service without its namespace", [...own, "--webhook-service=pillion"], /write NAME\.NAMESPACE/],
    ["a URL that is none", [...own, "--webhook-url=here"], /is no URL/],
    ["files too", [...own, service, "--tls-cert-file=c", "--tls-key-file=k"], /not by both/],
    [
      "a life that clocks cannot tell from none",
      [...own, service, "--certificate-lifetime=0.01"],
      /twenty times --clock-tolerance/,
    ],
    [
      "an authority that ends before its certificates",
      [...own, service, "--ca-lifetime=10"],
      /twice --certificate-lifetime/,
    ],
    [
      "a propagation that takes as long as a certificate lives",
      [...own, service, "--certificate-lifetime=0.1", "--ca-propagation=3600"],
      /six times --ca-propagation/,
    ],
    ["days that are no number", [...own, service, "--ca-lifetime=long"], /Write days/],
  ])("are refused with %s", async (_what, flags, message) => {
    const { exitCode, stderr } = await run(["webhook", ...flags]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
