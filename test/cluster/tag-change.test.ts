import { describe, expect, it } from "vitest";
import {
  carryOut,
  ClusterError,
  readWebhookConfiguration,
  removeTagChange,
  restoreDefaultChange,
  type SetTagOptions,
  setTagChange,
  type TagChange,
} from "../../src/cluster/index.js";
import { run } from "../cli/recording-io.js";
import { installed, TagCluster } from "./tag-cluster.js";

const istiod = installed({ name: "istio-sidecar-injector", revision: "default", byDefault: true });
const pillion = installed({
  name: "istio-sidecar-injector-pillion",
  revision: "pillion",
  service: "pillion",
});
const prod = installed({ name: "istio-revision-tag-prod", revision: "default", tag: "prod" });

const set = (options: Partial<SetTagOptions> = {}): TagChange =>
  setTagChange({ tag: "prod", revision: "pillion", overwrite: false, systemTrust: false, ...options });
const handOver = () => set({ tag: "default", overwrite: true });

/** Carries out a change without waiting, and tells what was said. */
async function make(change: TagChange, client: TagCluster, options: { interruptAt?: number } = {}) {
  const interrupt = new AbortController();
  const steps: string[] = [];
  let waits = 0;
  await carryOut(change, {
    client,
    signal: interrupt.signal,
    propagationMs: 0,
    onStep: (effect, number, total) => steps.push(`${number}/${total} ${effect}`),
    onWait: () => {
      if (++waits === options.interruptAt) interrupt.abort();
    },
  });
  return { steps, waits };
}

function isActive(client: TagCluster, name: string): boolean {
  const { entries } = readWebhookConfiguration(client.object(name) ?? {});
  return entries.length > 0 && entries.every(({ deactivated }) => !deactivated);
}

describe("setting a tag", () => {
  it.each<[string, Partial<SetTagOptions>, RegExp]>([
    ["an unknown revision", { revision: "nope" }, /no .* is of revision nope; there are default, pillion$/],
    [
      "a tag in the place of a revision",
      { revision: "prod" },
      /prod is a tag of revision default: name the revision/,
    ],
    [
      "a tag that is there",
      {},
      /the tag prod is there already, for revision default\. Change it with --overwrite/,
    ],
    [
      "the name of a revision",
      { tag: "pillion", overwrite: true },
      /pillion is a revision already.*another name/,
    ],
    [
      "a default that belongs to somebody",
      { tag: "default" },
      /calls istiod\.istio-system\. Hand it over with --overwrite/,
    ],
  ])("refuses %s, and changes nothing", async (_what, options, message) => {
    const client = new TagCluster(istiod, pillion, prod);
    await expect(make(set(options), client)).rejects.toThrow(message);
    expect(client.asked).toEqual([]);
  });

  it.each(["Prod", "-a", "a_b", "a".repeat(64)])("refuses the name %s", (tag) => {
    expect(() => set({ tag })).toThrow(/cannot be a tag/);
  });

  it("refuses a revision that is there twice", async () => {
    const twin = installed({ name: "twin", revision: "pillion" });
    await expect(make(set(), new TagCluster(pillion, twin))).rejects.toThrow(
      /more than one.*istio-sidecar-injector-pillion, twin/,
    );
  });

  it("refuses a revision without caBundle, and a URL without unless API servers trust it", async () => {
    const bare = installed({ name: "bare", revision: "pillion", caBundle: "" });
    await expect(make(set({ systemTrust: true }), new TagCluster(bare))).rejects.toThrow(
      /has no caBundle yet/,
    );
    const url = installed({
      name: "bare",
      revision: "pillion",
      caBundle: "",
      url: "https://example.com/inject",
    });
    await expect(make(set(), new TagCluster(url))).rejects.toThrow(/no caBundle yet.*--system-trust/);
    const { steps } = await make(set({ systemTrust: true }), new TagCluster(url));
    expect(steps).toEqual([
      "1/1 istio-revision-tag-prod makes prod call https://example.com/inject of revision pillion",
    ]);
  });

  it("refuses to replace an object of its name that is no tag", async () => {
    const squatter = installed({ name: "istio-revision-tag-prod", revision: "other" });
    await expect(make(set({ overwrite: true }), new TagCluster(pillion, squatter))).rejects.toThrow(
      /istio-revision-tag-prod is there, and it is not the tag prod/,
    );
  });

  it("keeps what others wrote into the object's metadata", async () => {
    const client = new TagCluster(istiod, pillion, prod);
    await make(set({ overwrite: true }), client);
    expect(client.object("istio-revision-tag-prod")?.metadata).toMatchObject({
      uid: "uid of istio-revision-tag-prod",
    });
    expect(readWebhookConfiguration(client.object("istio-revision-tag-prod") ?? {}).revision).toBe("pillion");
  });
});

