import type { Template } from "../gotemplate/index.js";
import type { InjectorValues, Message } from "../mesh/index.js";
import type { ClusterObjects } from "./cluster-objects.js";
import type { DecisionRules } from "./decide.js";
import type { NativeSidecarsMode } from "./native-sidecars.js";
import type { TextGuard } from "./text-guard/text-guard.js";

/** Everything that injection needs beside the pod: checked as a whole, and never changed. */
export interface Snapshot extends DecisionRules {
  readonly revision: string;
  /** The templates by name, parsed. */
  readonly templates: ReadonlyMap<string, Template>;
  /** The names of {@link Snapshot.templates}, sorted. */
  readonly templateNames: readonly string[];
  /** The templates for a pod that names none; never empty. */
  readonly defaultTemplates: readonly string[];
  /** What a name stands for, one level deep. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly injectedAnnotations: ReadonlyMap<string, string>;
  readonly values: InjectorValues;
  /** The MeshConfig message, with defaults. */
  readonly mesh: Message;
  readonly cluster: ClusterObjects;
  readonly nativeSidecars: NativeSidecarsMode;
  readonly compliancePolicy: string;
  readonly platform: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly strictOffline: boolean;
  readonly textGuard: TextGuard;
  /** The names with a slash, such as those of annotations, that some template mentions. */
  readonly namesInTemplates: ReadonlySet<string>;
  /** What is odd in the configuration but does not keep it from working. */
  readonly warnings: readonly string[];
}
