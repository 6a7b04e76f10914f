/** The world as a command sees it. main gives the real one, tests a recording one. */
export interface CliIo {
  /** All of standard input as UTF-8. */
  stdin(): Promise<string>;
  stdout(text: string): void;
  stderr(text: string): void;
  /** A file's text as UTF-8; rejects with the system's error. */
  readFile(path: string): Promise<string>;
  /** The files in a directory and below it, sorted, as paths; undefined when the path is no directory. */
  listFiles(path: string): Promise<readonly string[] | undefined>;
  /** Replaces a file in one step: a reader sees the old text or the new, never a part. */
  writeFile(path: string, text: string): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Sets the exit code: 0 done, 1 failed, 2 usage. */
  exitCode(code: number): void;
}
