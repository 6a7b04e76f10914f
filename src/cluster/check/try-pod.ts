import type { ApiClient } from "../api-client.js";
import { ClusterError } from "../cluster-error.js";
import type { CallReading } from "./check-call.js";
import { type ProbeTarget, probePod } from "./probe-pod.js";

/** So many namespaces are tried when the user may not create pods in the first. */
const mostTargets = 3;

/**
 * Creates a pod in dry run, in the first of the namespaces in which the user may. Nothing is made: webhooks are called and
 * the answer is thrown away.
 */
export async function tryPod(
  client: ApiClient,
  targets: readonly ProbeTarget[],
  signal: AbortSignal,
): Promise<CallReading | undefined> {
  let first: CallReading | undefined;
  for (const target of targets.slice(0, mostTargets)) {
    const tried = { target, outcome: await tryOne(client, target, signal) };
    if (tried.outcome.kind !== "unread") return tried;
    first ??= tried;
  }
  return first;
}

async function tryOne(
  client: ApiClient,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<CallReading["outcome"]> {
  const right = `create pods in namespace ${target.namespace}`;
  const path = `/api/v1/namespaces/${target.namespace}/pods`;
  try {
    const pod = await client.write(
      { method: "POST", path, query: { dryRun: "All" }, body: probePod(target) },
      signal,
    );
    return { kind: "made", pod };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const message = wordsOf(error.message);
    // Admission refuses with 403 too; only the authorizer speaks of the user.
    if (error.status === 401 || isForbidden(message))
      return { kind: "unread", reading: { kind: "forbidden", right, message } };
    if (error.code !== "refused") return { kind: "unread", reading: { kind: "failed", right, message } };
    return { kind: "refused", message };
  }
}

function isForbidden(message: string): boolean {
  const user = message.indexOf('is forbidden: User "');
  return user >= 0 && message.indexOf('" cannot create', user) >= 0;
}

/** What the API server said, without what the client says around it. */
function wordsOf(message: string): string {
  return /^the API server refuses \S+: (.*) \(\d+\)$/s.exec(message)?.[1] ?? message;
}
