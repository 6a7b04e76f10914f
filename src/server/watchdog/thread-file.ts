/** The program of the watching thread, beside this file. The bundle, which has one file for everything else, replaces it. */
export const threadFile: string = new URL("./thread.js", import.meta.url).href;
