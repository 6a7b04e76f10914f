import type { ConfigSource, KeyPairHolder, SnapshotHolder } from "../config/index.js";
import type { PairSource } from "./certificate-world.js";
import type { Check } from "./readiness.js";

/**
 * There is a configuration. A change that was refused is no reason to refuse pods: the last good one serves them.
 *
 * @param generation the one that is live in all who serve
 */
export function configurationCheck(holder: SnapshotHolder, generation: () => number): Check {
  const run = () => {
    const { live, failure } = holder;
    const since = new Date(live.since).toISOString();
    const state =
      generation() === live.generation
        ? `generation ${live.generation} in use since ${since}`
        : `generation ${live.generation} is on its way, ${generation()} in use`;
    if (failure === undefined) return { ok: generation() > 0, detail: state };
    const at = new Date(failure.at).toISOString();
    const why = failure.message.replaceAll("\n", " ");
    const detail = `${state}; a change was refused at ${at} (${failure.stage}): ${why}`;
    return { ok: generation() > 0, detail };
  };
  return { name: "configuration", run };
}

/** The certificate has not ended. */
export function certificateCheck(pairs: KeyPairHolder, now: () => number): Check {
  const run = () => {
    const { current, failure } = pairs;
    const ok = now() <= current.info.notAfter;
    const ends = `${ok ? "valid until" : "ended at"} ${new Date(current.info.notAfter).toISOString()}`;
    return { ok, detail: failure === undefined ? ends : `${ends}; a newer one was refused: ${failure}` };
  };
  return { name: "certificate", run };
}

/** Whether clients trust what is served, where somebody knows. */
export function trustChecks(pairs: PairSource | undefined): readonly Check[] {
  return pairs === undefined ? [] : [{ name: "certificate-trust", run: () => pairs.check() }];
}

/** Tells how the source's watches are. One that fails is no reason to refuse pods: what it last told serves them. */
export function watchChecks(source: ConfigSource): readonly Check[] {
  const states = source.states?.bind(source);
  if (states === undefined) return [];
  const detail = () =>
    states()
      .map(({ resource, state }) => `${resource}: ${state}`)
      .join("; ");
  return [{ name: "watches", run: () => ({ ok: true, detail: detail() }) }];
}
