/** The pointer one step further: `~` and `/` in a key are written `~0` and `~1`. */
export function childPointer(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}/${key}`;
  const token = /[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
  return `${parent}/${token}`;
}
