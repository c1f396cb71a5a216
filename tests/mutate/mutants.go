package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutated is the directory whose every assignment counts.
const mutated = "fn/internal/render/istio"

// mutant is one change of one file.
type mutant struct {
	path       string // of the file
	function   string
	kind       string
	line       int
	text       string // what is changed, on one line
	repeated   int    // the how many-th of its function with that text it is
	start, end int    // what is replaced in the source
	by         string
}

// String shows where the mutant is and what it changes.
func (m *mutant) String() string {
	text := m.text
	if runes := []rune(text); len(runes) > 90 {
		text = string(runes[:90]) + " …"
	}
	return fmt.Sprintf("%s:%d %s %s: %s", filepath.Base(m.path), m.line, m.function, m.kind, text)
}

// key names the mutant without its line, which moves.
func (m *mutant) key() string {
	key := fmt.Sprintf("%s %s %s: %s", filepath.Base(m.path), m.function, m.kind, m.text)
	if m.repeated > 1 {
		key += fmt.Sprintf(" (%d)", m.repeated)
	}
	return key
}

// mutantsOf lists the mutants of all files, or of those that are named, separated by commas, with or without a line.
func mutantsOf(root, only string) ([]mutant, error) {
	paths, err := filepath.Glob(filepath.Join(root, mutated, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		found, err := mutants(path, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	wanted := strings.Split(only, ",")
	return slices.DeleteFunc(all, func(m mutant) bool {
		name := filepath.Base(m.path)
		return only != "" && !slices.Contains(wanted, name) && !slices.Contains(wanted, fmt.Sprintf("%s:%d", name, m.line))
	}), nil
}

// finder collects the mutants of one file.
type finder struct {
	path     string
	source   []byte
	files    *token.FileSet
	function string
	found    []mutant
}

// mutants lists the mutants of one file in the order of its text.
func mutants(path string, source []byte) ([]mutant, error) {
	f := &finder{path: path, source: source, files: token.NewFileSet()}
	file, err := parser.ParseFile(f.files, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Body != nil {
			f.function = function.Name.Name
			ast.Inspect(function.Body, f.visit)
		}
	}
	slices.SortStableFunc(f.found, func(a, b mutant) int { return a.start - b.start })
	seen := map[string]int{}
	for i := range f.found {
		m := &f.found[i]
		key := m.key()
		seen[key]++
		m.repeated = seen[key]
	}
	return f.found, nil
}

func (f *finder) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.AssignStmt:
		f.assignment(node)
	case *ast.ExprStmt:
		f.call(node)
	case *ast.CompositeLit:
		f.literal(node)
	case *ast.CallExpr:
		f.appended(node)
	case *ast.IfStmt:
		f.condition(node)
	case *ast.CaseClause:
		f.branch(node)
	}
	return true
}

// assignment evaluates what would be assigned, so that its variables stay used, and assigns it to nothing.
func (f *finder) assignment(node *ast.AssignStmt) {
	if node.Tok == token.DEFINE { // Without it, nothing compiles.
		return
	}
	if node.Tok != token.ASSIGN { // += and its like
		f.change(node, "assignment", node.Pos(), node.End(), "")
		return
	}
	for _, left := range node.Lhs {
		if name, ok := left.(*ast.Ident); ok && name.Name == "_" {
			continue
		}
		whole, by := f.text(node), "_"
		if len(node.Lhs) > 1 {
			whole = f.text(left) + " in " + whole
		} else if entry, ok := left.(*ast.IndexExpr); ok {
			by = "_, _ = " + f.text(entry.X) + ", " + f.text(entry.Index) + "; _"
		}
		f.add(mutant{kind: "assignment", line: f.line(left), text: whole, start: f.offset(left.Pos()), end: f.offset(left.End()), by: by})
	}
}

// call leaves out a call whose effect is all there is to it.
func (f *finder) call(node *ast.ExprStmt) {
	call, ok := node.X.(*ast.CallExpr)
	if !ok {
		return
	}
	var used []string
	if method, ok := call.Fun.(*ast.SelectorExpr); ok {
		if _, ok := method.X.(*ast.SelectorExpr); ok {
			used = append(used, f.text(method.X))
		}
	}
	for _, argument := range call.Args {
		if text := f.text(argument); text != "nil" {
			used = append(used, text)
		}
	}
	by := ""
	if len(used) > 0 {
		by = strings.TrimSuffix(strings.Repeat("_, ", len(used)), ", ") + " = " + strings.Join(used, ", ")
	}
	f.change(node, "call", node.Pos(), node.End(), by)
}

// literal leaves out one field or entry, or one element of a list.
func (f *finder) literal(node *ast.CompositeLit) {
	_, isList := node.Type.(*ast.ArrayType)
	for _, element := range node.Elts {
		kind := "element"
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			kind = "field"
			if _, ok := pair.Key.(*ast.Ident); !ok {
				kind = "entry"
			}
		} else if !isList {
			continue // Without one of its values, a struct does not compile.
		}
		f.change(element, kind, element.Pos(), f.withComma(element.End()), "")
	}
}

