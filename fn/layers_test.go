// Package fn holds the import policy of the product. It is a statement of policy: change it only when the architecture
// changes, never to make a build pass.
package fn

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/meshfn/meshfn/"

// policy says for each package which packages of this module it may import. Stages never import each other; they share
// the API and the data packages, and only expand knows their order.
const policy = `
api/v1alpha1:

# Data.
internal/diag:
internal/item:          internal/diag
internal/facts:         internal/diag internal/item
internal/joining:       internal/diag internal/facts
internal/spec:          api/v1alpha1 internal/diag internal/facts internal/item
internal/manifest:      internal/diag internal/item
internal/strict:        internal/diag
internal/releases:      internal/diag
internal/substitute:    api/v1alpha1 internal/diag internal/item
internal/cluster:       internal/diag internal/item internal/facts internal/spec internal/manifest internal/releases internal/strict

# Stages.
internal/read:          api/v1alpha1 internal/diag internal/item internal/facts internal/spec
internal/resolve:       api/v1alpha1 internal/diag internal/facts internal/releases internal/spec
internal/plan:          api/v1alpha1 internal/diag internal/facts internal/joining internal/spec
internal/render/istio:  api/v1alpha1 internal/diag internal/facts internal/spec internal/plan internal/manifest internal/strict
internal/check:         api/v1alpha1 internal/diag internal/facts internal/item internal/manifest internal/releases internal/strict internal/cluster internal/check/calls internal/check/extensions internal/check/gateways internal/check/guard internal/check/injection internal/check/limits internal/check/policies internal/check/routing internal/check/scope internal/check/services
internal/check/calls:   api/v1alpha1 internal/diag internal/facts internal/spec internal/cluster internal/check/routing
internal/check/extensions: internal/diag internal/facts internal/item internal/cluster
internal/check/gateways:   internal/diag internal/facts internal/item internal/spec internal/cluster
internal/check/guard:      internal/diag internal/facts internal/item internal/spec internal/cluster
internal/check/injection:  internal/diag internal/facts internal/item internal/joining internal/cluster
internal/check/limits:     internal/diag internal/facts internal/manifest internal/cluster internal/check/routing
internal/check/policies:   internal/diag internal/facts internal/item internal/cluster
internal/check/routing:    internal/diag internal/facts internal/item internal/cluster
internal/check/scope:      internal/diag internal/facts internal/item internal/spec internal/cluster
internal/check/services:   internal/diag internal/facts internal/item internal/joining internal/cluster
internal/write:         internal/item internal/manifest

# The pipeline, and what proposes its first input.
internal/catalog:       api/v1alpha1 internal/cluster internal/facts internal/spec
internal/expand:        api/v1alpha1 internal/catalog internal/cluster internal/diag internal/facts internal/item internal/spec internal/substitute internal/manifest internal/read internal/resolve internal/plan internal/render/istio internal/check internal/write
internal/explain:       api/v1alpha1 internal/diag internal/spec internal/plan internal/manifest
internal/compare:       internal/diag internal/compare/changes internal/compare/objects internal/compare/side internal/compare/transition
internal/compare/side:       api/v1alpha1 internal/cluster internal/diag internal/explain internal/item
internal/compare/fields:     internal/diag
internal/compare/changes:    api/v1alpha1 internal/cluster internal/compare/fields internal/compare/objects internal/compare/side internal/diag internal/explain internal/facts internal/item internal/spec
internal/compare/objects:    api/v1alpha1 internal/compare/fields internal/compare/side internal/diag internal/item
internal/compare/transition: api/v1alpha1 internal/cluster internal/compare/side internal/diag internal/explain internal/facts internal/item
internal/propose:       api/v1alpha1 internal/diag internal/facts internal/item internal/joining internal/read

# Doors, and what they may read.
internal/reach:         internal/diag
internal/krm:           api/v1alpha1 internal/diag internal/item internal/expand internal/explain internal/locate
internal/build:         api/v1alpha1 internal/diag internal/item internal/reach internal/rungit
internal/files:         internal/diag internal/item internal/reach
internal/revision:      internal/rungit
internal/rungit:
internal/locate:        internal/diag internal/item
internal/rendered:

# The command line.
cli:                    api/v1alpha1 internal/build internal/catalog internal/check internal/compare internal/compare/side internal/diag internal/expand internal/explain internal/files internal/item internal/krm internal/locate internal/propose internal/reach internal/rendered internal/revision internal/write schemas
cmd/meshfn:             cli

# Documentation.
internal/diag/reference: cli internal/diag
`

func TestLayers(t *testing.T) {
	allowed := parsePolicy(t)
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		seen[pkg] = true
		for _, imported := range importsOf(t, path) {
			if !slices.Contains(allowed[pkg], imported) {
				t.Errorf("%s: package %s may not import %s", path, pkg, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range seen {
		if _, ok := allowed[pkg]; !ok {
			t.Errorf("package %s is not in the policy", pkg)
		}
	}
	for pkg := range allowed {
		if !seen[pkg] {
			t.Errorf("package %s of the policy does not exist", pkg)
		}
	}
}

func parsePolicy(t *testing.T) map[string][]string {
	t.Helper()
	allowed := map[string][]string{}
	for line := range strings.SplitSeq(policy, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		pkg, imports, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("bad line in the policy: %q", line)
		}
		allowed[pkg] = strings.Fields(imports)
	}
	return allowed
}

// importsOf lists what a file imports of this module: below fn without the prefix, and schemas.
func importsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var imports []string
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if local, ok := strings.CutPrefix(name, module); ok {
			imports = append(imports, strings.TrimPrefix(local, "fn/"))
		}
	}
	return imports
}
