import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ESTree, parseSync, Visitor } from "vite";

/** A regular expression literal in a source. */
export interface Expression {
  readonly source: string;
  readonly flags: string;
  /** The files it is in, with the line. */
  readonly places: readonly string[];
}

/** What a folder of sources does with regular expressions. */
export interface FoundExpressions {
  /** Each literal once, by its text. */
  readonly literals: ReadonlyMap<string, Expression>;
  /** Where an expression is put together at run time, of which a check knows nothing. */
  readonly constructions: readonly string[];
}

/** Methods of strings that take a text for the source of an expression. */
const converting = new Set(["match", "matchAll", "search"]);

/** Finds the regular expressions in all TypeScript files below a folder, by their syntax trees. */
export function findExpressions(folder: string): FoundExpressions {
  const literals = new Map<string, Expression>();
  const constructions: string[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(folder, file), "utf8");
    const place = (offset: number) => `${file}:${text.slice(0, offset).split("\n").length}`;
    const { program, errors } = parseSync(file, text);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
    const construct = (node: ESTree.NewExpression | ESTree.CallExpression) => {
      if (constructs(node)) constructions.push(place(node.start));
    };
    new Visitor({
      Literal(node) {
        if (!("regex" in node)) return;
        const { pattern, flags } = node.regex;
        const key = `/${pattern}/${flags}`;
        const places = [...(literals.get(key)?.places ?? []), place(node.start)];
        literals.set(key, { source: pattern, flags, places });
      },
      NewExpression: construct,
      CallExpression: construct,
    }).visit(program);
  }
  return { literals, constructions };
}

function constructs({ callee, arguments: given }: ESTree.NewExpression | ESTree.CallExpression): boolean {
  if (callee.type === "Identifier") return callee.name === "RegExp";
  const method =
    callee.type === "MemberExpression" && callee.property.type === "Identifier" && callee.property;
  if (method === false || !converting.has(method.name)) return false;
  const [first] = given;
  return first?.type === "TemplateLiteral" || (first?.type === "Literal" && typeof first.value === "string");
}
