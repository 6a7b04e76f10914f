/** One option of a rule with its values, `! --dport 53` for example. */
export interface RuleOption {
  readonly name: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** A match module or a target with its options. */
export interface RuleModule {
  readonly name: string;
  readonly options: RuleOption[];
}

/** A rule taken apart into what iptables itself distinguishes, still as text. */
export interface RuleParts {
  /** `-s`, `-d`, `-i`, `-o`, `-p` by name. */
  readonly basics: ReadonlyMap<string, RuleOption>;
  /** Match modules in the order given; ports without `-m` are a module of the protocol's name. */
  readonly modules: readonly RuleModule[];
  readonly target: RuleModule | undefined;
  readonly goto: boolean;
}

const basicNames: Readonly<Record<string, string>> = {
  "-s": "-s",
  "--source": "-s",
  "--src": "-s",
  "-d": "-d",
  "--destination": "-d",
  "--dst": "-d",
  "-i": "-i",
  "--in-interface": "-i",
  "-o": "-o",
  "--out-interface": "-o",
  "-p": "-p",
  "--protocol": "-p",
  "--proto": "-p",
};

const portOptions: Readonly<Record<string, string>> = {
  "--sport": "--sport",
  "--source-port": "--sport",
  "--dport": "--dport",
  "--destination-port": "--dport",
};

function lookUp(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Takes a rule's words (without `-A CHAIN`) apart. Never fails: what it does not know stays an option of its module. */
export function ruleParts(words: readonly string[]): RuleParts {
  const basics = new Map<string, RuleOption>();
  const modules: RuleModule[] = [];
  let target: RuleModule | undefined;
  let goto = false;
  let negated = false;
  let at = 0;
  const value = () => words[at++] ?? "";
  const values = () => {
    const found: string[] = [];
    while (at < words.length && !/^(-[a-zA-Z]$|--|!$)/.test(words[at] ?? "")) found.push(value());
    return found;
  };
  while (at < words.length) {
    const word = value();
    const basic = lookUp(basicNames, word);
    if (word === "!") negated = !negated;
    else if (basic !== undefined) {
      // Older iptables wrote the negation behind the option.
      const after = words[at] === "!";
      if (after) at++;
      basics.set(basic, { name: basic, values: [value()], negated: negated !== after });
      negated = false;
    } else if (word === "-m" || word === "--match") modules.push({ name: value(), options: [] });
    else if (word === "-j" || word === "--jump" || word === "-g" || word === "--goto") {
      goto = word === "-g" || word === "--goto";
      target = { name: value(), options: [] };
    } else {
      addOption(word, values(), negated, target ?? moduleFor(word, basics, modules));
      negated = false;
    }
  }
  return { basics, modules, target, goto };
}

function addOption(word: string, values: readonly string[], negated: boolean, module: RuleModule): void {
  module.options.push({ name: lookUp(portOptions, word) ?? word, values, negated });
}

/** The module an option belongs to: the last one named, or for ports the protocol's own. */
function moduleFor(word: string, basics: ReadonlyMap<string, RuleOption>, modules: RuleModule[]): RuleModule {
  const last = modules.at(-1);
  const protocol = basics.get("-p")?.values[0] ?? "unknown";
  if (lookUp(portOptions, word) !== undefined) {
    const own = modules.findLast((module) => module.name === protocol);
    if (own !== undefined) return own;
  } else if (last !== undefined) return last;
  const implicit = { name: protocol, options: [] };
  modules.push(implicit);
  return implicit;
}
