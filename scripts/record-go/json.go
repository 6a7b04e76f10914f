package main

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"strings"
)

// "text": a string as Marshal writes it, and with SetEscapeHTML(false). "tree": a JSON text; what Marshal makes of the value
// that Unmarshal reads in it.
func jsons() []row {
	var rows []row
	random := rand.New(rand.NewSource(8))
	texts := append([]string{}, ordered...)
	for r := rune(0); r < 0x120; r++ {
		texts = append(texts, string(r))
	}
	pieces := []string{"a", "<", ">", "&", "\"", "\\", "/", "'", "\n", "\x00", "\x7f", "\u2028", "\u2029", "é", "日", "😀", "\ufeff", "\ufffd", "\uffff", "\x80", "\xc3", "\xff", `\u2028`, `\ud83d`, `\\ud83d`}
	for range 200 {
		texts = append(texts, joined(random, pieces, 6))
	}
	texts = append(texts, strings.Repeat("long & plain ", 20), strings.Repeat("long and plain ", 20), strings.Repeat("\\", 101))
	for _, text := range texts {
		marshalled, err := json.Marshal(text)
		if err != nil {
			fail(err)
		}
		rows = append(rows, row{"text", str(text), string(marshalled), unescaped(text)})
	}
	documents := []string{
		`null`, `true`, `""`, `[]`, `{}`, `[1,2.5,-0,0.1,1e21,1e20,123456789012345680000,1e-6,1e-7,1e-9,1.5e-10,-1e22,100000,1E+2,0.000001]`, `{"b":1,"a":2,"":3,"😀":4,"\uffff":5,"\ue000":6,"é":7,"Z":8,"10":9,"9":10}`,
		`{"__proto__":1,"constructor":2,"toString":{}}`, `{"a":{"c":1,"b":[{"z":1,"y":2}]}}`, `{"a<b":"x&y>"}`, `{"a":1,"a":2}`, `["\ud800","\udc00x","\ud83d\ude00","\u2028"]`, ` { "b" : [ 1 , 2 ] , "a" : null } `, `[[[[]]],{"a":[{}]}]`,
		`{"b":1.0,"a":1.50,"c":1E400}`, `[9007199254740993]`, `{"n":5e-324,"m":1.7976931348623157e308}`,
	}
	for _, document := range documents {
		var value any
		if err := json.Unmarshal([]byte(document), &value); err == nil {
			marshalled, err := json.Marshal(value)
			if err != nil {
				fail(err)
			}
			rows = append(rows, row{"tree", document, string(marshalled)})
		}
	}
	return rows
}

func unescaped(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		fail(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func joined(random *rand.Rand, pieces []string, most int) string {
	var text strings.Builder
	for range 1 + random.Intn(most) {
		text.WriteString(pieces[random.Intn(len(pieces))])
	}
	return text.String()
}