describe("handing over the default", () => {
  it("tries all steps first, waits between them, and tells each", async () => {
    const client = new TagCluster(istiod, pillion);
    const { steps, waits } = await make(handOver(), client);
    expect(steps).toEqual([
      "1/3 istio-sidecar-injector leaves alone what revision pillion has injected",
      "2/3 istio-revision-tag-default makes default call pillion.istio-system of revision pillion",
      "3/3 istio-sidecar-injector, which calls istiod.istio-system, is switched off",
    ]);
    expect(waits).toBe(2);
    expect(client.asked.map(({ method, dryRun }) => `${method}${dryRun ? " dry" : ""}`)).toEqual([
      ...["PUT dry", "POST dry", "PUT dry"],
      ...["PUT", "POST", "PUT"],
    ]);
    expect((await make(handOver(), client)).steps).toEqual([]);
  });

  it("changes nothing where a step is forbidden", async () => {
    const client = new TagCluster(istiod, pillion);
    client.forbids = ({ method }) => method === "POST";
    await expect(make(handOver(), client)).rejects.toThrow(
      /does not let you create mutatingwebhookconfigurations\.admissionregistration\.k8s\.io istio-revision-tag-default/,
    );
    expect(client.asked.filter(({ dryRun }) => !dryRun)).toEqual([]);
  });

  it("looks again when somebody else changes an object, and keeps that change", async () => {
    const client = new TagCluster(istiod, pillion);
    let changes = 0;
    client.beforeWrite = ({ name }) => {
      if (name !== "istio-sidecar-injector" || ++changes > 2) return;
      const object = client.object(name) ?? {};
      const { metadata } = object;
      const labels = { ...readWebhookConfiguration(object).labels, [`change-${changes}`]: "true" };
      client.put({ ...object, metadata: { ...(typeof metadata === "object" ? metadata : {}), labels } });
    };
    await make(handOver(), client);
    expect(isActive(client, "istio-sidecar-injector")).toBe(false);
    expect(readWebhookConfiguration(client.object("istio-sidecar-injector") ?? {}).labels).toMatchObject({
      "change-1": "true",
      "change-2": "true",
    });
  });

  it("gives up when somebody undoes each step", async () => {
    const client = new TagCluster(istiod, pillion);
    client.afterWrite = ({ name }) => {
      const object = client.object(name);
      if (name === "istio-sidecar-injector" && object !== undefined) client.put(istiod);
    };
    await expect(make(handOver(), client)).rejects.toThrow(
      /somebody else changes the same webhook configurations/,
    );
  });

  it("says which state it was interrupted in, and waits before it goes on from there", async () => {
    const client = new TagCluster(istiod, pillion);
    await expect(make(handOver(), client, { interruptAt: 2 })).rejects.toThrow(
      "interrupted\nSteps that were made: 2. Now istio-revision-tag-default (revision pillion, calls pillion.istio-system) is " +
        "active; istio-sidecar-injector (revision default, calls istiod.istio-system) is active, except for pods that the " +
        "other one has injected. Pods are injected once in this state too. Run the same command again to complete it.",
    );
    const { steps, waits } = await make(handOver(), client);
    expect(steps).toHaveLength(1);
    expect(waits).toBe(1);
    expect(isActive(client, "istio-sidecar-injector")).toBe(false);
  });

  it.each(["beforeWrite", "afterWrite"] as const)(
    "says what is not known when the connection breaks %s",
    async (when) => {
      const client = new TagCluster(istiod, pillion);
      client[when] = ({ method }) => {
        if (method === "POST") throw new ClusterError("unreachable", "cannot reach the API server");
      };
      await expect(make(handOver(), client)).rejects.toThrow(
        /cannot reach the API server\nSteps that were made: 1\. Whether this one was made is not known: istio-revision-tag-default/,
      );
      client[when] = () => {};
      await make(handOver(), client);
      expect(isActive(client, "istio-revision-tag-default")).toBe(true);
      expect(isActive(client, "istio-sidecar-injector")).toBe(false);
    },
  );

  it("gives it back, and refuses where there is nobody to give it to", async () => {
    const client = new TagCluster(istiod, pillion);
    await make(handOver(), client);
    const { steps } = await make(restoreDefaultChange(), client);
    expect(steps.map((step) => step.slice(0, 3))).toEqual(["1/3", "2/3", "3/3"]);
    expect(isActive(client, "istio-sidecar-injector")).toBe(true);
    await expect(make(restoreDefaultChange(), client)).rejects.toThrow(/there is no tag default/);
    const alone = new TagCluster(pillion);
    await make(set({ tag: "default" }), alone);
    await expect(make(restoreDefaultChange(), alone)).rejects.toThrow(/nothing to give the default back to/);
  });

  it("does not give it back to an injector that API servers do not trust", async () => {
    const client = new TagCluster(
      installed({ name: "old", revision: "default", byDefault: true, caBundle: "" }),
      pillion,
    );
    await make(handOver(), client);
    await expect(make(restoreDefaultChange(), client)).rejects.toThrow(
      /old of revision default has no caBundle/,
    );
  });
});

