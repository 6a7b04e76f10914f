import { compareOnRandomPods } from "./random-suite.js";
import { builtInWorlds, fixtureWorlds } from "./worlds.js";

compareOnRandomPods("the fast path is the slow one for the templates that pods meet", [
  ...builtInWorlds(),
  ...fixtureWorlds(),
]);
