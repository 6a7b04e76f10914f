/**
 * The functions of templates that make no YAML out of texts without any: where all texts are tame, what they give is tame, or
 * no text, or has the syntax that the function is for (`quote`, `toJson`) or that the template gives it (`default "{}"`).
 * A function that cuts, joins, decodes or replaces can make `-` of `a-`; so can any that is not listed.
 */
const inert: ReadonlySet<string> = new Set([
  ...["and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index"],
  ...["default", "empty", "coalesce", "all", "any", "ternary", "valueOrDefault", "fail"],
  ...[
    "contains",
    "hasPrefix",
    "hasSuffix",
    "regexMatch",
    "mustRegexMatch",
    "has",
    "mustHas",
    "hasKey",
    "isset",
  ],
  ...["kindOf", "kindIs", "typeOf", "typeIs", "typeIsLike", "deepEqual", "semverCompare"],
  ...["annotation", "env", "dict", "list", "get", "first", "last", "rest", "initial", "append", "prepend"],
  ...["quote", "squote", "toString", "upper", "lower", "toLower", "indent", "nindent"],
  ...["toJson", "toRawJson", "toPrettyJson", "toJSON", "toJsonMap", "structToJSON", "protoToJSON", "toYaml"],
  ...["fromJson", "mustFromJson", "fromJSON", "omit", "omitNil", "strdict", "mergeMaps"],
  ...["int", "int64", "float64", "atoi", "add", "add1", "sub", "mul", "div", "mod", "max", "min"],
  ...["formatDuration", "includeInboundPorts", "applicationPorts", "excludeInboundPort"],
  ...["b64enc", "sha1sum", "sha256sum", "sha512sum", "kubevirtInterfaces", "excludeInterfaces"],
]);

/** Whether a function makes no YAML out of texts that have none in them. */
export function isInert(functionName: string): boolean {
  return inert.has(functionName);
}
