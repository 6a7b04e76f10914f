export { excerpt } from "./excerpt.js";
