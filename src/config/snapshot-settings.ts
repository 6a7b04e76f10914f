import type { TextGuardMode } from "../injection/index.js";

/** What a snapshot depends on beside its texts. It does not change while the program runs. Plain data. */
export interface SnapshotSettings {
  /** The control plane's revision, `default` where there is but one. */
  readonly revision: string;
  readonly nativeSidecars: "auto" | "true" | "false";
  readonly compliancePolicy: string;
  readonly platform: string;
  /** The environment variables that templates may read, copied when the program started. */
  readonly environment: Readonly<Record<string, string>>;
  /** What becomes of a pod whose text changes the structure of what a template makes. The default is to reject it. */
  readonly textGuard?: TextGuardMode;
  /** Whether pods that take the same way through a template share its work. The default is that they do. */
  readonly skeletons?: boolean;
  /** Absent: the mesh config's. */
  readonly rootNamespace?: string;
}
