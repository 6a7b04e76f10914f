package main

import "strings"

// Texts of all widths that UTF-8 has, with a common start and without, and such as are not UTF-8.
var ordered = []string{
	"", "a", "b", "ab", "aa", "A", "z", "~", "\x00", "\x7f", "a\x00", "10", "9", "_", "-", ".", "app.kubernetes.io/name",
	"\u0080", "é", "e\u0301", "ÿ", "\u07ff", "\u0800", "€", "日", "日本", "\ud7ff", "\ue000", "\ufeff", "\ufffd", "\uffff",
	"\U00010000", "😀", "😁", "a😀", "a\uffff", "\U0010ffff", "😀a", "😀\uffff",
	"\x80", "\xbf", "\xc3", "\xc3(", "\xff", "a\xff", "\xed\xa0\x80", "\xf0\x9f\x98", "😀\x80", "\xc3\xc3",
}

// Pairs of texts and the sign of their comparison.
func order() []row {
	var rows []row
	for _, left := range ordered {
		for _, right := range ordered {
			rows = append(rows, row{str(left), str(right), strings.Compare(left, right)})
		}
	}
	return rows
}
