/** The probes that the agent stands in for, and how their URLs end. */
export const probeUrlEnds = [
  ["readinessProbe", "readyz"],
  ["livenessProbe", "livez"],
  ["startupProbe", "startupz"],
] as const;

/** The hooks that the agent plays, and how their URLs end. */
export const hookUrlEnds = [
  ["preStop", "prestopz"],
  ["postStart", "poststartz"],
] as const;
