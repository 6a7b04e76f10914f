import type { Attack } from "../run/attack.js";
import { annotationAttacks } from "./annotations.js";
import { certificateAttacks } from "./client-certificates.js";
import { clusterAttacks } from "./cluster-objects.js";
import { configurationAttacks } from "./configurations.js";
import { growthAttacks } from "./growth.js";
import { httpAttacks } from "./http.js";
import { commandAttacks } from "./interception.js";
import { manifestAttacks } from "./manifests.js";
import { placeAttacks } from "./places.js";
import { podAttacks } from "./pods.js";
import { recordingAttacks } from "./recordings.js";
import { reviewAttacks } from "./reviews.js";
import { structureAttacks } from "./structure.js";

/** All attacks, in the order of the table. */
export const attacks: readonly Attack[] = [
  ...reviewAttacks,
  ...annotationAttacks,
  ...podAttacks,
  ...placeAttacks,
  ...structureAttacks,
  ...recordingAttacks,
  ...growthAttacks,
  ...clusterAttacks,
  ...configurationAttacks,
  ...manifestAttacks,
  ...commandAttacks,
  ...httpAttacks,
  ...certificateAttacks,
];
