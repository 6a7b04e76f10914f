/** A shape of text, of any size. */
export interface Text {
  readonly name: string;
  /** A text of about so many characters (a few more for its ends). Sizes from 0 on. */
  readonly make: (size: number) => string;
}

/** Parts that are repeated up to the size, and what stands before and after them. */
function repeated(name: string, part: string, before = "", after = ""): Text {
  return { name, make: (size) => before + part.repeat(Math.ceil(size / part.length)) + after };
}

/** A part for each number, up to the size: texts in which no two parts are the same. */
function counted(name: string, part: (index: number) => string, before = "", after = ""): Text {
  const make = (size: number) => {
    const parts: string[] = [];
    for (let index = 0, length = 0; length < size; index++) {
      const next = part(index);
      parts.push(next);
      length += next.length;
    }
    return before + parts.join("") + after;
  };
  return { name, make };
}

/** Opened as often as closed, half of the size each. */
function nested(name: string, open: string, close: string, inside = ""): Text {
  const make = (size: number) => {
    const depth = Math.ceil(size / (open.length + close.length));
    return open.repeat(depth) + inside + close.repeat(depth);
  };
  return { name, make };
}

const numbers: readonly Text[] = [
  repeated("zeros", "0"),
  repeated("zeros, then x", "0", "", "x"),
  repeated("nines", "9"),
  repeated("nines, then x", "9", "", "x"),
  repeated("1, zeros, 1", "0", "1", "1"),
  repeated("a fraction of ones", "1", "0."),
  repeated("a fraction of nines in Ki", "9", "0.", "Ki"),
  repeated("a long exponent", "9", "1e"),
  repeated("a number with a sign between zeros", "0", "0-", "x"),
  repeated("hours and minutes", "1h1m"),
  repeated("a duration's long fraction", "1", "0.", "s"),
];

const runs: readonly Text[] = [
  repeated("letters", "a"),
  repeated("capital letters", "A"),
  repeated("letters without equals in ASCII", "é"),
  repeated("letters that grow in lower case", "İ"),
  repeated("blanks", " "),
  repeated("blanks between letters", " ", "a", "b"),
  repeated("digits with blanks between", " ", "1", "2"),
  repeated("tabs between letters", "\t", "a", "b"),
  repeated("newlines", "\n"),
  repeated("newlines between letters", "\n", "a", "b"),
  repeated("carriage returns", "\r\n"),
  repeated("carriage returns and a letter", "\r", "", "x"),
  repeated("Unicode blanks", "\u2003\u00a0", "a", "b"),
  repeated("line separators", "\u2028\u0085"),
  repeated("zero bytes", "\u0000"),
  repeated("control characters", "\u0001\u001b\u007f"),
  repeated("dots", "."),
  repeated("commas", ","),
  repeated("hyphens", "-"),
  repeated("hyphens between letters", "-", "a", "a"),
  repeated("hyphens, then a bang", "a-", "", "!"),
  repeated("underlines", "_"),
  repeated("slashes", "/"),
  repeated("colons", ":"),
  repeated("equals", "="),
  repeated("percents", "%"),
  repeated("at signs", "@"),
  repeated("double quotes", '"'),
  repeated("single quotes", "'"),
  repeated("backslashes", "\\"),
  repeated("backslashes in quotes", "\\\\", '"', '"'),
  repeated("dollars and parentheses", "$("),
  repeated("variables", "$(POD_NAME)"),
  repeated("template actions", "{{.}}"),
  repeated("opened template actions", "{{"),
  repeated("surrogate pairs", "😀"),
  repeated("lone high surrogates", "\ud83d"),
  repeated("lone low surrogates", "\ude00"),
  repeated("combining marks", "\u0301", "e"),
];

