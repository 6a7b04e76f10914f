/** The seed of random settings and packets: PILLION_SEED, or a new one. Test titles print it, so a failure can be repeated. */
export function chooseSeed(): number {
  const given = Number(process.env.PILLION_SEED);
  return Number.isSafeInteger(given) && given !== 0 ? given : Math.floor(Math.random() * 2 ** 31) + 1;
}
