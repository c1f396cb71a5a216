package item

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

func TestStream(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		want []string // "line: text" of each document
	}{
		"nothing":        {"", nil},
		"comments":       {"# a\n---\n# b\n\n", nil},
		"one":            {"a: b\n", []string{"1: a: b\n"}},
		"one, no break":  {"a: b", []string{"1: a: b"}},
		"two":            {"a: b\n---\nc: d\n", []string{"1: a: b\n", "3: c: d\n"}},
		"leading marker": {"---\na: b\n---\nc: d", []string{"2: a: b\n", "4: c: d"}},
		"comment behind the marker": {
			"# head\n--- # one\n\na: b\n---   \n---\t# none\n# c\n---\nd: e\n",
			[]string{"3: \na: b\n", "9: d: e\n"},
		},
		"comments stay with the document": {"# a\n\nb: c\n# d\n---\n# e\nf: g\n", []string{"1: # a\n\nb: c\n# d\n", "6: # e\nf: g\n"}},
		"end markers":                     {"a: b\n...\n# c\n---\nd: e\n... # f\ng: h\n", []string{"1: a: b\n", "5: d: e\n", "7: g: h\n"}},
		"directives":                      {"%YAML 1.2\n---\na: b\n...\n%YAML 1.1\n%TAG ! x\n---\nc: d\n", []string{"3: a: b\n", "8: c: d\n"}},
		"byte order mark":                 {"\ufeff---\na: b\n", []string{"2: a: b\n"}},
		"byte order mark alone":           {"\ufeffa: b\n", []string{"1: a: b\n"}},
		"crlf":                            {"a: b\r\n---\r\nc: d\r\n", []string{"1: a: b\r\n", "3: c: d\r\n"}},
		"marker inside a block scalar":    {"a: |\n  ---\n  b: c\n ---\nd: |\n  ...\n", []string{"1: a: |\n  ---\n  b: c\n ---\nd: |\n  ...\n"}},
		"almost a marker":                 {"a: b\n---c: d\n", []string{"1: a: b\n---c: d\n"}},
		"json":                            {"{\n  \"a\": 1\n}\n", []string{"1: {\n  \"a\": 1\n}\n"}},
		"list": {
			"apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n",
			[]string{"1: apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n"},
		},
		"null": {"null\n---\na: b\n", []string{"1: null\n", "3: a: b\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			items, findings := Stream("f.yaml", []byte(test.data))
			if len(findings) > 0 {
				t.Fatalf("findings: %+v", findings)
			}
			var got []string
			for n, i := range items {
				if p := i.Place(); p.File != "f.yaml" || p.Index != n {
					t.Errorf("place of document %d is %+v", n, p)
				}
				got = append(got, fmt.Sprintf("%d: %s", i.Place().Line, i.Raw()))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestStreamRefuses(t *testing.T) {
	items, findings := Stream("f.yaml", []byte("a: b\n---\nc: d\n--- {e: f}\ng: h\n---\ni: j\n"))
	if len(items) != 3 || items[2].Place() != (Place{File: "f.yaml", Index: 3, Line: 7}) {
		t.Errorf("%d items, want the three that are readable", len(items))
	}
	want := `f.yaml:4:1: [MF0001] "{e: f}" stands behind the document separator "---"; try: begin the document in the next line`
	if len(findings) != 1 || flat(&findings[0]) != want {
		t.Errorf("findings: %+v, want %s", findings, want)
	}
	items, findings = Stream("f.yaml", []byte("\xfe\xff\x00a"))
	if len(items) != 0 || len(findings) != 1 || findings[0].Code != diag.NotYAML || !strings.Contains(findings[0].Message, "UTF-16") {
		t.Errorf("UTF-16: %d items, %+v", len(items), findings)
	}
}

// TestStreamPositions holds lines in the file against the text that stands there.
func TestStreamPositions(t *testing.T) {
	file := "# head\n---\napiVersion: v1\nkind: A\n---\n# c\n\n  kind: B\n  spec:\n    a.b:\n    - c: d\n      \"é\": {f: g, \"h\": [i, j]}\n"
	items, _ := Stream("f.yaml", []byte(file))
	for field, want := range map[string]string{
		"":                           `8:3 kind: B`,
		"spec":                       `9:3 spec:`,
		`spec["a.b"]`:                `10:5 a.b:`,
		`spec["a.b"][0]`:             `11:7 c: d`,
		`spec["a.b"][0].c`:           `11:7 c: d`,
		`spec["a.b"][0].é`:           `12:7 "é": {f: g, "h": [i, j]}`,
		`spec["a.b"][0].é.h`:         `12:19 "h": [i, j]}`,
		`spec["a.b"][0].é.h[1]`:      `12:28 j]}`,
		`spec["a.b"][0].é.h[2]`:      `12:19 "h": [i, j]}`,
		`spec["a.b"][0].missing`:     `11:7 c: d`,
		`spec["a.b"][1].c`:           `10:5 a.b:`,
		`spec.missing.more`:          `9:3 spec:`,
		`missing`:                    `8:3 kind: B`,
		`spec["a.b"][x]`:             `10:5 a.b:`,
		`spec["a.b`:                  `9:3 spec:`,
		`spec["a.b"].c`:              `10:5 a.b:`,
		`kind.more`:                  `8:3 kind: B`,
		diag.At("spec", 0):           `9:3 spec:`,
		diag.Join("spec", "a.b"):     `10:5 a.b:`,
		diag.Join("", `in ["quotes`): `8:3 kind: B`,
	} {
		s := items[1].Source(field)
		if s.File != "f.yaml" || s.Index != 1 || s.Field != field || s.Resource.Kind != "B" {
			t.Errorf("Source(%q) = %+v", field, s)
		}
		line := []rune(strings.Split(file, "\n")[s.Line-1])
		if got := fmt.Sprintf("%d:%d %s", s.Line, s.Column, string(line[s.Column-1:])); got != want {
			t.Errorf("Source(%q) is %s, want %s", field, got, want)
		}
	}
	for _, place := range []Place{{}, {File: "f.yaml"}, {Line: 3}} {
		if s := New(items[1].Raw(), place).Source("spec"); s.Line != 0 || s.Column != 0 {
			t.Errorf("%+v has line %d", place, s.Line)
		}
	}
}

func TestSourceInOddDocuments(t *testing.T) {
	for name, test := range map[string]struct {
		raw, field string
		line, col  int
	}{
		"alias":              {"a: &a\n  b: c\nd: *a\n", "d.b", 12, 3},
		"merge":              {"a: &a\n  b: c\nd:\n  <<: *a\n", "d.b", 12, 3},
		"not readable":       {"# c\n\n  a: [\n", "a", 13, 3},
		"nothing":            {"# c\n", "a", 11, 1},
		"foreign line ends":  {"a: \"b\u2028c\"\nd:\n  e: f\n", "d.e", 13, 3},
		"old mac line ends":  {"a: b\rc:\r  d: e\r", "c.d", 11, 3},
		"windows line ends":  {"a: b\r\nc:\r\n  d: e\r\n", "c.d", 13, 3},
		"with a byte order":  {"\ufeffa: b\n", "a", 11, 1},
		"a key that is null": {"a:\n  ~: b\n", "a.~", 12, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := New([]byte(test.raw), Place{File: "f.yaml", Line: 11}).Source(test.field)
			if s.Line != test.line || s.Column != test.col {
				t.Errorf("%d:%d, want %d:%d", s.Line, s.Column, test.line, test.col)
			}
		})
	}
}

// FuzzStream holds the documents of a stream against those that the YAML library reads from it.
func FuzzStream(f *testing.F) {
	for _, raw := range awkward(f) {
		f.Add([]byte(raw + "\n---\n" + raw))
		f.Add([]byte("%YAML 1.2\n--- # c\n" + raw + "...\n---\n" + raw))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want []*yaml.Node
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		for {
			var node yaml.Node
			err := guarded(func() error { return decoder.Decode(&node) })
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || measure(&node, documentLimits()) != nil {
				return
			}
			if node.Content[0].Tag != "!!null" {
				want = append(want, node.Content[0])
			}
		}
		items, findings := Stream("f.yaml", data)
		if len(findings) > 0 || bytes.ContainsAny(data, "\r\u0085\u2028\u2029%&*") {
			return // A "%" is dropped with its line, an anchor does not reach the next document.
		}
		for _, i := range items {
			node, err := decode(i.Raw())
			if err != nil {
				t.Fatalf("%v in %q of %q", err, i.Raw(), data)
			}
			if node.Content[0].Tag == "!!null" {
				continue
			}
			if len(want) == 0 || !equal(node.Content[0], want[0]) {
				t.Fatalf("%q is not a document of %q", i.Raw(), data)
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Fatalf("%d documents are missing from %q", len(want), data)
		}
	})
}
