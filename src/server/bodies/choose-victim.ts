import type { ArrivingBody } from "./arriving-body.js";

/**
 * Chooses which of the bodies on their way gives way when memory is short. One that has stalled goes first, the one that
 * holds most of them. Else the address that holds most gives way, so that nobody loses a body to another who holds more;
 * and of its bodies the youngest, so that those that are nearly there get there.
 *
 * @param bodies the oldest first
 */
export function chooseVictim(bodies: readonly ArrivingBody[]): ArrivingBody | undefined {
  const stalled = bodies.filter((body) => body.stalled);
  if (stalled.length > 0) return stalled.reduce((most, body) => (body.held > most.held ? body : most));
  const heldBy = new Map<string, number>();
  for (const { peer, held } of bodies) heldBy.set(peer, (heldBy.get(peer) ?? 0) + held);
  const most = Math.max(...heldBy.values());
  return bodies.findLast(({ peer }) => heldBy.get(peer) === most);
}
