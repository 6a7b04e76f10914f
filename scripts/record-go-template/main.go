// Records what Go's text/template answers to the probes in probes.json.
//
//	cd scripts/record-go-template && go run main.go > ../../test/fixtures/go-template/answers.json
//
// The tests hold this project's template engine to the answers. Every probe runs on the same data and
// functions, which test/gotemplate/world.ts has too. Probes must not print addresses.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type file struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type probe struct {
	Area     string   `json:"area"`
	Template string   `json:"template,omitempty"`
	Files    []file   `json:"files,omitempty"`
	Execute  string   `json:"execute,omitempty"`
	Options  []string `json:"options,omitempty"`
	Delims   []string `json:"delims,omitempty"`
	Want     *string  `json:"want,omitempty"`
	Error    string   `json:"error,omitempty"`
	ErrorAt  string   `json:"errorAt,omitempty"`
}

type person struct {
	Name    string
	Partner *person
	Tags    []string
	secret  int
}

func (p *person) Greet(name string) string { return "hello " + name + ", I am " + p.Name }
func (p *person) Anonymous() string        { return "nobody" }
func (p *person) Fails() (string, error)   { return "", errors.New("boom") }
func (p *person) Count(first int, rest ...string) string {
	return fmt.Sprint(first, rest)
}

type point struct {
	X int
	Y float64
}

type shelf struct {
	Color  color
	Colors []color
	Any    any
	Point  point
	Next   *point
	Notes  map[string]string
}

type color int

func (c color) String() string { return [...]string{"red", "green", "blue"}[c] }

type label string

func world() map[string]any {
	ann := &person{Name: "Ann", Tags: []string{"a", "b"}}
	return map[string]any{
		"nil": nil, "string": "str", "empty": "", "quoted": "say \"hé\"\n", "true": true, "false": false,
		"int": 42, "zero": 0, "int8": int8(-1), "int64": int64(5), "uint8": uint8(7), "uint": uint(9),
		"float": 1.5, "float32": float32(0.1), "million": 1e6, "list": []any{nil, 1.5, "x", map[string]any{"k": "v"}},
		"ints": []int{3, 1, 2}, "strings": []string{"a", "b c"}, "bytes": []byte("hé"), "emptyList": []any{},
		"nilStrings": []string(nil), "map": map[string]any{"b": nil, "a": 1, "é": "x", "😀": "y", "": "z"},
		"emptyMap": map[string]any{}, "stringMap": map[string]string{"k": "v"}, "nilMap": map[string]string(nil),
		"ann": ann, "bob": &person{Name: "Bob", Partner: ann}, "nobody": (*person)(nil),
		"point": point{1, 2}, "pointAt": &point{3, 4}, "shelf": shelf{Color: 1, Colors: []color{0, 2}, Notes: map[string]string{"n": "m"}},
		"color": color(2), "label": label("tag"), "error": errors.New("broken"),
		"double": func(i int) int { return 2 * i }, "join": func(sep string, parts ...string) string { return strings.Join(parts, sep) },
	}
}

func functions() template.FuncMap {
	return template.FuncMap{
		"anInt": func(v int) int { return v }, "anInt64": func(v int64) int64 { return v }, "aUint8": func(v uint8) uint8 { return v },
		"aFloat": func(v float64) float64 { return v }, "aString": func(v string) string { return v }, "aBool": func(v bool) bool { return v },
		"aMap": func(v map[string]any) int { return len(v) }, "aStringMap": func(v map[string]string) int { return len(v) },
		"aList": func(v []any) int { return len(v) }, "aStringList": func(v []string) int { return len(v) },
		"anError": func(v error) bool { return v == nil }, "any": func(v any) any { return v },
		"aPerson": func(v *person) bool { return v == nil }, "aPoint": func(v point) int { return v.X },
		"strings": func(first string, rest ...string) string { return first + "|" + strings.Join(rest, ",") },
		"nothing": func() any { return nil }, "panics": func() string { panic("oh no") },
		"fails": func() (string, error) { return "", errors.New("no luck") }, "list": func(v ...any) []any { return v },
		"doubler": func() func(int) int { return func(i int) int { return 2 * i } },
	}
}

func record(p *probe) {
	root := template.New("root").Funcs(functions()).Option(p.Options...)
	if len(p.Delims) == 2 {
		root.Delims(p.Delims[0], p.Delims[1])
	}
	files, name := p.Files, p.Execute
	if files == nil {
		files, name = []file{{"root", p.Template}}, "root"
	}
	for _, f := range files {
		t := root
		if f.Name != "root" {
			t = root.New(f.Name)
		}
		if _, err := t.Parse(f.Text); err != nil {
			p.Error, p.ErrorAt = err.Error(), "parse"
			return
		}
	}
	var out strings.Builder
	if err := root.ExecuteTemplate(&out, name, world()); err != nil {
		p.Error, p.ErrorAt = err.Error(), "exec"
		return
	}
	text := out.String()
	p.Want = &text
}

func main() {
	var probes []probe
	input, err := os.ReadFile("probes.json")
	if err == nil {
		err = json.Unmarshal(input, &probes)
	}
	if err != nil {
		panic(err)
	}
	lines := make([]string, len(probes))
	for i := range probes {
		record(&probes[i])
		var line strings.Builder
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(probes[i]); err != nil {
			panic(err)
		}
		lines[i] = strings.TrimSpace(line.String())
	}
	fmt.Println("[\n" + strings.Join(lines, ",\n") + "\n]")
}
