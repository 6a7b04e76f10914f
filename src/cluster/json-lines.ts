import { StringDecoder } from "node:string_decoder";
import { ClusterError } from "./cluster-error.js";

/**
 * The lines of a stream as they become complete; empty ones are left out, and so is an unfinished last one, which is
 * what a connection that broke leaves. @throws ClusterError `malformed` for a line over the limit
 *
 * @param limit in UTF-16 code units
 */
export async function* jsonLines(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  // Pieces are joined once a line: adding each to a growing text would take quadratic time for a long line.
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of source) {
    const [first = "", ...rest] = decoder.write(chunk).split("\n");
    pieces.push(first);
    length += first.length;
    for (const next of rest) {
      const line = pieces.join("");
      if (line.trim() !== "") yield line;
      pieces = [next];
      length = next.length;
    }
    if (length > limit) throw new ClusterError("malformed", `a line is longer than ${limit} characters`);
  }
}
