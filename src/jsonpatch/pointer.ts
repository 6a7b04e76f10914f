/** The pointer one step further: `~` and `/` in a key are written `~0` and `~1`. */
export function childPointer(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}/${key}`;
  const tilde = key.includes("~") ? key.replaceAll("~", "~0") : key;
  return `${parent}/${tilde.includes("/") ? tilde.replaceAll("/", "~1") : tilde}`;
}
