import { builtInChains } from "../rule/chain-name.js";
import { splitWords } from "../rule/split-words.js";

const ours = "ISTIO_";

function jumpsToOurs(words: readonly string[]): boolean {
  return words.some(
    (word, index) => (word === "-j" || word === "-g") && (words[index + 1] ?? "").startsWith(ours),
  );
}

/**
 * The iptables arguments that remove what is left of Istio in save text, whatever configuration it came from: rules of
 * other chains that jump to Istio's, then Istio's chains. Rules of a built-in chain that name no chain of Istio's are
 * nobody's here, and stay.
 *
 * Decided in ADR 0103.
 */
export function leftoverArguments(saveText: string): readonly (readonly string[])[] {
  const jumps: string[][] = [];
  const chains: [string, string][] = [];
  let table = "";
  for (const raw of saveText.split("\n")) {
    const line = raw.trim();
    if (line.startsWith("*")) table = line.slice(1).trim();
    else if (line.startsWith(`:${ours}`)) chains.push([table, line.slice(1).split(" ")[0] ?? ""]);
    else if (line.startsWith("-A ")) {
      const [, chain = "", ...words] = splitWords(line);
      const foreign = builtInChains.has(chain) || !chain.startsWith(ours);
      if (foreign && jumpsToOurs(words)) jumps.push(["-t", table, "-D", chain, ...words]);
    }
  }
  // Chains refer to each other, so all are emptied before the first is deleted.
  return [
    ...jumps,
    ...chains.map(([home, chain]) => ["-t", home, "-F", chain]),
    ...chains.map(([home, chain]) => ["-t", home, "-X", chain]),
  ];
}
