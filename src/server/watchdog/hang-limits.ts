/** How often an event loop gives a sign, and how often somebody looks for one, in milliseconds. */
export const beatMs = 250;

/**
 * How long an event loop may be silent before its process is not ready, in milliseconds. With a probe a second later
 * that is 3 s from the hang to an unready pod. The longest turns that are no hang, a collection of the whole heap or the
 * compilation of a large configuration, take some hundred milliseconds.
 */
export const unreadyMs = 2000;

/** From when on a silent event loop is a hang, in milliseconds. */
export interface HangLimits {
  /** The review that held the loop so long is reported and quarantined. */
  readonly blameMs: number;
  /** The process is ended. */
  readonly endMs: number;
  /** The same while it compiles a configuration. */
  readonly compileMs: number;
}

/**
 * What `--hang-timeout` is by default. A new process serves after two seconds of computing, so that on a busy machine too one that
 * hangs is replaced within fifteen. API servers wait ten by default: hardly anybody still waits for the answers that are lost.
 */
export const defaultHangMs = 8000;

/**
 * The limits that follow from `--hang-timeout`. A review is blamed at half of it, so that a controller which tries again when the
 * API server gave up finds it quarantined. Compiling reads what operators wrote, not the author of a pod, so it has a minute:
 * some fifty times what it takes.
 *
 * @param hangMs 0: nothing is ended
 */
export function hangLimits(hangMs: number): HangLimits {
  // What the scheduler tells is known after three looks.
  const blameMs = Math.max((hangMs === 0 ? defaultHangMs : hangMs) / 2, 4 * beatMs);
  if (hangMs === 0) return { blameMs, endMs: Infinity, compileMs: Infinity };
  return { blameMs, endMs: hangMs, compileMs: Math.max(60_000, hangMs) };
}
