import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import {
  type CaptureSettings,
  type ExecutionOptions,
  type HostFacts,
  readArguments,
  withProxyIds,
} from "../../src/interception/index.js";
import { peerMissing, peerPath } from "../support/peer.js";

/** Inputs of one recorded case: flags and variables by name, facts about the host. */
export interface RecordedInput {
  readonly flags?: Readonly<Record<string, string | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Partial<HostFacts>;
}

export interface RecordedCase extends RecordedInput {
  readonly name: string;
  readonly golden: string;
}

const folder = "istio-iptables";

/** Describes what needs the recorded data; skipped with the reason where that is absent. */
export function describeRecorded(title: string, parts: readonly string[], body: () => void): void {
  const missing = peerMissing(folder, ...parts);
  if (missing === undefined) describe(title, body);
  else describe.skip(`${title} (${missing})`, () => it("needs recorded data", body));
}

/** The text of one recorded file. */
export function recorded(...parts: readonly string[]): string {
  return readFileSync(peerPath(folder, ...parts), "utf8");
}

/** A recorded JSON file. Its shape is the README's beside it. */
export function recordedJson<T>(...parts: readonly string[]): T {
  return JSON.parse(recorded(...parts));
}

/** The lines of a text without the new line at its end. */
export function lines(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** The command line, settings and host a case describes, over the base all cases share. */
export function inputOf(recordedInput: RecordedInput): {
  settings: CaptureSettings;
  options: ExecutionOptions;
  host: HostFacts;
} {
  const { base } = recordedJson<{ base: RecordedInput }>("cases.json");
  const flags = { ...base.flags, ...recordedInput.flags };
  const words = Object.entries(flags).map(([name, value]) => `${name}=${value}`);
  const request = readArguments(words, { ...base.env, ...recordedInput.env });
  const host: HostFacts = {
    ipv6: false,
    dnsServersV4: [],
    dnsServersV6: [],
    ...base.host,
    ...recordedInput.host,
  };
  return { settings: withProxyIds(request.settings, undefined), options: request.options, host };
}

/** Restore text as table name → its lines without the table's own; tables may come in any order. */
export function byTable(text: string): Record<string, string[]> {
  const tables: Record<string, string[]> = {};
  let own: string[] = [];
  for (const line of lines(text)) {
    if (line.startsWith("*")) {
      own = [];
      tables[line.slice(1).trim()] = own;
    } else if (line !== "COMMIT" && line !== "") own.push(line);
  }
  return tables;
}

/** Restore text as table and chain → its lines; for texts whose order across chains means nothing. */
export function byChain(text: string): Record<string, string[]> {
  const chains: Record<string, string[]> = {};
  for (const [table, own] of Object.entries(byTable(text))) {
    for (const line of own) {
      const key = `${table} ${line.split(" ")[1]}`;
      chains[key] = [...(chains[key] ?? []), line];
    }
  }
  return chains;
}
