import { builtInWorlds, fixtureWorlds, oddWorlds, type World } from "../../equivalence/worlds.js";

/** The configurations that reviews are tried in: the built-in templates, those of Istio's form, and odd ones. */
export function hostileWorlds(): readonly World[] {
  const wanted = [
    "among the containers",
    "native sidecars",
    "OpenShift",
    "another mesh",
    "ProxyConfig objects",
  ];
  const builtIn = builtInWorlds().filter(({ name }) => wanted.some((end) => name.endsWith(end)));
  // What one of the odd templates makes is different each time.
  const odd = oddWorlds()
    .slice(0, 1)
    .map((world) => ({ ...world, asked: world.asked.filter((name) => name !== "chance") }));
  return [...builtIn, ...fixtureWorlds(), ...odd];
}
