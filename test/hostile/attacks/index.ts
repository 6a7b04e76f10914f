import type { Attack } from "../run/attack.js";
import { annotationAttacks } from "./annotations.js";
import { podAttacks } from "./pods.js";
import { recordingAttacks } from "./recordings.js";
import { reviewAttacks } from "./reviews.js";
import { structureAttacks } from "./structure.js";

/** All attacks, in the order of the table. */
export const attacks: readonly Attack[] = [
  ...reviewAttacks,
  ...annotationAttacks,
  ...podAttacks,
  ...structureAttacks,
  ...recordingAttacks,
];
