import { excerpt } from "../../text/index.js";
import { goQuote } from "./quote.js";

/** As {@link goQuote}, of a text that a message quotes: cut where it is long. */
export function quoteExcerpt(text: string): string {
  return goQuote(excerpt(text));
}
