/** What a program left behind. */
export interface ToolResult {
  /** Exit code; 127 if there is no such program. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is given besides its arguments. */
export interface ToolInput {
  /** Text for its standard input. */
  readonly input?: string;
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs programs by name with a list of arguments; there is never a shell. */
export interface ToolRunner {
  run(program: string, args: readonly string[], given?: ToolInput): Promise<ToolResult>;
}
