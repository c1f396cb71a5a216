package item

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// awkward returns documents that tempt a line scanner to a wrong answer, by name.
func awkward(tb testing.TB) map[string]string {
	tb.Helper()
	files, err := filepath.Glob("testdata/awkward/*.yaml")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no awkward documents: %v", err)
	}
	documents := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for n, doc := range strings.Split(string(raw), "=====\n") {
			documents[fmt.Sprintf("%s/%d", strings.TrimSuffix(filepath.Base(file), ".yaml"), n)] = doc
		}
	}
	return documents
}

func TestIdentityOfAwkwardDocuments(t *testing.T) {
	for name, raw := range awkward(t) {
		t.Run(name, func(t *testing.T) { compareWithParser(t, []byte(raw)) })
	}
}

func FuzzIdentity(f *testing.F) {
	for _, raw := range awkward(f) {
		f.Add([]byte(raw))
	}
	f.Fuzz(compareWithParser)
}

// compareWithParser asks the outline for every field of a document, and for some that are absent, and holds the answers
// against the full parser's.
func compareWithParser(t *testing.T, raw []byte) {
	i := New(raw, Place{})
	root, err := i.Node()
	o := newOutline(raw)
	if err != nil || o == nil {
		return
	}
	for _, path := range append(paths(root, nil, 0), []string{"kind"}, []string{"metadata", "name"}, []string{"metadata", "labels", "app"}) {
		want, wantFound := scalarText(lookup(root, path))
		got, found, ok := o.get(path...)
		if ok && (got != want || found != wantFound) {
			t.Errorf("outline says %v is %q, %v; the parser says %q, %v\n%s", path, got, found, want, wantFound, raw)
		}
	}
}

// paths lists the paths of keys in a document.
func paths(n *yaml.Node, prefix []string, depth int) [][]string {
	if n.Kind != yaml.MappingNode || depth > 6 {
		return nil
	}
	var all [][]string
	for name, val := range fields(n) {
		path := append(append([]string{}, prefix...), name)
		all = append(all, path)
		all = append(all, paths(deref(val), path, depth+1)...)
	}
	return all
}

func TestIdentity(t *testing.T) {
	want := diag.Resource{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "prod", Name: "web"}
	for name, test := range map[string]struct {
		raw  string
		fast bool
	}{
		"plain": {fast: true, raw: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: prod\n"},
		"indented as a list entry": {
			fast: true,
			raw:  "  apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: web\n    namespace: prod\n",
		},
		"comments": {
			fast: true,
			raw:  "# a\napiVersion: apps/v1 # b\n# c\nkind: Deployment\nmetadata: # d\n# e\n    # f\n    name: web # g\n    namespace: prod\n# h\n",
		},
		"quoted": {
			fast: true,
			raw:  "apiVersion: \"apps/v1\"\nkind: 'Deployment'\nmetadata:\n  name: \"web\" # x\n  namespace: 'prod'",
		},
		"sorted keys":          {fast: true, raw: "apiVersion: apps/v1\ndata:\n  a: |\n    kind: Pod\nkind: Deployment\nmetadata:\n  name: web\n  namespace: prod\n"},
		"multi-line elsewhere": {fast: true, raw: "spec: \"a\nkind: Pod\nb\"\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: prod\n"},
		"flow":                 {raw: "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: prod}\n"},
		"json":                 {raw: `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "prod"}}`},
		"crlf":                 {raw: "apiVersion: apps/v1\r\nkind: Deployment\r\nmetadata:\r\n  name: web\r\n  namespace: prod\r\n"},
		"byte order mark":      {raw: "\ufeffapiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: prod\n"},
		"alias":                {raw: "x: &m {name: web, namespace: prod}\napiVersion: apps/v1\nkind: Deployment\nmetadata: *m\n"},
		"merge":                {raw: "x: &m {name: db, namespace: prod}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  <<: *m\n  name: web\n"},
		"quoted keys":          {raw: "\"apiVersion\": apps/v1\n'kind': Deployment\nmetadata:\n  \"name\": web\n  namespace: prod\n"},
		"block scalar":         {raw: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: |-\n    web\n  namespace: prod\n"},
		"tag":                  {raw: "apiVersion: !!str apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: prod\n"},
		"anchored value":       {raw: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: &n web\n  namespace: prod\nx: *n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			i := New([]byte(test.raw), Place{})
			if diff := cmp.Diff(want, i.Resource()); diff != "" {
				t.Errorf("Resource() (-want +got):\n%s", diff)
			}
			if i.Group() != "apps" {
				t.Errorf("Group() = %q, want apps", i.Group())
			}
			if parsed := i.parsed != nil; parsed == test.fast {
				t.Errorf("parsed = %v, want %v", parsed, !test.fast)
			}
		})
	}
}
