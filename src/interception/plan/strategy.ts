import { InterceptionError } from "../interception-error.js";

/** How the proxy's own traffic is told from the application's. */
export type StrategyName = "owner" | "mark" | "cgroup";

/** One way to spare the proxy's own traffic, with what it costs. */
export interface Strategy {
  readonly name: StrategyName;
  readonly summary: string;
  /** What it asks of the proxy, the kernel or the node. */
  readonly costs: string;
  /** What the kernel must have, as a person would look for it. */
  readonly needs: string;
}

/** The three ways, in the order they were once weighed. The owner's uid is the one Istio took. */
export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  owner: {
    name: "owner",
    summary: "by the uid and gid of the socket's owner",
    costs:
      "the proxy must run as an id that no application uses; packets without a socket (resets the kernel sends) have no owner; one lookup of the socket per rule",
    needs: "the owner match (xt_owner)",
  },
  mark: {
    name: "mark",
    summary: "by the packet mark the proxy sets on its sockets (SO_MARK 0x1)",
    costs:
      "the proxy must set SO_MARK on every socket, which takes CAP_NET_ADMIN; any process with that capability can spare itself; the mark is taken from other users of packet marks",
    needs: "the mark match (xt_mark)",
  },
  cgroup: {
    name: "cgroup",
    summary: "by the net_cls class of the proxy's control group (0x100001)",
    costs:
      "the node must mount the net_cls controller of cgroup v1 and something must put the proxy into a class of its own; nodes with cgroup v2 only do not have it",
    needs: "the cgroup match (xt_cgroup) and the net_cls controller of cgroup v1",
  },
};

/** @throws InterceptionError `profile-unknown`. */
export function strategyOf(name: string): Strategy {
  if (name === "owner" || name === "mark" || name === "cgroup") return strategies[name];
  throw new InterceptionError(
    "profile-unknown",
    `there is no strategy ${JSON.stringify(name)}; take owner, mark or cgroup`,
  );
}

/** How one identity of the proxy is matched: words for iptables and nft, with or without negation. */
export interface Identity {
  readonly is: { readonly iptables: string; readonly nft: string; readonly nftRaw: string };
  readonly isNot: { readonly iptables: string; readonly nft: string };
  readonly label: string;
  readonly setting: "proxyUids" | "proxyGids";
}

function owner(kind: "uid" | "gid", id: string): Identity {
  return {
    is: {
      iptables: `-m owner --${kind}-owner ${id}`,
      nft: `sk${kind} ${id}`,
      nftRaw: `meta sk${kind} ${id}`,
    },
    isNot: { iptables: `-m owner ! --${kind}-owner ${id}`, nft: `sk${kind} != ${id}` },
    label: `${kind} ${id}`,
    setting: kind === "uid" ? "proxyUids" : "proxyGids",
  };
}

const mark: Identity = {
  is: { iptables: "-m mark --mark 0x1", nft: "meta mark 0x1", nftRaw: "meta mark 0x1" },
  isNot: { iptables: "-m mark ! --mark 0x1", nft: "meta mark != 0x1" },
  label: "mark 0x1",
  setting: "proxyUids",
};

// iptables reads the class in hexadecimal and prints it in decimal: 0x100001 is 1048577.
const cgroup: Identity = {
  is: { iptables: "-m cgroup --cgroup 0x100001", nft: "meta cgroup 1048577", nftRaw: "meta cgroup 1048577" },
  isNot: { iptables: "-m cgroup ! --cgroup 0x100001", nft: "meta cgroup != 1048577" },
  label: "net_cls class 0x100001",
  setting: "proxyUids",
};

/** The identities of the proxy: those treated as uids and those treated as gids, in rule order. */
export interface Identities {
  readonly uids: readonly Identity[];
  readonly gids: readonly Identity[];
}

/**
 * What the rules match to know the proxy by. A mark or class stands for all its ids at once.
 *
 * Decided in ADR 0108.
 */
export function identitiesOf(
  strategy: StrategyName,
  uids: readonly string[],
  gids: readonly string[],
): Identities {
  if (strategy === "mark") return { uids: [mark], gids: [] };
  if (strategy === "cgroup") return { uids: [cgroup], gids: [] };
  return { uids: uids.map((id) => owner("uid", id)), gids: gids.map((id) => owner("gid", id)) };
}
