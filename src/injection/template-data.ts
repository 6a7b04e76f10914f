import { GoStruct, int64, noField, type Value } from "../gotemplate/index.js";
import type { JsonObject } from "../json/index.js";
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
    private readonly values: Readonly<Record<string, Value>>,
  ) {
    super();
  }
  fieldNames(): readonly string[] {
    return Object.keys(this.values);
  }
  field(name: string): Value | typeof noField {
    return Object.hasOwn(this.values, name) ? this.values[name] : noField;
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

/** The fields of the dot of an injection template, in Istio's order (docs/behaviour.md#data-of-templates). */
const fields: ReadonlyMap<string, (subject: TemplateSubject) => Value> = new Map<
  string,
  (subject: TemplateSubject) => Value
>([
  [
    "TypeMeta",
    ({ owner }) => new FixedStruct("v1.TypeMeta", { Kind: owner.kind, APIVersion: owner.apiVersion }),
  ],
  [
    "DeploymentMeta",
    ({ owner }) => new FixedStruct("types.NamespacedName", { Namespace: owner.namespace, Name: owner.name }),
  ],
  ["ObjectMeta", ({ pod }) => KubeView.of("ObjectMeta", pod.metadata)],
  ["Spec", ({ pod }) => KubeView.of("PodSpec", pod.spec)],
  ["ProxyConfig", ({ proxyConfig }) => messageView(proxyConfig)],
  ["MeshConfig", ({ mesh }) => messageView(mesh)],
  ["Values", ({ snapshot }) => snapshot.values.loose],
  ["Revision", ({ snapshot }) => snapshot.revision],
  ["NativeSidecars", ({ nativeSidecars }) => nativeSidecars],
  ["ProxyImage", proxyImage],
  ["ProxyInitImage", (subject) => image(subject, subject.snapshot.values.typed.proxyInitImage, "")],
  ["ProxyUID", ({ ids }) => int64(BigInt(ids.user))],
  ["ProxyGID", ({ ids }) => int64(BigInt(ids.group))],
  ["InboundTrafficPolicyMode", ({ mesh }) => inboundMode(mesh)],
  ["CompliancePolicy", ({ snapshot }) => snapshot.compliancePolicy],
]);

const fieldNames = [...fields.keys()];
const makers = [...fields.values()];
const places: ReadonlyMap<string, number> = new Map(fieldNames.map((name, place) => [name, place]));

/** The dot of an injection template. A field is made when it is first read. */
class TemplateData extends GoStruct {
  readonly kind = "struct";
  readonly type = "inject.SidecarTemplateData";
  private readonly known: Value[] = new Array<Value>(makers.length);

  constructor(private readonly subject: TemplateSubject) {
    super();
  }
  fieldNames(): readonly string[] {
    return fieldNames;
  }
  field(name: string): Value | typeof noField {
    const place = places.get(name);
    if (place === undefined) return noField;
    const known = this.known[place];
    if (known !== undefined) return known;
    const value = makers[place]?.(this.subject);
    this.known[place] = value;
    return value;
  }
}

/** The data of a pod's templates. */
export function templateData(subject: TemplateSubject): GoStruct {
  return new TemplateData(subject);
}

function proxyImage(subject: TemplateSubject): string {
  const configured = subject.proxyConfig.message("image")?.text("imageType") ?? "";
  return image(subject, subject.snapshot.values.typed.proxyImage, configured);
}

function image({ snapshot, pod }: TemplateSubject, base: string, ownType: string): string {
  const annotations = podOf(pod).metadata?.annotations ?? {};
  const imageType = Object.hasOwn(annotations, names.proxyImageType)
    ? annotations[names.proxyImageType]
    : undefined;
  return imageUrl(snapshot, base, imageType ?? (ownType || snapshot.values.typed.variant));
}

interface Image {
  readonly imageType: string;
  readonly url: string;
}

/** The image of the last pod, by what it is based on: most pods want the same. */
const lastImages = new WeakMap<Snapshot, Map<string, Image>>();

function imageUrl(snapshot: Snapshot, base: string, imageType: string): string {
  const images = lastImages.get(snapshot) ?? new Map<string, Image>();
  const last = images.get(base);
  if (last?.imageType === imageType) return last.url;
  const { hub, tag } = snapshot.values.typed;
  const url = proxyImageUrl({ hub, tag, image: base, imageType });
  lastImages.set(snapshot, images.set(base, { imageType, url }));
  return url;
}

function inboundMode(mesh: Message): string {
  return mesh.message("inboundTrafficPolicy")?.enum("mode").name === "LOCALHOST"
    ? "localhost"
    : "passthrough";
}
