import { join } from "node:path";
import { root } from "../support/peer.js";

/** The folder of the chart. */
export const chart = join(root, "charts", "pillion");
