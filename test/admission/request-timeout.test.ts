import { describe, expect, it } from "vitest";
import { requestTimeout, usableTimeout } from "../../src/admission/index.js";

describe("the timeout of a request", () => {
  it.each([
    ["10s", 10_000],
    ["1m30s", 90_000],
    ["250ms", 250],
    ["1.5s", 1500],
    [null, undefined],
    ["", undefined],
    ["0s", undefined],
    ["-5s", undefined],
    ["10", undefined],
    ["soon", undefined],
    ["1s".repeat(1000), undefined],
  ])("%j is %j milliseconds", (text, expected) => {
    expect(requestTimeout(text)).toBe(expected);
  });

  it("leaves a twentieth for the way back, half a second at most", () => {
    expect([usableTimeout(1000), usableTimeout(10_000), usableTimeout(30_000)]).toEqual([950, 9500, 29_500]);
  });
});
