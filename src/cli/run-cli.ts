import { Command, CommanderError } from "commander";
import type { CliIo } from "./io.js";
import { isReportable, reportErrors } from "./report-error.js";

interface CommandModule {
  register(program: Command, io: CliIo): void;
}

/**
 * The commands, in the order in which the help lists them. Each is loaded when it is asked for: the server's libraries take
 * longer to load than an init container should take to start.
 */
const commands: Readonly<Record<string, () => Promise<CommandModule>>> = {
  inject: () => import("./inject.js"),
  uninject: () => import("./uninject.js"),
  diff: () => import("./diff.js"),
  explain: () => import("./explain.js"),
  check: () => import("./check.js"),
  tag: () => import("./tag.js"),
  "validate-config": () => import("./validate-config.js"),
  krm: () => import("./krm.js"),
  templates: () => import("./templates.js"),
  webhook: () => import("./webhook.js"),
  certs: () => import("./certs.js"),
  interception: () => import("./interception.js"),
  "istio-iptables": () => import("./istio-iptables.js"),
  version: () => import("./version.js"),
};

/**
 * Runs one command line. It never throws for what a user did wrong: that is told on standard error, with exit code 2
 * for wrong usage and 1 for all else. A fault of Pillion's own is thrown.
 *
 * @param args the arguments behind the program's name
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<void> {
  const program = await buildProgram(args[0] ?? "", io);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) io.exitCode(2);
    } else if (isReportable(error)) reportErrors([error], io);
    else throw error;
  }
}

/** The program with the command that is asked for; with all of them when that is none, for help and suggestions. */
async function buildProgram(asked: string, io: CliIo): Promise<Command> {
  const program = new Command("pillion")
    .description("Injects Istio's sidecar into pods, as Istio does, and says why")
    .helpCommand(true)
    .showSuggestionAfterError(true)
    .showHelpAfterError("(run with --help for what there is)")
    // Commands take these over from their parent when they are made, so they come first.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    });
  const wanted = Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands);
  for (const load of wanted) (await load?.())?.register(program, io);
  return program;
}
