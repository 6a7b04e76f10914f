package main

import (
	"encoding/hex"
	"math/rand"
	"unicode/utf8"
)

// Bytes at which a decoder decides: ends of ranges of first and second bytes.
var edges = []byte{
	0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
	0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
}

// Bytes; whether they are UTF-8; the runes that Go reads, each with its width.
func utf8Rows() []row {
	var rows []row
	add := func(text []byte) { rows = append(rows, row{hex.EncodeToString(text), utf8.Valid(text), runes(text)}) }
	for _, first := range edges {
		add([]byte{first})
		for _, second := range edges {
			add([]byte{first, second})
		}
	}
	random := rand.New(rand.NewSource(1))
	for range 600 {
		text := make([]byte, 3+random.Intn(5))
		for index := range text {
			text[index] = edges[random.Intn(len(edges))]
		}
		add(text)
	}
	for _, text := range []string{"é€😀", "日本語", "\U0010ffff", "a\u0301", "\ufeffa"} {
		for cut := range len(text) + 1 {
			add([]byte(text[:cut]))
			add([]byte(text[cut:]))
		}
	}
	return rows
}

func runes(text []byte) []any {
	all := []any{}
	for len(text) > 0 {
		r, width := utf8.DecodeRune(text)
		all = append(all, []any{r, width})
		text = text[width:]
	}
	return all
}
