/** What a test may need beside Node: recorded data or programs of others, control groups and namespaces of the kernel. */
export type Need = "peer-data" | "tools" | "memory-cgroup" | "cpu-cgroup" | "pid-namespace";

/**
 * The reason why tests are skipped, as it is given. Where PILLION_DEMAND names the need, among others with commas between
 * them, or is `all`, nothing may be skipped for it. @throws Error with the reason there
 */
export function skipped(need: Need, reason: string): string {
  const demanded = (process.env.PILLION_DEMAND ?? "").split(",");
  if (demanded.includes("all") || demanded.includes(need))
    throw new Error(`${reason}, and PILLION_DEMAND asks for ${need}`);
  return reason;
}
