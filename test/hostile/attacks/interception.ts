import { oneOf, type Random } from "../../equivalence/random-texts.js";
import { run } from "../../cli/recording-io.js";
import { withMetadata } from "../make/drafts.js";
import { realPods } from "../make/reviews.js";
import { mutated } from "../make/trees.js";
import { hostileText, jsonOf } from "../make/values.js";
import { type Attack, attack, type Fault, type Weapon } from "../run/attack.js";
import { hostileManifest } from "./manifests.js";

/** A command line and the files that it finds. */
interface CommandInput {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const capture = [
  ...["includeOutboundIPRanges", "excludeOutboundIPRanges", "includeInboundPorts", "excludeInboundPorts"],
  ...["includeOutboundPorts", "excludeOutboundPorts", "kubevirtInterfaces", "excludeInterfaces"],
].map((name) => `traffic.sidecar.istio.io/${name}`);
const words = [
  "80,443",
  "*",
  "",
  "10.0.0.0/8",
  "::/0",
  "1.2.3.4/33",
  "65536",
  "-1",
  "eth0",
  "a;b",
  "$(id)",
  "`id`",
  "a\nb",
  "--",
  "-j ACCEPT",
];

function podText(random: Random): string {
  const count = 1 + Math.floor(random() * 4);
  const annotations = Object.fromEntries(
    Array.from({ length: count }, () => [
      oneOf(random, [...capture, "sidecar.istio.io/interceptionMode", "istio.io/reroute-virtual-interfaces"]),
      random() < 0.6 ? oneOf(random, words) : hostileText(random),
    ]),
  );
  const pod = withMetadata(oneOf(random, realPods), "annotations", annotations);
  return jsonOf(random() < 0.5 ? pod : mutated(pod, random, 3));
}

const formats = ["restore", "commands", "list", "save", "nft", "nft-list", "json", "x"];
const flags = [
  "-p",
  "-z",
  "-u",
  "-g",
  "-m",
  "-i",
  "-b",
  "-d",
  "-o",
  "-x",
  "-k",
  "-c",
  "-q",
  "--dry-run",
  "-h",
  "--no-such",
];
const commonFlags: readonly (readonly string[])[] = [
  ["--explain"],
  ["--ipv6"],
  ["--cni"],
  ["--native-nftables"],
  ["--strategy", "mark"],
  ["--strategy", "cgroup"],
  ["--release", "1.2"],
  ["--dns-server", "10.0.0.10"],
  ["--dns-server", "::1"],
  ["--proxy-metadata", "ISTIO_META_DNS_CAPTURE=true"],
];

function commandLine(random: Random): CommandInput {
  const chosen = Array.from({ length: Math.floor(random() ** 2 * 4) }, () =>
    oneOf(random, commonFlags),
  ).flat();
  const chance = random();
  const files = { "pod.yaml": random() < 0.6 ? podText(random) : hostileManifest(random) };
  if (chance < 0.5)
    return {
      args: ["interception", "rules", "-f", "pod.yaml", "--format", oneOf(random, formats), ...chosen],
      files,
    };
  if (chance < 0.65) return { args: ["interception", "cni", "-f", "pod.yaml", ...chosen], files };
  if (chance < 0.8) {
    const to = [
      "--to",
      random() < 0.7 ? oneOf(random, ["10.1.2.3:80", "127.0.0.1:15001", "[::1]:80"]) : hostileText(random),
    ];
    return { args: ["interception", "trace", "-f", "pod.yaml", ...to, ...chosen], files };
  }
  const given = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
    random() < 0.5 ? oneOf(random, flags) : random() < 0.5 ? oneOf(random, words) : hostileText(random),
  );
  return { args: ["interception", "rules", ...chosen, "--", ...given], files };
}

/** How nftables declares a chain. */
const declaration = /^add chain .* \{ type (?:nat|filter|route) hook \w+ priority [\w -]+ ; \}$/gm;

/** Text that a shell or a kernel's tool would take for a command of its own has no place in rules. */
const forbidden = /[`;]|\$\(|\n\s*-j ACCEPT\s*$/m;

function weapon(make: (random: Random) => CommandInput): Weapon<CommandInput> {
  const tally = new Map<number, number>();
  return {
    make,
    try: async ({ args, files }): Promise<Fault[]> => {
      const { stdout, stderr, exitCode } = await run(args, { files });
      tally.set(exitCode, (tally.get(exitCode) ?? 0) + 1);
      if (![0, 1, 2].includes(exitCode)) return [{ kind: "wrong", message: `exit code ${exitCode}` }];
      if (exitCode !== 0 && stderr === "")
        return [{ kind: "wrong", message: "it failed and does not say why" }];
      if (/unforeseen|Pillion itself failed/.test(stderr)) return [{ kind: "unforeseen", message: stderr }];
      const isRules = args[1] === "rules" && ["restore", "commands"].some((format) => args.includes(format));
      if (isRules && !args.includes("--explain") && forbidden.test(stdout.replaceAll(declaration, "")))
        return [{ kind: "wrong", message: `rules with a command in them: ${stdout}` }];
      return [];
    },
    *smaller({ args, files }) {
      for (const [name, text] of Object.entries(files))
        for (let size = text.length >> 1; size >= 1; size >>= 1)
          for (let at = 0; at + size <= text.length; at += size)
            yield { args, files: { ...files, [name]: text.slice(0, at) + text.slice(at + size) } };
      for (let at = 2; at < args.length; at++) yield { args: args.filter((_, other) => other !== at), files };
    },
    summary: () =>
      [...tally]
        .sort()
        .map(([code, count]) => `exit code ${code}: ${count}`)
        .join(", "),
  };
}

const commands: readonly (readonly string[])[] = [
  ["inject"],
  ["inject", "--strict-istio"],
  ["uninject"],
  ["diff"],
  ["explain"],
];

/** Command lines with hostile files and words. */
export const commandAttacks: readonly Attack[] = [
  attack({ name: "capture rules", share: 40, begin: () => weapon(commandLine) }),
  attack({
    name: "command lines",
    share: 1,
    begin: () =>
      weapon((random) => ({
        args: [...oneOf(random, commands), "-f", "hostile.yaml"],
        files: { "hostile.yaml": hostileManifest(random) },
      })),
  }),
];
