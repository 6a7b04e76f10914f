export type { EmbeddedDefaults } from "./embedded-defaults.js";
export { embeddedDefaults } from "./embedded-defaults.js";
