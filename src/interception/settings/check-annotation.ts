import { parsePrefix } from "../../go/index.js";
import { excerpt } from "../../text/index.js";

/** Says what is wrong with an annotation's value; undefined if nothing is. */
export type AnnotationCheck = (value: string) => string | undefined;

/** REDIRECT or TPROXY; the plugin does not know NONE. */
export const checkMode: AnnotationCheck = (value) =>
  value === "REDIRECT" || value === "TPROXY"
    ? undefined
    : `interceptionMode invalid: ${JSON.stringify(excerpt(value))}; the CNI plugin takes REDIRECT or TPROXY`;

/** A CIDR list without blanks; the empty text is an empty list. */
export const checkCidrs: AnnotationCheck = (value) => {
  if (value === "") return undefined;
  const wrong = value.split(",").find((element) => parsePrefix(element) === undefined);
  return wrong === undefined
    ? undefined
    : `${JSON.stringify(excerpt(wrong))} is not a CIDR such as 10.0.0.0/8`;
};

/** As {@link checkCidrs}, or `*` alone. */
export const checkCidrsOrWildcard: AnnotationCheck = (value) =>
  value === "*" ? undefined : checkCidrs(value);

/** A list of ports 0 to 65535, blanks allowed around them, no empty element. */
export const checkPorts: AnnotationCheck = (value) => {
  if (value.trim() === "") return value === "" ? undefined : "a list of blanks names no port";
  const wrong = value.split(",").find((element) => {
    const digits = element.trim();
    return !/^\d{1,10}$/.test(digits) || Number(digits) > 65535;
  });
  return wrong === undefined ? undefined : `${JSON.stringify(excerpt(wrong))} is not a port (0 to 65535)`;
};

/** As {@link checkPorts}, or `*` alone. */
export const checkPortsOrWildcard: AnnotationCheck = (value) =>
  value === "*" ? undefined : checkPorts(value);

/** Interface names as the plugin takes them: a letter, then letters, digits, `_`, `.`, `-`; 15 characters at most. */
export const checkInterfaces: AnnotationCheck = (value) => {
  if (value === "") return undefined;
  const wrong = value.split(",").find((name) => !/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/.test(name));
  return wrong === undefined
    ? undefined
    : `${JSON.stringify(excerpt(wrong))} is not an interface name (a letter, then letters, digits, _ . -, at most 15 characters)`;
};

/** Anything. */
export const checkNothing: AnnotationCheck = () => undefined;
