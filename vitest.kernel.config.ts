import { defineConfig } from "vitest/config";

/** Tests that load rules into a real kernel; one file at a time, since iptables has locks of its own. */
export default defineConfig({
  test: {
    include: ["test/kernel/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
