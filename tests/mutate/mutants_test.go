package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `package istio

type box struct {
	a, b int
	all  []int
	by   map[string]int
}

func (x *box) fill(n int, more ...int) (out *box) {
	x.a, _ = n, n
	x.all = append(x.all, n, 7)
	if n > 1 {
		x.note(n)
	}
	switch n {
	case 1, 2:
		n += 3
	}
	return &box{a: n, by: map[string]int{"k": 1}, all: []int{n}}
}

func (x *box) note(n int) { x.b = n }

func pick[T any](all []T) (none T) {
	for _, one := range all {
		none = one
	}
	m := map[int]T{}
	for i, one := range all {
		m[i] = one
	}
	return none
}
`

// TestMutants lists everything that is taken out of a file, with what is left of it.
func TestMutants(t *testing.T) {
	found, err := mutants("sample.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range found {
		m := &found[i]
		left := sample[strings.LastIndex(sample[:m.start], "\n")+1:m.start] + m.by
		rest, _, _ := strings.Cut(sample[m.end:], "\n")
		got = append(got, strings.TrimSpace(m.String()+" => "+strings.TrimSpace(left+rest)))
	}
	want := []string{
		`sample.go:10 fill assignment: x.a in x.a, _ = n, n => _, _ = n, n`,
		`sample.go:11 fill assignment: x.all = append(x.all, n, 7) => _ = append(x.all, n, 7)`,
		`sample.go:11 fill element: n => x.all = append(x.all,  7)`,
		`sample.go:11 fill element: 7 => x.all = append(x.all, n, )`,
		`sample.go:12 fill never: n > 1 => if false && (n > 1) {`,
		`sample.go:12 fill always: n > 1 => if true || (n > 1) {`,
		`sample.go:13 fill call: x.note(n) => _ = n`,
		`sample.go:16 fill branch: case 1, 2 =>`,
		`sample.go:17 fill assignment: n += 3 =>`,
		`sample.go:19 fill field: a: n => return &box{ by: map[string]int{"k": 1}, all: []int{n}}`,
		`sample.go:19 fill field: by: map[string]int{"k": 1} => return &box{a: n,  all: []int{n}}`,
		`sample.go:19 fill entry: "k": 1 => return &box{a: n, by: map[string]int{}, all: []int{n}}`,
		`sample.go:19 fill field: all: []int{n} => return &box{a: n, by: map[string]int{"k": 1}, }`,
		`sample.go:19 fill element: n => return &box{a: n, by: map[string]int{"k": 1}, all: []int{}}`,
		`sample.go:22 note assignment: x.b = n => func (x *box) note(n int) { _ = n }`,
		`sample.go:26 pick assignment: none = one => _ = one`,
		`sample.go:30 pick assignment: m[i] = one => _, _ = m, i; _ = one`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}

// TestInstrument holds that the file with all mutants compiles, has a function for each, and names a mutant in errors.
func TestInstrument(t *testing.T) {
	found, err := mutants("sample.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	numbered := map[int]*mutant{}
	for i := range found {
		numbered[i+1] = &found[i]
	}
	text, err := instrument("sample.go", []byte(sample), numbered)
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	var parsed []*ast.File
	for name, source := range map[string]string{"sample.go": string(text), "mutant.go": "package istio\n\nvar mutant string\n"} {
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v in\n%s", err, source)
		}
		parsed = append(parsed, file)
	}
	checked, err := new(types.Config).Check("istio", files, parsed, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	fill, _, _ := types.LookupFieldOrMethod(types.NewPointer(checked.Scope().Lookup("box").Type()), false, checked, "fill_1")
	if fill == nil || checked.Scope().Lookup("pick_16") == nil {
		t.Fatalf("mutants are missing in\n%s", text)
	}
	if at := files.Position(fill.Pos()); at.Filename != "mutant1.go" {
		t.Errorf("the first mutant is at %v", at)
	}
	for number := range numbered {
		if !strings.Contains(string(text), "case "+strconv.Quote(strconv.Itoa(number))+": ") {
			t.Errorf("mutant %d is never called", number)
		}
	}
}

// TestSummary holds that a survivor and a needless exception are both errors.
func TestSummary(t *testing.T) {
	m := &mutant{path: "a.go", function: "f", kind: "field", text: "A: 1"}
	for _, test := range []struct {
		by        string
		reason    string
		wantError bool
		want      string
	}{
		{"TestX", "", false, "1 mutants are noticed by a test, 0 do not compile, 0 are exceptions, 0 survive"},
		{"", "", true, "survivors, which need a scenario:\n  a.go f field: A: 1"},
		{"", "it is equal", false, "exceptions:\n  a.go:0 f field: A: 1: it is equal"},
		{"TestX", "it is equal", true, "exceptions that have no place on the list:\n  a.go:0 f field: A: 1: TestX"},
	} {
		reasons := map[string]string{}
		if test.reason != "" {
			reasons["a.go f field: A: 1"] = test.reason
		}
		found := newSummary(reasons)
		found.tried(m, test.by)
		var out strings.Builder
		if err := found.write(&out, true); (err != nil) != test.wantError || !strings.Contains(out.String(), test.want) {
			t.Errorf("by %q, reason %q: %v\n%s", test.by, test.reason, err, out.String())
		}
	}
	var out strings.Builder
	if err := newSummary(map[string]string{"b.go g field: B: 1": "gone"}).write(&out, true); err == nil {
		t.Errorf("an exception without a mutant is none:\n%s", out.String())
	}
}
