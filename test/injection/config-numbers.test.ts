import { describe, expect, it } from "vitest";
import { compileConfig } from "../../src/injection/index.js";

describe("a configuration with a number in the wrong place", () => {
  it.each([
    ["aliases", "7", "a mapping"],
    ["aliases", "9223372036854775807", "a mapping"],
    ["templates", "9223372036854775808", "a mapping"],
    ["defaultTemplates", "-9223372036854775808", "a list of strings"],
  ])("is refused by the name %s and the number %s", (key, number, wanted) => {
    const injectConfig = { source: "config", text: `policy: enabled\n${key}: ${number}\n` };
    expect(() => compileConfig({ injectConfig, values: {} })).toThrowError(
      new RegExp(`${key} must be ${wanted}, not ${number}$`),
    );
  });
});
