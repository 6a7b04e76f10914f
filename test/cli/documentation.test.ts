import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/peer.js";
import { run } from "./recording-io.js";

interface Example {
  readonly command: string;
  readonly output: readonly string[];
  readonly line: number;
}

/** The blocks of a page: files (YAML blocks that begin with a comment of the file's name) and examples, in their order. */
function readPage(text: string): (Example | { readonly name: string; readonly text: string })[] {
  const found: (Example | { name: string; text: string })[] = [];
  for (const match of text.matchAll(/^```(yaml|console)\n([\s\S]*?)^```$/gm)) {
    const [, kind, body = ""] = match;
    const name = /^# (\S+\.yaml)\n/.exec(body)?.[1];
    if (kind === "yaml" && name !== undefined) found.push({ name, text: body });
    if (kind !== "console") continue;
    const line = text.slice(0, match.index).split("\n").length + 1;
    for (const part of body.split(/^(?=\$ )/m)) {
      const [first = "", ...output] = part.replace(/\n$/, "").split("\n");
      found.push({ command: first.replace(/^\$ (npx )?/, ""), output, line });
    }
  }
  return found;
}

/** Whether an output is the documented one, in which `...` stands for any lines. */
function matches(output: readonly string[], documented: readonly string[]): boolean {
  const [first, ...rest] = documented;
  if (first === undefined) return output.length === 0;
  if (first !== "...") return output[0] === first && matches(output.slice(1), rest);
  return Array.from({ length: output.length + 1 }, (_, skipped) => skipped).some((skipped) =>
    matches(output.slice(skipped), rest),
  );
}

/** What a page shows without output, or what needs other programs or files that it does not show, is not run. */
function isRun({ command, output }: Example, files: Readonly<Record<string, string>>): boolean {
  if (!/^pillion [a-z]/.test(command) || /[|>]/.test(command)) return false;
  const input = / -f (\S+)/.exec(command)?.[1];
  return output.length > 0 || (input !== undefined && Object.hasOwn(files, input));
}

describe.each(["README.md", "docs/cli.md"])("the examples of %s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("print what they show", async () => {
    const files: Record<string, string> = {};
    for (const block of readPage(text)) {
      if ("name" in block) {
        files[block.name] = block.text;
        continue;
      }
      if (!isRun(block, files)) continue;
      const [command = "", input] = block.command.split(" < ");
      const stdin = input === undefined ? {} : { stdin: files[input] ?? "" };
      const done = await run(command.split(" ").slice(1), { files, ...stdin });
      Object.assign(files, Object.fromEntries(done.files));
      const output = `${done.stderr}${done.stdout}`.split("\n");
      if (output.at(-1) === "") output.pop();
      if (!matches(output, block.output))
        expect({ page, line: block.line, command, output }).toEqual({
          page,
          line: block.line,
          command,
          output: block.output,
        });
    }
  });
});

describe("the examples", () => {
  it("show every command", async () => {
    const text = readFileSync(join(root, "docs", "cli.md"), "utf8");
    const { stdout } = await run(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "help");
    expect(commands.filter((name) => !text.includes(`pillion ${name}`))).toEqual([]);
  });

  it("are run: the pages hold some with their output", () => {
    const blocks = readPage(readFileSync(join(root, "docs", "cli.md"), "utf8"));
    expect(blocks.filter((block) => "command" in block && isRun(block, {})).length).toBeGreaterThan(10);
  });
});