// appended leaves out one of several values that are appended. Of a single one, the assignment is left out.
func (f *finder) appended(node *ast.CallExpr) {
	if name, ok := node.Fun.(*ast.Ident); !ok || name.Name != "append" || len(node.Args) < 3 {
		return
	}
	for _, value := range node.Args[1:] {
		f.change(value, "element", value.Pos(), f.withComma(value.End()), "")
	}
}

// condition makes the branch run never and always.
func (f *finder) condition(node *ast.IfStmt) {
	condition, shown := f.text(node.Cond), f.text(node.Cond)
	if node.Init != nil {
		shown = f.between(node.Init.Pos(), node.Cond.End())
	}
	from, to := f.offset(node.Cond.Pos()), f.offset(node.Cond.End())
	f.add(mutant{kind: "never", line: f.line(node), text: shown, start: from, end: to, by: "false && (" + condition + ")"})
	f.add(mutant{kind: "always", line: f.line(node), text: shown, start: from, end: to, by: "true || (" + condition + ")"})
}

// branch leaves a case of a switch empty.
func (f *finder) branch(node *ast.CaseClause) {
	if len(node.Body) == 0 {
		return
	}
	from, to := node.Body[0].Pos(), node.Body[len(node.Body)-1].End()
	label := "default"
	if len(node.List) > 0 {
		label = "case " + f.between(node.List[0].Pos(), node.List[len(node.List)-1].End())
	}
	f.add(mutant{kind: "branch", line: f.line(node), text: label, start: f.offset(from), end: f.offset(to)})
}

func (f *finder) change(node ast.Node, kind string, from, to token.Pos, by string) {
	f.add(mutant{kind: kind, line: f.line(node), text: f.text(node), start: f.offset(from), end: f.offset(to), by: by})
}

func (f *finder) add(m mutant) {
	m.path, m.function, m.text = f.path, f.function, strings.Join(strings.Fields(m.text), " ")
	f.found = append(f.found, m)
}

func (f *finder) text(node ast.Node) string { return f.between(node.Pos(), node.End()) }

func (f *finder) between(from, to token.Pos) string {
	return string(f.source[f.offset(from):f.offset(to)])
}

func (f *finder) line(node ast.Node) int { return f.files.Position(node.Pos()).Line }

func (f *finder) offset(at token.Pos) int { return f.files.Position(at).Offset }

// withComma is the end of an element with the comma after it.
func (f *finder) withComma(end token.Pos) token.Pos {
	rest := f.source[f.offset(end):]
	for i, c := range rest {
		switch c {
		case ' ', '\t', '\n':
		case ',':
			return end + token.Pos(i) + 1
		default:
			return end
		}
	}
	return end
}