describe("removing a tag", () => {
  const remove = (tag: string, uses: readonly string[] | undefined) => removeTagChange({ tag, uses });

  it("refuses an unknown one, and one that namespaces use", async () => {
    const client = new TagCluster(istiod, pillion, prod);
    await expect(make(remove("nope", []), client)).rejects.toThrow("there is no tag nope; there are prod");
    const many = Array.from({ length: 12 }, (_, index) => `n${index}`);
    await expect(make(remove("prod", many), client)).rejects.toThrow(
      /without --yes, since 12 namespaces use it: n0, .*, n9 and 2 more\. No new pod would be injected there/,
    );
    await make(remove("prod", undefined), client);
    expect(client.object("istio-revision-tag-prod")).toBeUndefined();
  });

  it("removes the default only when asked to, and names who could have it", async () => {
    const client = new TagCluster(istiod, pillion);
    await make(handOver(), client);
    await expect(make(remove("default", []), client)).rejects.toThrow(
      /pods anywhere.*Give the default back to istio-sidecar-injector, which calls istiod\.istio-system, with --restore/,
    );
    await make(remove("default", undefined), client);
    expect(isActive(client, "istio-sidecar-injector")).toBe(false);
  });

  it("refuses to in the middle of a handover", async () => {
    const client = new TagCluster(istiod, pillion);
    await expect(make(handOver(), client, { interruptAt: 2 })).rejects.toThrow(/interrupted/);
    await expect(make(remove("default", undefined), client)).rejects.toThrow(
      /has begun and not ended.*--restore/,
    );
  });
});

describe("the command line", () => {
  it.each([
    [["tag", "set", "prod"], /--revision/],
    [["tag", "set", "prod", "-r", "pillion", "--auto-inject-namespaces"], /for the tag default alone/],
    [["tag", "remove", "prod", "--restore"], /for the tag default alone/],
    [["tag", "set", "default", "-r", "pillion", "--propagation-delay", "soon"], /Write seconds/],
    [["tag", "list", "-o", "xml"], /text, json/],
  ])("of %j is wrong usage", async (args, message) => {
    const { exitCode, stderr } = await run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
