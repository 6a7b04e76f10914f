/** The first minor version of Kubernetes whose kubelets run native sidecars for certain. */
const firstNativeMinor = 33;

/** Whether a kubelet of this version runs native sidecars. Only the minor counts; what cannot be read does not. */
export function kubeletIsNative(version: string): boolean {
  const minor = /^v?[0-9]+\.([0-9]+)(\.[0-9]+)?([-+.].*)?$/.exec(version.trim())?.[1];
  return minor !== undefined && Number(minor) >= firstNativeMinor;
}
