import { execFileSync } from "node:child_process";

/** Runs a program and gives its output; throws with what it said if it fails. */
export function run(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, [...args], { encoding: "utf8", input: input ?? "", stdio: "pipe" });
}

let made = 0;

/** A network namespace of the tests, removed by its own name. */
export class Namespace {
  readonly name: string;

  constructor() {
    made += 1;
    this.name = `pillion-${process.pid}-${made}`;
    run("ip", ["netns", "add", this.name]);
    this.ip("link", "set", "lo", "up");
  }

  get path(): string {
    return `/run/netns/${this.name}`;
  }

  /** Runs a program inside. */
  run(program: string, args: readonly string[], input?: string): string {
    return run("nsenter", [`--net=${this.path}`, "--", program, ...args], input);
  }

  ip(...args: readonly string[]): string {
    return this.run("ip", args);
  }

  remove(): void {
    run("ip", ["netns", "delete", this.name]);
  }
}

/** Addresses of the recorded topology: the pod's, and those the network answers for. */
export const podAddresses = ["10.244.1.10/24", "fd00:244:1::10/64"];
const gateways = ["10.244.1.1/24", "fd00:244:1::1/64"];
const services = [
  "10.96.0.20",
  "10.96.0.53",
  "203.0.113.9",
  "192.168.0.1",
  "fd00:96::20",
  "fd00:96::53",
  "2001:db8::9",
];

/** A pod and the network it is attached to, two namespaces and a cable between them. */
export class Topology {
  readonly pod = new Namespace();
  readonly network = new Namespace();

  constructor({ ipv6 = true } = {}) {
    const fits = (address: string) => ipv6 || !address.includes(":");
    run("ip", [
      "link",
      "add",
      "eth0",
      "netns",
      this.pod.name,
      "type",
      "veth",
      "peer",
      "name",
      "pod0",
      "netns",
      this.network.name,
    ]);
    this.#attach(this.pod, "eth0", podAddresses.filter(fits));
    this.#attach(this.network, "pod0", gateways.filter(fits));
    for (const address of services.filter(fits))
      this.network.ip("address", "add", address, "dev", "lo", ...noDad(address));
    this.pod.ip("route", "add", "default", "via", "10.244.1.1");
    if (ipv6) this.pod.ip("-6", "route", "add", "default", "via", "fd00:244:1::1");
  }

  #attach(namespace: Namespace, name: string, addresses: readonly string[]): void {
    for (const address of addresses) namespace.ip("address", "add", address, "dev", name, ...noDad(address));
    namespace.ip("link", "set", name, "up");
  }

  remove(): void {
    this.pod.remove();
    this.network.remove();
  }
}

/** IPv6 addresses are usable at once only without the search for duplicates. */
function noDad(address: string): readonly string[] {
  return address.includes(":") ? ["nodad"] : [];
}
