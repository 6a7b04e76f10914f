import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Packet } from "../../src/interception/index.js";
import type { Namespace, Topology } from "./namespace.js";

const script = join(import.meta.dirname, "sockets.py");

/** Ports that both the pod and the network listen on. */
export const listenedPorts = [22, 53, 80, 443, 8080, 9091, 15001, 15006, 15008, 15020, 15021, 15053, 15090];

/** Where a packet was seen to land. */
export interface Landing {
  readonly place: "pod" | "network";
  readonly port: number;
  /** Source address as the listener sees it. */
  readonly source: string;
  /** First destination and port, where the kernel tells. */
  readonly first: readonly [string, number] | undefined;
}

interface Answer {
  readonly ready?: boolean;
  readonly landed?: string;
  readonly port?: number;
  readonly source?: string;
  readonly first?: readonly [string, number] | null;
  readonly sent?: string;
  readonly status?: number;
}

/** A UDP packet is not answered, so nobody says that it was lost. */
const patience = 300;

class Helper {
  readonly process: ChildProcessWithoutNullStreams;

  constructor(namespace: Namespace, args: readonly string[], listen: (answer: Answer) => void) {
    this.process = spawn("nsenter", [`--net=${namespace.path}`, "--", "python3", script, ...args]);
    this.process.stderr.on("data", (text) => process.stderr.write(text));
    createInterface({ input: this.process.stdout }).on("line", (line) => listen(JSON.parse(line)));
  }
}

/** Listeners and clients in a pod and in its network. */
export class SocketLab {
  readonly #helpers: Helper[] = [];
  readonly #clients: Record<"pod" | "network", Helper>;
  readonly #landings = new Map<string, Landing>();
  readonly #sent = new Map<string, () => void>();
  readonly #landed = new Map<string, () => void>();
  readonly ready: Promise<unknown>;
  #count = 0;

  constructor(topology: Topology) {
    const ready = (["pod", "network"] as const).map(
      (place) =>
        new Promise<void>((resolve) => {
          const serve = ["serve", listenedPorts.join(",")];
          this.#helpers.push(
            new Helper(topology[place], serve, (answer) => this.#hear(place, answer, resolve)),
          );
        }),
    );
    this.ready = Promise.all(ready);
    const client = (place: "pod" | "network") => {
      const helper = new Helper(topology[place], ["send"], (answer) => this.#sent.get(answer.sent ?? "")?.());
      this.#helpers.push(helper);
      return helper;
    };
    this.#clients = { pod: client("pod"), network: client("network") };
  }

  #hear(place: "pod" | "network", answer: Answer, ready: () => void): void {
    if (answer.ready === true) ready();
    if (answer.landed === undefined) return;
    this.#landings.set(answer.landed, {
      place,
      port: answer.port ?? 0,
      source: answer.source ?? "",
      first: answer.first ?? undefined,
    });
    this.#landed.get(answer.landed)?.();
  }

  /** Sends a packet and tells where it landed; undefined if nowhere. */
  async send(packet: Packet): Promise<Landing | undefined> {
    this.#count += 1;
    const token = `packet-${this.#count}`;
    const landed = new Promise<void>((resolve) => this.#landed.set(token, resolve));
    const sent = new Promise<void>((resolve) => this.#sent.set(token, resolve));
    const client = this.#clients[packet.direction === "outbound" ? "pod" : "network"];
    const request = {
      token,
      protocol: packet.protocol,
      // From outside, the sender's own address serves.
      source: packet.direction === "outbound" ? packet.source : undefined,
      destination: packet.destination,
      port: packet.destinationPort,
      uid: packet.uid ?? 0,
      gid: packet.gid ?? 0,
      mark: packet.mark,
    };
    client.process.stdin.write(`${JSON.stringify(request)}\n`);
    await sent;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([landed, late]);
    clearTimeout(timer);
    return this.#landings.get(token);
  }

  close(): void {
    for (const helper of this.#helpers) helper.process.kill();
  }
}
