import type { Command } from "commander";
import { developmentCertificate, developmentNames } from "../config/index.js";
import { CliError } from "./cli-error.js";
import type { CliIo } from "./io.js";

interface DevFlags {
  readonly dir: string;
  readonly name?: readonly string[];
  readonly renew?: boolean;
}

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

/** `pillion certs dev`: a certificate authority and a certificate for development. */
export function register(program: Command, io: CliIo): void {
  const certs = program
    .command("certs")
    .summary("make certificates")
    .description("Makes certificates for development.");
  certs
    .command("dev")
    .summary("make an authority and a certificate for development")
    .description(
      "Makes a certificate authority and a certificate for localhost, unless there are some that hold for another week. " +
        "The keys can be read by their owner alone.",
    )
    .option("--dir <folder>", "where to", "certs/dev")
    .option("--name <name>", "a further DNS name or address (repeatable)", collect)
    .option("--renew", "make them anew, whatever is there")
    .addHelpText("after", "\nExample:\n  pillion certs dev --name pillion.istio-system.svc\n")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
    .action(async ({ dir, name = [], renew = false }: DevFlags) => {
      const names = [...developmentNames, ...name];
      const made = await developmentCertificate({ folder: dir, names, now: Date.now(), renew });
      if (made.files === undefined)
        throw new CliError("file", `cannot write to ${dir}; name another with --dir`);
      const { authority, certificate, key } = made.files;
      io.stdout(
        `${made.made ? "made" : "kept"} a certificate for ${names.join(", ")}\n` +
          `authority:   ${authority}\ncertificate: ${certificate}\nkey:         ${key}\n`,
      );
    });
}
