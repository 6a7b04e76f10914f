/**
 * A text with nothing in it that YAML could read as more than a part of a word, wherever it stands: not at the start of a
 * scalar, in one, behind it or in its place. Names, paths, images and numbers without a sign are such texts.
 */
const tame = /^[A-Za-z0-9/_](?:[-A-Za-z0-9._/@=]|:(?=[-A-Za-z0-9._/@=]))*$/;
/** Deletes what it is the value of. */
const nothing = /^null$/i;

/** Whether a text can do nothing to the YAML around it. The empty text cannot. */
export function isTame(text: string): boolean {
  return text === "" || (tame.test(text) && !nothing.test(text));
}
