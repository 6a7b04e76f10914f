import type { ToolInput, ToolResult, ToolRunner } from "../../src/netfilter/index.js";

/** One program that was run. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
}

export const done: ToolResult = { status: 0, stdout: "", stderr: "" };
export const absent: ToolResult = { status: 127, stdout: "", stderr: "not found" };

/** Programs that only answer what a test says; every call is kept. */
export class FakeTools implements ToolRunner {
  readonly calls: Call[] = [];

  constructor(private readonly answer: (program: string, args: readonly string[]) => ToolResult) {}

  async run(program: string, args: readonly string[], given: ToolInput = {}): Promise<ToolResult> {
    this.calls.push({ program, args, input: given.input });
    return this.answer(program, args);
  }

  /** The command lines, in order. */
  lines(): string[] {
    return this.calls.map(({ program, args }) => [program, ...args].join(" "));
  }
}
