import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take longest begin first, so that no core waits for one of them at the end. */
const longest = ["certificates.test.ts", "check.test.ts", "certificates-chart.test.ts", "tag.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? longest.length : place;
    };
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    // Each file has a control plane of its own. One waits most of the time, two keep two cores busy. Each lane has an
    // address of its own (scripts/test-e2e.mjs).
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // What is waited for ends by events; these end a run that hangs.
    testTimeout: 400_000,
    hookTimeout: 400_000,
  },
});
