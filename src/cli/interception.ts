import type { Command } from "commander";
import { InterceptionError } from "../interception/index.js";
import { NetfilterError } from "../netfilter/index.js";
import { registerCni } from "./interception-cni.js";
import { registerRules } from "./interception-rules.js";
import { registerTrace } from "./interception-trace.js";
import type { CliIo } from "./io.js";

/** `pillion interception`: what captures a pod's traffic, and what becomes of a packet. */
export function register(program: Command, io: CliIo): void {
  const command = program
    .command("interception")
    .summary("show how a pod's traffic is captured")
    .description(
      "Shows the rules that capture a pod's traffic, follows packets through them, and decides as the CNI plugin.",
    );
  const guard = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof InterceptionError || error instanceof NetfilterError)) throw error;
      io.stderr(`error: ${error.message}\n`);
      io.exitCode(error.code === "usage" ? 2 : 1);
    }
  };
  registerRules(command, io, guard);
  registerTrace(command, io, guard);
  registerCni(command, io, guard);
  // Commands of commands do not inherit what is set on their parents later.
  for (const own of command.commands)
    own
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) });
}
