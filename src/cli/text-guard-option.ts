import { Option } from "commander";
import type { TextGuardMode } from "../injection/index.js";

const modes: readonly TextGuardMode[] = ["enforce", "warn", "off"];

/** The flag that says what becomes of a pod whose text changes the structure of what a template makes. */
export function textGuardOption(): Option {
  return new Option(
    "--text-guard <mode>",
    "what to do when a text of a pod changes the structure of what a template makes: reject the pod, warn, or do not look",
  )
    .choices(modes)
    .default("enforce");
}
