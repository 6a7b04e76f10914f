/** Which pods the repair controller takes for broken. */
export interface RepairFilter {
  readonly sidecarAnnotation: string;
  readonly initContainerName: string;
  /** Exit code of the last termination; 0 or absent for any. */
  readonly initExitCode?: number;
  /** Message of the last termination, compared trimmed; empty or absent for any. */
  readonly initTerminationMsg?: string;
}

/** The end of a container, as a pod's status tells it. */
export interface Termination {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

/** The status of one init container, as far as repair reads it. */
export interface InitContainerStatus {
  readonly name: string;
  readonly state: { readonly terminated?: Termination };
  readonly lastState: { readonly terminated?: Termination };
}

/** What Istio's chart configures. */
export const defaultRepairFilter: RepairFilter = {
  sidecarAnnotation: "sidecar.istio.io/status",
  initContainerName: "istio-validation",
  initExitCode: 126,
};

function succeeded(termination: Termination | undefined): boolean {
  return termination !== undefined && (termination.reason === "Completed" || termination.exitCode === 0);
}

/** Whether the repair controller would take the pod for one whose rules are missing. */
export function isBroken(
  filter: RepairFilter,
  annotations: Readonly<Record<string, string>>,
  statuses: readonly InitContainerStatus[],
): boolean {
  if (!Object.hasOwn(annotations, filter.sidecarAnnotation)) return false;
  return statuses.some((status) => {
    if (status.name !== filter.initContainerName || succeeded(status.state.terminated)) return false;
    const last = status.lastState.terminated;
    if (last === undefined) return false;
    if ((filter.initExitCode ?? 0) !== 0 && last.exitCode !== filter.initExitCode) return false;
    const message = (filter.initTerminationMsg ?? "").trim();
    return message === "" || (last.message ?? "").trim() === message;
  });
}
