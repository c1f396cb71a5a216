package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// chosen is the variable of the environment that names the mutant to run; without it, the original runs.
const chosen = "MESHFN_MUTANT"

// switchboard is the file that every instrumented function asks. It is only ever seen by the compiler.
const switchboard = `package istio

import "os"

var mutant = os.Getenv("` + chosen + `")
`

// instrument gives every mutant a function of its own, and lets the original call the one that was chosen. So one build
// holds all mutants, and each is exactly the source that it stands for.
func instrument(path string, source []byte, numbered map[int]*mutant) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out, copies strings.Builder
	written := 0
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		offset := func(at token.Pos) int { return files.Position(at).Offset }
		start, end := offset(function.Pos()), offset(function.End())
		var cases strings.Builder
		for _, number := range slices.Sorted(maps.Keys(numbered)) {
			m := numbered[number]
			if m.start < start || m.end > end {
				continue
			}
			name := fmt.Sprintf("%s_%d", function.Name.Name, number)
			fmt.Fprintf(&cases, "case %q: %s\n", fmt.Sprint(number), delegate(function, name, source, offset))
			// The compiler's messages about a copy then name the mutant.
			fmt.Fprintf(&copies, "\n//line mutant%d.go:1\n%s%s%s%s%s\n", number, source[start:offset(function.Name.Pos())], name,
				source[offset(function.Name.End()):m.start], m.by, source[m.end:end])
		}
		if cases.Len() > 0 {
			body := offset(function.Body.Lbrace) + 1
			fmt.Fprintf(&out, "%s\nswitch mutant {\n%s}\n", source[written:body], cases.String())
			written = body
		}
	}
	return slices.Concat([]byte(out.String()), source[written:], []byte(copies.String())), nil
}

// delegate is the statement that calls the copy of a function with the function's own arguments.
func delegate(function *ast.FuncDecl, name string, source []byte, offset func(token.Pos) int) string {
	call := name
	if function.Recv != nil {
		call = function.Recv.List[0].Names[0].Name + "." + name
	}
	if types := function.Type.TypeParams; types != nil {
		call += "[" + strings.Join(names(types), ", ") + "]"
	}
	arguments := strings.Join(names(function.Type.Params), ", ")
	if text := string(source[offset(function.Type.Params.Opening):offset(function.Type.Params.Closing)]); strings.Contains(text, "...") {
		arguments += "..."
	}
	call += "(" + arguments + ")"
	if function.Type.Results == nil {
		return call + "; return"
	}
	return "return " + call
}

func names(fields *ast.FieldList) []string {
	var all []string
	for _, field := range fields.List {
		for _, name := range field.Names {
			all = append(all, name.Name)
		}
	}
	return all
}
