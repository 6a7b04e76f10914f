package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"strconv"
	"strings"
	"unicode"
)

// Three kinds of rows. "quote": a text; Quote; QuoteToASCII; CanBackquote. "rune": a rune; QuoteRune; QuoteRuneToASCII.
// "unquote": a literal; its text, or null where Go returns an error; "character": a character constant as text/template
// reads it; its rune or what is wrong.
func quotes() []row {
	var rows []row
	add := func(text string) {
		rows = append(rows, row{"quote", str(text), strconv.Quote(text), strconv.QuoteToASCII(text), strconv.CanBackquote(text)})
	}
	for _, text := range ordered {
		add(text)
	}
	random := rand.New(rand.NewSource(2))
	pieces := []string{
		"a", "Z", " ", "\"", "'", "`", "\\", "\a", "\b", "\f", "\n", "\r", "\t", "\v", "\x00", "\x1b", "\x7f", "\u0080", "\u0085",
		"\u00a0", "\u00ad", "é", "\u0301", "\u034f", "\u200b", "\u2028", "\u2029", "\u3000", "日", "\ue000", "\ufeff", "\ufffd",
		"\uffff", "😀", "\U000e0001", "\U0010ffff", "\x80", "\xc3", "\xff", "\u0378", "\U0001fae8", "\u1c89", "$", "{{", "%",
	}
	for _, piece := range pieces {
		add(piece)
	}
	for range 300 {
		var text strings.Builder
		for range 1 + random.Intn(5) {
			text.WriteString(pieces[random.Intn(len(pieces))])
		}
		add(text.String())
	}
	for _, r := range []rune{
		0, 7, 10, 0x1f, ' ', '\'', '"', '\\', 'a', 0x7f, 0x80, 0xa0, 0xad, 0xe9, 0x301, 0x378, 0x2028, 0xd7ff, 0xd800, 0xdc80, 0xdfff, 0xe000,
		0xfeff, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x1fae8, 0x10ffff, 0x110000,
	} {
		rows = append(rows, row{"rune", r, strconv.QuoteRune(r), strconv.QuoteRuneToASCII(r)})
	}
	return append(rows, unquotes(random)...)
}

func unquotes(random *rand.Rand) []row {
	var rows []row
	pieces := []string{
		"a", " ", "\"", "'", "`", "\n", "\r", "é", "😀", "\xff", "\xc3", `\`, `\a`, `\b`, `\f`, `\n`, `\r`, `\t`, `\v`, `\\`, `\'`, `\"`, `\e`, `\x`,
		`\x4`, `\x41`, `\xc3`, `\xa9`, `\xff`, `\u`, `\u00e9`, `\ud800`, `\uFFFF`, `\U`, `\U0001f600`, `\U00110000`, `\0`, `\101`, `\377`, `\400`, `\8`,
	}
	literal := func(quote string) string {
		var body strings.Builder
		for range random.Intn(4) {
			body.WriteString(pieces[random.Intn(len(pieces))])
		}
		return quote + body.String() + quote
	}
	add := func(literal string) {
		text, err := strconv.Unquote(literal)
		answer := str(text)
		if err != nil {
			answer = nil
		}
		rows = append(rows, row{"unquote", str(literal), answer})
	}
	for _, broken := range []string{"", "a", `"`, "`", `"a`, `a"`, "\"a`", `"a"b`, "``", `""`} {
		add(broken)
	}
	for _, piece := range pieces {
		add(`"` + piece + `"`)
		add("`" + piece + "`")
		rows = append(rows, character("'"+piece+"'"))
	}
	for range 250 {
		add(literal(`"`))
		add(literal("`"))
		rows = append(rows, character(literal("'")))
	}
	return rows
}

// As text/template/parse reads a character constant.
func character(literal string) row {
	r, _, tail, err := strconv.UnquoteChar(literal[1:], literal[0])
	switch {
	case err != nil:
		return row{"character", str(literal), err.Error()}
	case tail != "'":
		return row{"character", str(literal), "malformed"}
	}
	return row{"character", str(literal), r}
}

// A module with the edges of the ranges of printable runes: their distances, in digits of base 36.
func printable() []byte {
	var steps []string
	last, on := 0, false
	for r := range unicode.MaxRune + 1 {
		if strconv.IsPrint(r) != on {
			steps = append(steps, strconv.FormatInt(int64(int(r)-last), 36))
			last, on = int(r), !on
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "// Made by scripts/record-go: go run . printable > ../../src/go/strconv/printable.generated.ts\n")
	fmt.Fprintf(&out, "// The runes that Go prints as themselves, of Unicode %s: where they begin and end, as distances to base 36.\n", unicode.Version)
	fmt.Fprintf(&out, "export const printableEdges =\n")
	for len(steps) > 0 {
		line, length := []string{}, 0
		for len(steps) > 0 && length+len(steps[0]) < 110 {
			line, length, steps = append(line, steps[0]), length+len(steps[0])+1, steps[1:]
		}
		space, end := " ", " +"
		if len(steps) == 0 {
			space, end = "", ";"
		}
		fmt.Fprintf(&out, "  %q%s\n", strings.Join(line, " ")+space, end)
	}
	return out.Bytes()
}
