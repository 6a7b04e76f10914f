// Writes src/config/embedded.generated.ts from templates/. With --check it only compares and fails when it is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const folder = join(root, "templates");
const target = join(root, "src", "config", "embedded.generated.ts");
const read = (...parts) => readFileSync(join(folder, ...parts), "utf8");

/** Definitions by name, in file order: paragraphs of templates/partials, each with its comment. */
const definitions = new Map(
  readdirSync(join(folder, "partials"))
    .sort()
    .flatMap((file) => read("partials", file).trimEnd().split(/\n\n+/))
    .map((text) => {
      const name = /\{\{-? define "([^"]+)"/.exec(text)?.[1];
      if (name === undefined) throw new Error(`templates/partials: a paragraph defines nothing:\n${text}`);
      return [name, text];
    }),
);

/** The text with the definitions that it uses, and those that they use, behind it. */
function complete(text) {
  const used = new Set();
  const visit = (part) => {
    for (const [, name] of part.matchAll(/\{\{-? template "([^"]+)"/g)) {
      if (used.has(name)) continue;
      const definition = definitions.get(name);
      if (definition === undefined)
        throw new Error(`templates: "${name}" is used but not defined in partials/`);
      used.add(name);
      visit(definition);
    }
  };
  visit(text);
  const tail = [...definitions]
    .filter(([name]) => used.has(name))
    .map(([, definition]) => `\n${definition}\n`);
  return `${text.trimEnd()}\n${tail.join("")}`;
}

const configuration = ["config.yaml", "mesh.yaml", "values.yaml"];
const templates = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml") && !configuration.includes(file))
  .sort()
  .map((file) => [basename(file, ".yaml"), complete(read(file))]);

const istioVersion = /^ {2}tag: (\S+)$/m.exec(read("values.yaml"))?.[1];
if (istioVersion === undefined)
  throw new Error("templates/values.yaml: global.tag is not where it is looked for");

const constant = (name, text) => `export const ${name} = ${JSON.stringify(text)};\n`;
const generated = `// Generated from templates/ by \`npm run embed\`. Do not edit.
${constant("embeddedInjectConfig", read("config.yaml"))}
${constant("embeddedValues", read("values.yaml"))}
${constant("embeddedMesh", read("mesh.yaml"))}
/** The Istio release whose images the built-in values name. */
${constant("embeddedIstioVersion", istioVersion)}
/** The built-in templates, each complete by itself. */
export const embeddedTemplates: readonly (readonly [name: string, text: string])[] = [
${templates.map(([name, text]) => `  [${JSON.stringify(name)}, ${JSON.stringify(text)}],\n`).join("")}];
`;

const current = (() => {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return undefined;
  }
})();
if (process.argv.includes("--check")) {
  if (current !== generated) {
    console.error("src/config/embedded.generated.ts is stale: run `npm run embed`");
    process.exitCode = 1;
  }
} else if (current !== generated) {
  writeFileSync(target, generated);
}
