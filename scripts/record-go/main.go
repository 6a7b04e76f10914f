// Records what Go's standard library answers, a table for each file of src/go.
//
//	go run . order > ../../test/fixtures/go/order.json                       one table
//	go run . ../../test/fixtures/go                                          all of them
//	go run . printable > ../../src/go/strconv/printable.generated.ts         which runes are printable
//
// The tests in test/go hold src/go to these answers, and record them again where Go is at hand. What depends on
// chance is seeded, so that a table comes out the same each time.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unicode/utf8"
)

// A row is the input and the answers.
type row []any

var tables = map[string]func() []row{
	"float":   floats,
	"integer": integers,
	"json":    jsons,
	"netip":   addresses,
	"order":   order,
	"quote":   quotes,
	"time":    times,
	"utf8":    utf8Rows,
}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: go run . TABLE|FOLDER"))
	}
	if os.Args[1] == "printable" {
		os.Stdout.Write(printable())
		return
	}
	if record, ok := tables[os.Args[1]]; ok {
		os.Stdout.Write(text(os.Args[1], record()))
		return
	}
	for name, record := range tables {
		if err := os.WriteFile(filepath.Join(os.Args[1], name+".json"), text(name, record()), 0o644); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A row stands on a line of its own, so that a difference is easy to read.
func text(name string, rows []row) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\"command\": \"cd scripts/record-go && go run . %s > ../../test/fixtures/go/%s.json\",\n", name, name)
	fmt.Fprintf(&out, "\"go\": %q,\n\"rows\": [\n", runtime.Version())
	for index, cells := range rows {
		line, err := json.Marshal(cells)
		if err != nil {
			fail(fmt.Errorf("%s: row %d: %w", name, index, err))
		}
		out.Write(line)
		if index < len(rows)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]\n}\n")
	return out.Bytes()
}

// A Go string as JSON can hold it: as it is when it is UTF-8, else its bytes.
func str(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return map[string]string{"bytes": hex.EncodeToString([]byte(s))}
}
