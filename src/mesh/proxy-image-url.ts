/** Image types that a release tag may end in. */
const knownTypes = ["distroless", "debug"];

/** What an image's URL is made of. */
export interface ImageParts {
  readonly hub: string;
  /** Base name; empty means proxyv2. */
  readonly image: string;
  readonly tag: string;
  /** Empty keeps the tag, `default` takes a known type off it, any other type replaces that. */
  readonly imageType: string;
}

/**
 * `<hub>/<image>:<tag>` with the image type worked into the tag: Istio's ProxyImage and ProxyInitImage. Which type a pod gets is
 * for the caller: its annotation, even empty; else the ProxyConfig's (not for the init image); else the values' variant.
 */
export function proxyImageUrl({ hub, image, tag, imageType }: ImageParts): string {
  return `${hub}/${image === "" ? "proxyv2" : image}:${typedTag(tag, imageType)}`;
}

function typedTag(tag: string, imageType: string): string {
  if (imageType === "") return tag;
  const suffix = knownTypes.map((type) => `-${type}`).find((ending) => tag.endsWith(ending)) ?? "";
  const bare = tag.slice(0, tag.length - suffix.length);
  return imageType === "default" ? bare : `${bare}-${imageType}`;
}
