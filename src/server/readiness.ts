/** One thing that must hold for the server to be ready, or to be alive. */
export interface Check {
  readonly name: string;
  /** Whether it holds, and a line for people. */
  readonly run: () => { readonly ok: boolean; readonly detail: string };
}

/** The answer of a probe. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  /** Empty unless it was asked for. */
  readonly body: string;
}

/** Runs every check. @param verbose lists each, one a line, as the API server's own probes do */
export function runChecks(checks: readonly Check[], verbose: boolean): ProbeAnswer {
  const results = checks.map(({ name, run }) => ({ name, ...run() }));
  const ok = results.every((result) => result.ok);
  const lines = results.map((result) => `[${result.ok ? "+" : "-"}]${result.name} ${result.detail}\n`);
  const status = ok ? 200 : 503;
  return { status, body: verbose ? `${lines.join("")}${ok ? "ok" : "not ok"}\n` : "" };
}
