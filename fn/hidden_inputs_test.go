package fn

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestNoHiddenInputs holds that the environment is read in no file but the one that is the process, that no package opens
// connections, and that programs are run in few files only. fn/internal/reach and others may then read files and no more.
func TestNoHiddenInputs(t *testing.T) {
	runsPrograms := []string{
		"cli/remote.go", "internal/revision/repository.go", // They look for git.
		"internal/rungit/rungit.go", "internal/rungit/session_other.go", "internal/rungit/session_unix.go",
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			switch name := strings.Trim(imported.Path.Value, `"`); {
			case name == "os/exec" && slices.Contains(runsPrograms, path):
			case name == "net/url", name == "net/netip": // They only take names apart.
			case name == "os/exec", name == "unsafe", name == "plugin", strings.HasPrefix(name, "net/"):
				t.Errorf("%s imports %s", path, name)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			name, _ := selector.X.(*ast.Ident)
			read := name != nil && name.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, selector.Sel.Name)
			if read && path != "cmd/meshfn/main.go" {
				t.Errorf("%s reads the environment", path)
			}
			if name != nil && name.Name == "net" && !strings.HasPrefix(selector.Sel.Name, "Parse") && !strings.HasPrefix(selector.Sel.Name, "IP") {
				t.Errorf("%s uses net.%s", path, selector.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
