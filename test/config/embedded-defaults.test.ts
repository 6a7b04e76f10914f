import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddedDefaults } from "../../src/config/index.js";
import { compileConfig } from "../../src/injection/index.js";
import { root } from "../support/peer.js";

describe("the embedded defaults", () => {
  it("are fresh: the generated module is what templates/ makes", () => {
    execFileSync(process.execPath, [join(root, "scripts", "embed-templates.mjs"), "--check"], {
      stdio: "pipe",
    });
  });

  it("load without a warning", () => {
    const { injectConfig, values, mesh, templates } = embeddedDefaults;
    const snapshot = compileConfig({ injectConfig, values, mesh, templates });
    expect(snapshot.warnings).toEqual([]);
    expect(snapshot.templateNames).toEqual(["gateway", "grpc-agent", "grpc-simple", "sidecar"]);
    expect(snapshot.defaultTemplates).toEqual(["sidecar"]);
  });

  it("name the images of one released Istio version, in one place", () => {
    expect(embeddedDefaults.istioVersion).toMatch(/^\d+\.\d+\.\d+$/);
    const texts = ["config.yaml", "mesh.yaml", "sidecar.yaml", "gateway.yaml", "grpc-agent.yaml"];
    for (const file of texts)
      expect(readFileSync(join(root, "templates", file), "utf8")).not.toContain(
        embeddedDefaults.istioVersion,
      );
  });
});
