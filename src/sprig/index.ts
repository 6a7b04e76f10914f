export { refusedFunctions } from "./refused-functions.js";
export { SprigError, type SprigErrorCode } from "./sprig-error.js";
export { sprigFunctions, unrepeatableFunctions } from "./sprig-functions.js";
