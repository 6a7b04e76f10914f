import { Command, CommanderError } from "commander";
import { register as registerCerts } from "./certs.js";
import { register as registerDiff } from "./diff.js";
import { register as registerExplain } from "./explain.js";
import { register as registerInject } from "./inject.js";
import { register as registerInterception } from "./interception.js";
import type { CliIo } from "./io.js";
import { register as registerIstioIptables } from "./istio-iptables.js";
import { register as registerKrm } from "./krm.js";
import { isReportable, reportErrors } from "./report-error.js";
import { register as registerTemplates } from "./templates.js";
import { register as registerUninject } from "./uninject.js";
import { register as registerValidateConfig } from "./validate-config.js";
import { register as registerVersion } from "./version.js";
import { register as registerWebhook } from "./webhook.js";

/** The commands, in the order in which the help lists them. */
const commands = [
  registerInject,
  registerUninject,
  registerDiff,
  registerExplain,
  registerValidateConfig,
  registerKrm,
  registerTemplates,
  registerWebhook,
  registerCerts,
  registerInterception,
  registerIstioIptables,
  registerVersion,
];

/**
 * Runs one command line. It never throws for what a user did wrong: that is told on standard error, with exit code 2
 * for wrong usage and 1 for all else. A fault of Pillion's own is thrown.
 *
 * @param args the arguments behind the program's name
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<void> {
  const program = buildProgram(io);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) io.exitCode(2);
    } else if (isReportable(error)) reportErrors([error], io);
    else throw error;
  }
}

function buildProgram(io: CliIo): Command {
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
  for (const register of commands) register(program, io);
  return program;
}
