import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    // Each file has a control plane of its own; two at once would share two cores.
    fileParallelism: false,
    // What is waited for ends by events; these end a run that hangs.
    testTimeout: 400_000,
    hookTimeout: 400_000,
  },
});
