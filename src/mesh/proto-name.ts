const isLower = (char: string | undefined): boolean => char !== undefined && char >= "a" && char <= "z";
const isDigit = (char: string): boolean => char >= "0" && char <= "9";

/** The name protoc-gen-go gives to a field: `k8s_sa_jwt_path` is `K8SSaJwtPath`. */
export function goName(protoName: string): string {
  let name = "";
  for (let i = 0; i < protoName.length; i++) {
    const char = protoName.charAt(i);
    if (char === "_" && i === 0) name += "X";
    else if (char === "_" && isLower(protoName[i + 1])) continue;
    else if (isDigit(char)) name += char;
    else {
      name += char.toUpperCase();
      while (isLower(protoName[i + 1])) name += protoName.charAt(++i);
    }
  }
  return name;
}

/** The lowerCamelCase name that protobuf derives for JSON: `mesh_mTLS` is `meshMTLS`. */
export function jsonName(protoName: string): string {
  let name = "";
  let afterUnderscore = false;
  for (const char of protoName) {
    if (char !== "_") name += afterUnderscore && isLower(char) ? char.toUpperCase() : char;
    afterUnderscore = char === "_";
  }
  return name;
}
