import { GoStruct, int64, noField, type Value } from "../gotemplate/index.js";
import type { JsonObject } from "../kube/index.js";
import type { Message } from "../mesh/index.js";
import { proxyImageUrl } from "../mesh/index.js";
import type { Owner } from "./injection-context.js";
import { names } from "./names.js";
import { podOf } from "./pod.js";
import type { Snapshot } from "./snapshot.js";
import { KubeView } from "./view/kube-view.js";
import { messageView } from "./view/message-view.js";

/** A struct of fields that are all known at once. */
class FixedStruct extends GoStruct {
  readonly kind = "struct";
  constructor(
    readonly type: string,
    private readonly values: ReadonlyMap<string, Value>,
  ) {
    super();
  }
  fieldNames(): readonly string[] {
    return [...this.values.keys()];
  }
  field(name: string): Value | typeof noField {
    return this.values.has(name) ? this.values.get(name) : noField;
  }
}

/** What the data of a pod's templates are made of. */
export interface TemplateSubject {
  readonly snapshot: Snapshot;
  /** The pod without what an earlier injection put in. */
  readonly pod: JsonObject;
  readonly owner: Owner;
  readonly proxyConfig: Message;
  /** The MeshConfig message for this pod. */
  readonly mesh: Message;
  readonly ids: { readonly user: number; readonly group: number };
  /** What the cluster can do; the pod's own word on it is for the template to read. */
  readonly nativeSidecars: boolean;
}

/** The dot of an injection template: 5.3 of the specification. Field order is Istio's. */
export function templateData(subject: TemplateSubject): Value {
  const { snapshot, pod, owner, proxyConfig, mesh, ids } = subject;
  const annotations = annotationsOf(pod);
  const metadata = KubeView.of("ObjectMeta", pod.metadata);
  const values = snapshot.values.typed;
  const imageType = Object.hasOwn(annotations, names.proxyImageType)
    ? annotations[names.proxyImageType]
    : undefined;
  const configured = proxyConfig.message("image")?.text("imageType") ?? "";
  const image = (base: string, ownType: string) =>
    proxyImageUrl({
      hub: values.hub,
      tag: values.tag,
      image: base,
      imageType: imageType ?? (ownType || values.variant),
    });
  return new FixedStruct(
    "inject.SidecarTemplateData",
    new Map<string, Value>([
      ["TypeMeta", struct("v1.TypeMeta", { Kind: owner.kind, APIVersion: owner.apiVersion })],
      ["DeploymentMeta", struct("types.NamespacedName", { Namespace: owner.namespace, Name: owner.name })],
      ["ObjectMeta", metadata],
      ["Spec", KubeView.of("PodSpec", pod.spec)],
      ["ProxyConfig", messageView(proxyConfig)],
      ["MeshConfig", messageView(mesh)],
      ["Values", snapshot.values.loose],
      ["Revision", snapshot.revision],
      ["NativeSidecars", subject.nativeSidecars],
      ["ProxyImage", image(values.proxyImage, configured)],
      ["ProxyInitImage", image(values.proxyInitImage, "")],
      ["ProxyUID", int64(BigInt(ids.user))],
      ["ProxyGID", int64(BigInt(ids.group))],
      ["InboundTrafficPolicyMode", inboundMode(mesh)],
      ["CompliancePolicy", snapshot.compliancePolicy],
    ]),
  );
}

function struct(type: string, fields: Readonly<Record<string, Value>>): GoStruct {
  return new FixedStruct(type, new Map(Object.entries(fields)));
}

function annotationsOf(pod: JsonObject): Readonly<Record<string, string>> {
  return podOf(pod).metadata?.annotations ?? {};
}

function inboundMode(mesh: Message): string {
  return mesh.message("inboundTrafficPolicy")?.enum("mode").name === "LOCALHOST"
    ? "localhost"
    : "passthrough";
}
