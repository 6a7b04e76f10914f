/** Waits for something, but not longer than so many milliseconds. Leaves no timer behind. */
export async function atMost(something: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([something, limit]);
  } finally {
    clearTimeout(timer);
  }
}
