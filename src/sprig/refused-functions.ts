/**
 * The functions of Sprig that have no place in a template that runs for every pod, each with the reason and
 * the remedy. They are not in the function map; whoever loads a template refuses one that names them.
 */
export const refusedFunctions: ReadonlyMap<string, string> = new Map([
  ...explain(
    ["genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey"],
    "makes keys or certificates, which must not happen anew for every pod; make them once and mount a Secret",
  ),
  ...explain(
    ["genSignedCert", "genSignedCertWithKey", "buildCustomCert"],
    "makes certificates, which must not happen anew for every pod; make them once and mount a Secret",
  ),
  ...explain(
    ["bcrypt", "htpasswd", "derivePassword"],
    "hashes passwords, which is slow by design and would hold up the admission of pods; hash them once and mount a Secret",
  ),
  ...explain(
    ["getHostByName"],
    "asks the name service, which would hold up the admission of pods; write the address into the values",
  ),
]);

function explain(names: readonly string[], reason: string): [string, string][] {
  return names.map((name) => [name, `the function ${name} is not available: it ${reason}`]);
}
