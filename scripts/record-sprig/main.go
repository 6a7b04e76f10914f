// Records what Sprig's text functions answer in Go.
//
//	go run . cases > ../../test/fixtures/sprig/cases.json      reads cases.txt
//	go run . names > ../../test/fixtures/sprig/functions.json  the functions with their Go types
//	go run . zones > ../../src/go/time/zone-names.generated.ts   the short names of time zones
//
// A line of cases.txt is a template, perhaps with ` <<< ` and the value of dot as JSON behind it. A line
// that starts with `# ` names the area of the lines below. In the value, an object with one key that starts
// with `$` stands for a value of another Go type than JSON has.
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

type answer struct {
	Area     string          `json:"area"`
	Template string          `json:"template"`
	Data     json.RawMessage `json:"data,omitempty"`
	Want     *string         `json:"want,omitempty"`
	Error    string          `json:"error,omitempty"`
	ErrorAt  string          `json:"errorAt,omitempty"`
}

func main() {
	time.Local = time.UTC
	commands := map[string]func() error{"cases": cases, "names": names, "zones": zones}
	if len(os.Args) != 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: go run . cases|names|zones")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cases() error {
	file, err := os.Open("cases.txt")
	if err != nil {
		return err
	}
	defer file.Close()
	var lines []string
	area := ""
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		line := scanner.Text()
		if name, isArea := strings.CutPrefix(line, "# "); isArea {
			area = name
			continue
		}
		if line == "" {
			continue
		}
		text, data, _ := strings.Cut(line, " <<< ")
		recorded, err := record(answer{Area: area, Template: text, Data: json.RawMessage(data)})
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
		lines = append(lines, encode(recorded))
	}
	fmt.Printf("[\n%s\n]\n", strings.Join(lines, ",\n"))
	return scanner.Err()
}

// record runs a case a few times and refuses answers that change.
func record(c answer) (answer, error) {
	first := run(c)
	for i := 0; i < 5; i++ {
		again := run(c)
		if !reflect.DeepEqual(first.Want, again.Want) || first.Error != again.Error {
			return c, errors.New("the answer changes from run to run")
		}
	}
	return first, nil
}

func run(c answer) answer {
	parsed, err := template.New("root").Funcs(sprig.TxtFuncMap()).Parse(c.Template)
	if err != nil {
		c.Error, c.ErrorAt = err.Error(), "parse"
		return c
	}
	var data any
	if len(c.Data) > 0 {
		if err := json.Unmarshal(c.Data, &data); err != nil {
			panic(err)
		}
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, typed(data)); err != nil {
		c.Error, c.ErrorAt = err.Error(), "exec"
		return c
	}
	want := out.String()
	c.Want = &want
	return c
}

func typed(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
	case map[string]any:
		if len(v) == 1 {
			for key, value := range v {
				if strings.HasPrefix(key, "$") {
					return special(key, value)
				}
			}
		}
		for key := range v {
			v[key] = typed(v[key])
		}
	}
	return v
}

func special(kind string, v any) any {
	switch kind {
	case "$int":
		return int(v.(float64))
	case "$int64":
		return int64(v.(float64))
	case "$int32":
		return int32(v.(float64))
	case "$strings":
		list := []string{}
		for _, item := range v.([]any) {
			list = append(list, item.(string))
		}
		return list
	case "$stringMap":
		entries := map[string]string{}
		for key, item := range v.(map[string]any) {
			entries[key] = item.(string)
		}
		return entries
	}
	panic("unknown type " + kind)
}

func encode(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(out.String())
}

func names() error {
	types := map[string]string{}
	for name, function := range sprig.TxtFuncMap() {
		types[name] = reflect.TypeOf(function).String()
	}
	// Sprig 3.3.0 has this one more.
	types["sha512sum"] = "func(string) string"
	text, err := json.MarshalIndent(types, "", "  ")
	fmt.Println(string(text))
	return err
}

// zones groups the zones by their names of letters and the differences to UTC in seconds these stand for,
// as used since 1970. A difference that had several names has the last.
func zones() error {
	archive, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		return err
	}
	defer archive.Close()
	groups := map[string][]string{}
	for _, file := range archive.File {
		location, err := time.LoadLocation(file.Name)
		if err != nil || strings.HasSuffix(file.Name, "/") {
			continue
		}
		key := zoneKey(location)
		groups[key] = append(groups[key], file.Name)
	}
	var keys []string
	for key := range groups {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	fmt.Println("// Written by scripts/record-sprig from Go's copy of the time zone database. Do not edit.")
	fmt.Println()
	fmt.Println("/** `name=seconds from UTC`, and the zones that call their time so. Other differences are named by number. */")
	fmt.Println("export const zoneNames: readonly (readonly [string, string])[] = [")
	for _, key := range keys {
		sort.Strings(groups[key])
		fmt.Printf("  [%q, %q],\n", key, strings.Join(groups[key], " "))
	}
	fmt.Println("];")
	return nil
}

func zoneKey(location *time.Location) string {
	last := map[int]string{}
	for t := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC); t.Year() < 2038; t = t.AddDate(0, 0, 7) {
		name, offset := t.In(location).Zone()
		last[offset] = name
	}
	var pairs []string
	for offset, name := range last {
		if !strings.ContainsAny(name[:1], "+-") {
			pairs = append(pairs, fmt.Sprintf("%s=%d", name, offset))
		}
	}
	sort.Strings(pairs)
	return strings.Join(pairs, " ")
}
