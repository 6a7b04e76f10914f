export { refusedFunctions } from "./refused-functions.js";
export { SprigError, type SprigErrorCode } from "./sprig-error.js";
export { sprigFunctions } from "./sprig-functions.js";
