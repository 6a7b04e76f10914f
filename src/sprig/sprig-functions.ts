import type { FunctionMap } from "../gotemplate/index.js";
import { convertFunctions } from "./convert.js";
import { cryptoFunctions } from "./crypto.js";
import { dateFunctions } from "./date.js";
import { defaultFunctions } from "./defaults.js";
import { dictFunctions } from "./dicts.js";
import { encodingFunctions } from "./encoding.js";
import { environmentFunctions } from "./environment.js";
import { flowFunctions } from "./flow.js";
import { jsonFunctions } from "./json.js";
import { letterFunctions } from "./letters.js";
import { lineWidthFunctions } from "./line-width.js";
import { listFunctions } from "./lists.js";
import { mathFunctions } from "./math.js";
import { pathFunctions } from "./path.js";
import { randomFunctions } from "./random.js";
import { reflectionFunctions } from "./reflection.js";
import { regexFunctions } from "./regex.js";
import { semverFunctions } from "./semver.js";
import { stringFunctions } from "./strings.js";
import { urlFunctions } from "./url.js";

/**
 * The functions of Sprig's TxtFuncMap, release 3.2.3 and `sha512sum` of 3.3.0, but for those in
 * `refusedFunctions`. Each declares the parameter types it has in Go, works on the context it is called
 * with, and throws an Error where Go returns one or panics. See docs/sprig.md for what differs.
 */
export const sprigFunctions: FunctionMap = new Map(
  [
    stringFunctions,
    letterFunctions,
    lineWidthFunctions,
    listFunctions,
    dictFunctions,
    mathFunctions,
    convertFunctions,
    defaultFunctions,
    dateFunctions,
    encodingFunctions,
    jsonFunctions,
    regexFunctions,
    pathFunctions,
    semverFunctions,
    urlFunctions,
    reflectionFunctions,
    cryptoFunctions,
    randomFunctions,
    environmentFunctions,
    flowFunctions,
  ]
    .flat()
    .map((definition) => [definition.name, definition]),
);
