import { compareOnRandomPods } from "./random-suite.js";
import { oddWorlds } from "./worlds.js";

compareOnRandomPods("the fast path is the slow one for odd templates", oddWorlds());
