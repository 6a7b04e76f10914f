/** The form of a label value, of the name in a label key, and of the DNS subdomain before its slash. */
const valueForm = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const nameForm = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const prefixForm = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Kubernetes' limits: a label's name and value have at most 63 characters, its prefix 253 like a DNS name. */
const longestName = 63;
const longestPrefix = 253;

const wellFormedName =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Tells what is wrong with a label key (`name` or `prefix/name`); undefined when nothing is. */
export function labelKeyFault(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) return "a qualified name is a name with at most one prefix and one '/' before it";
  const [prefix, name = ""] = parts.length === 2 ? parts : [undefined, key];
  if (prefix === "") return "prefix part must be non-empty";
  if (prefix !== undefined && prefix.length > longestPrefix)
    return `prefix part must be no more than ${longestPrefix} characters`;
  if (prefix !== undefined && !prefixForm.test(prefix))
    return "prefix part must be a lowercase DNS subdomain";
  if (name === "") return "name part must be non-empty";
  if (name.length > longestName) return `name part must be no more than ${longestName} characters`;
  return nameForm.test(name) ? undefined : `name part ${wellFormedName}`;
}

/** Tells what is wrong with a label value; undefined when nothing is. */
export function labelValueFault(value: string): string | undefined {
  if (value.length > longestName) return `must be no more than ${longestName} characters`;
  return valueForm.test(value) ? undefined : `must be empty or ${wellFormedName.replace(/^must /, "")}`;
}
