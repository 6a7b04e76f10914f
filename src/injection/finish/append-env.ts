import type { Container, EnvVar } from "../pod.js";

/** The container with these variables behind its own. */
export function appendEnv(container: Container, variables: readonly EnvVar[]): Container {
  return { ...container, env: [...(container.env ?? []), ...variables] };
}

/** The container without the variables of these names. */
export function dropEnv(container: Container, dropped: ReadonlySet<string>): Container {
  if (container.env === undefined) return container;
  return { ...container, env: container.env.filter((variable) => !dropped.has(variable.name)) };
}
