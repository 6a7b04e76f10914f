/** Whether the long variants run: `npm run test:soak`. The short ones show the same, on fewer turns. */
export const soak: boolean = process.env.PILLION_SOAK === "1";

/** How many turns a test does. */
export function turns(short: number, long: number): number {
  return soak ? long : short;
}
