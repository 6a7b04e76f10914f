import { type Action, actionFor, overallState } from "../interception/index.js";
import type { Log } from "../telemetry/index.js";
import { NetfilterError } from "./netfilter-error.js";
import type { RuleWriter } from "./rule-writer.js";

/** What was asked for. */
export interface ProgramOptions {
  readonly reconcile: boolean;
  readonly cleanupOnly: boolean;
  readonly forceApply: boolean;
}

/**
 * Brings the rules of all families into the kernel, or out of it.
 * @returns what was done
 * @throws NetfilterError `command-failed`; then nothing of a first application is left behind
 */
export async function programRules(
  writers: readonly RuleWriter[],
  options: ProgramOptions,
  log: Log,
): Promise<Action> {
  if (options.cleanupOnly) {
    for (const writer of writers) await writer.cleanUp();
    return "cleanup";
  }
  const families = [];
  for (const writer of writers) families.push(await writer.state());
  const state = overallState(families);
  const action = actionFor(state, options);
  log.debug("Compared the rules that are there with those wanted", { ...state, action });
  if (action === "nothing") log.info("The rules are in place already");
  else if (action === "reconcile") await replace(writers, log);
  else if (action === "apply-over-residue") {
    log.warn(
      "Other rules are there; if they are Istio's of another configuration, run with --reconcile or --cleanup-only first",
    );
    await applyAll(writers);
  } else if (state.residue) await replace(writers, log);
  else await applyAll(writers);
  return action;
}

/** Exchanges the rules while nothing gets through. */
async function replace(writers: readonly RuleWriter[], log: Log): Promise<void> {
  log.info("Replacing the rules; traffic is dropped meanwhile");
  try {
    for (const writer of writers) await writer.addGuardrails();
    for (const writer of writers) await writer.cleanUp();
    await applyAll(writers);
  } finally {
    for (const writer of writers) await writer.removeGuardrails();
  }
}

/**
 * A restore is atomic for one table only, and families are separate programs. So what can be known to fail is found
 * before the first rule is written, and a failure takes back what was written before it.
 */
async function applyAll(writers: readonly RuleWriter[]): Promise<void> {
  for (const writer of writers) {
    const clashes = await writer.clashes();
    if (clashes.length > 0)
      throw new NetfilterError(
        "command-failed",
        `${writer.name}: chain already exists: ${clashes.join(", ")}; nothing was changed; run with --reconcile to replace the rules, or with --cleanup-only to remove them`,
      );
    await writer.test();
  }
  try {
    for (const writer of writers) await writer.apply();
  } catch (error) {
    // No chain of Istio's was there before, so whatever is there now is ours.
    for (const writer of writers) await writer.cleanUp();
    throw error;
  }
}