const lists: readonly Text[] = [
  repeated("an item often, with commas", "a,"),
  repeated("blanks and commas", " , "),
  counted("different items with commas", (index) => `a${index},`),
  repeated("the template's name often", "sidecar,", "", "sidecar"),
  counted("ports", (index) => `${(index % 65535) + 1},`, "", "80"),
  repeated("one port often", "80,", "", "80"),
  counted("ranges", (index) => `10.${(index >> 8) % 256}.${index % 256}.0/24,`, "", "10.0.0.0/8"),
  repeated("one range often", "10.0.0.0/8,", "", "10.0.0.0/8"),
  repeated("ranges of IPv6", "2001:db8::/32,", "", "::/0"),
  counted("interfaces", (index) => `eth${index},`, "", "lo"),
  counted("pairs with an equals sign", (index) => `a${index}=b,`),
  counted("pairs with a colon", (index) => `a${index}: b\n`),
  repeated("path segments", "/../a", "", "?x=1"),
  repeated("a host with many labels", "a.", "http://", ":80/"),
  repeated("an image with many segments", "a/", "", "b:1"),
  repeated("semantic versions", "1.2.3-rc.1 || ", "", "1"),
];

const structures: readonly Text[] = [
  nested("JSON lists in each other", "[", "]"),
  nested("JSON objects in each other", '{"a":', "}", "1"),
  repeated("opened JSON lists", "["),
  repeated("opened JSON objects", '{"a":'),
  repeated("closed JSON lists", "]"),
  counted("a JSON object with many keys", (index) => `"a${index}":"b",`, "{", '"a":"b"}'),
  repeated("a JSON object with one key often", '"a":"b",', "{", '"a":"b"}'),
  counted("a JSON list of objects", (index) => `{"name":"a${index}"},`, "[", '{"name":"a"}]'),
  repeated("a JSON list of nulls", "null,", "[", "null]"),
  repeated("a JSON string of escapes", "\\u0041", '"', '"'),
  repeated("a JSON number", "1", '{"a":', "}"),
  repeated("a JSON object with blanks", " ", '{"a":', "1}"),
  nested("YAML flow in each other", "{a: ", "}", "b"),
  repeated("opened YAML flow", "{a: [", "a: "),
  repeated("YAML items in one line", "- "),
  repeated("YAML question marks", "? "),
  repeated("YAML keys in one line", "a: "),
  counted("YAML indented deeper and deeper", (index) => `${" ".repeat(index % 64)}a:\n`),
  counted("YAML anchors", (index) => `a${index}: &a${index} b\n`),
  repeated("YAML aliases", "- *a\n", "- &a b\n"),
  counted("YAML aliases that double", (index) =>
    index === 0 ? "- &a0 [x]\n" : `- &a${index} [*a${index - 1}, *a${index - 1}]\n`,
  ),
  counted("YAML merges that double", (index) =>
    index === 0 ? "m0: &m0 {a: b}\n" : `m${index}: &m${index} {<<: [*m${index - 1}, *m${index - 1}]}\n`,
  ),
  repeated("YAML merges", "- {<<: *a}\n", "- &a {b: c}\n"),
  repeated("YAML one key often", "a: b\n"),
  repeated("YAML comments", "# a\n", "a: b\n"),
  repeated("a long YAML comment", "#", "a: b #"),
  repeated("YAML documents", "---\n"),
  repeated("YAML tags", "!!str ", "a: "),
  repeated("a long YAML tag", "a", "a: !", " b"),
  repeated("YAML percent escapes in a tag", "%41", "a: !", " b"),
  repeated("a YAML block scalar", "  a\n", "a: |\n"),
  repeated("a YAML block scalar of blank lines", "\n", "a: |+\n", "  b"),
  repeated("a folded YAML scalar", "  a\n\n", "a: >\n"),
  repeated("a YAML plain scalar of many lines", "  a\n", "a:\n"),
  repeated("a YAML string of many lines", "\n ", 'a: "b', 'c"'),
  repeated("a YAML string of escapes", "\\x41", 'a: "', '"'),
  repeated("a YAML string of blanks", " ", 'a: "b', '"'),
  repeated("YAML quotes that are doubled", "''", "a: '", "'"),
  repeated("a YAML number with underlines", "1_", "a: ", "1"),
  repeated("a YAML number in base 60", "1:", "a: ", "1"),
];

/** All shapes of text that have cost somebody's parser more than its length, and the ordinary ones beside them. */
export const texts: readonly Text[] = [...numbers, ...runs, ...lists, ...structures];
