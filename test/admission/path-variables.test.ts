import { describe, expect, it } from "vitest";
import { pathVariables } from "../../src/admission/index.js";

describe("the path of a request", () => {
  const rows: readonly [string, Record<string, string>][] = [
    ["/", {}],
    ["/inject", {}],
    ["/inject/", {}],
    ["/inject/cluster/cluster1", { ISTIO_META_CLUSTER_ID: "cluster1" }],
    ["/inject/cluster/c1/net/n1", { ISTIO_META_CLUSTER_ID: "c1", ISTIO_META_NETWORK: "n1" }],
    ["/inject/net/n1/cluster/c1/", { ISTIO_META_CLUSTER_ID: "c1", ISTIO_META_NETWORK: "n1" }],
    ["/inject/foo_bar/v", { FOO_BAR: "v" }],
    ["/inject/cluster/a--slash--b", { ISTIO_META_CLUSTER_ID: "a/b" }],
    ["/inject/a--slash--b/v/c/--slash--d--slash--", { "A--SLASH--B": "v", C: "/d/" }],
    ["/inject/cluster", {}],
    ["/inject/cluster/c1/net", { ISTIO_META_CLUSTER_ID: "c1" }],
    ["/inject/cluster/one/cluster/two", { ISTIO_META_CLUSTER_ID: "two" }],
    ["/inject/cluster//x/y", { ISTIO_META_CLUSTER_ID: "", X: "y" }],
    ["/inject//v/a/b", { A: "b" }],
    ["/inject/:ENV:cluster=c1:ENV:rootpage=/x/y", { ISTIO_META_CLUSTER_ID: "c1", ROOTPAGE: "/x/y" }],
    ["/inject/:ENV:net=a--slash--b/c=d", { ISTIO_META_NETWORK: "a--slash--b/c=d" }],
    ["/inject/:ENV:aaa=:ENV:=x:ENV:=:ENV:aab:ENV:b=1", { AAA: "", B: "1" }],
    ["/inject/:ENV:", {}],
    ["/inject/a/b/c/:ENV:x=y", { A: "b", C: ":ENV:x=y" }],
    ["/inject/__proto__/v/constructor/w", { __PROTO__: "v", CONSTRUCTOR: "w" }],
  ];
  it.each(rows)("%s says %j", (path, expected) => {
    const { variables } = pathVariables(path);
    expect([...variables].sort()).toEqual(Object.entries(expected).sort());
  });

  it("names the key it ignores for want of a value, and only then", () => {
    expect(pathVariables("/inject/cluster/c1/net").ignoredKey).toBe("net");
    expect(pathVariables("/inject/cluster/c1")).not.toHaveProperty("ignoredKey");
    expect(pathVariables("/inject/:ENV:a")).not.toHaveProperty("ignoredKey");
  });
});
