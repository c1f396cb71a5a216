package item

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

func lists(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/lists/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists: %v", err)
	}
	all := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(raw)
	}
	return all
}

func parseList(t *testing.T, raw string) *ResourceList {
	t.Helper()
	l, findings := ParseResourceList([]byte(raw))
	if len(findings) > 0 {
		t.Fatalf("ParseResourceList: %v", findings)
	}
	return l
}

func writeList(t *testing.T, l *ResourceList, items []*Item, results string) string {
	t.Helper()
	var out bytes.Buffer
	if err := l.Write(&out, items, []byte(results)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUntouchedListIsWrittenByteForByte(t *testing.T) {
	for name, raw := range lists(t) {
		t.Run(name, func(t *testing.T) {
			l := parseList(t, raw)
			if l.came == nil {
				t.Fatal("went through the full parser")
			}
			if diff := cmp.Diff(withoutResults(t, raw), writeList(t, l, l.Items, "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, i := range l.Items {
				if f := i.Check(); f != nil {
					t.Errorf("item %s: %v\n%s", i.Resource(), f.Message, i.Raw())
				}
			}
		})
	}
}

// withoutResults removes what Write replaces; in the test lists "results:" is marked by a comment in its line.
func withoutResults(t *testing.T, raw string) string {
	t.Helper()
	before, rest, found := strings.Cut(raw, "results: # dropped\n")
	if !found {
		return raw
	}
	for strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, " ") {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	return before + rest
}

// TestListReadByKustomize holds what is written, with items edited, generated and dropped, against what kustomize and
// kpt read with.
func TestListReadByKustomize(t *testing.T) {
	generated := New([]byte("# why\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made\ndata:\n  a: |\n    - apiVersion: v1\n\n    items:\n"), Place{})
	inFlow := New([]byte(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}}`), Place{})
	noBreak := New([]byte("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: unterminated\ndata:\n  a: |\n    text"), Place{})
	for name, raw := range lists(t) {
		t.Run(name, func(t *testing.T) {
			want := readItems(t, raw)
			l := parseList(t, raw)
			for n, i := range l.Items {
				if err := i.SetString([]string{"metadata", "labels", "added"}, "true"); err != nil {
					t.Fatal(err)
				}
				noError(t, want[n].PipeE(kyaml.SetLabel("added", "true")))
			}
			for _, i := range []*Item{generated, inFlow, noBreak} {
				l.Items = append(l.Items, i)
				node, err := kyaml.Parse(string(i.Raw()))
				noError(t, err)
				want = append(want, node)
			}
			out := writeList(t, l, l.Items, "- message: hello\n  severity: info\n")
			got := readItems(t, out)
			if diff := cmp.Diff(asJSON(t, want), asJSON(t, got)); diff != "" {
				t.Errorf("(-want +got):\n%s\nwritten:\n%s", diff, out)
			}
			reader := kio.ByteReader{Reader: strings.NewReader(out)}
			if _, err := reader.Read(); err != nil || reader.Results == nil || len(reader.Results.Content()) != 1 {
				t.Errorf("results: %v, %v", reader.Results, err)
			}
			again := parseList(t, out)
			if diff := cmp.Diff(withoutResults(t, strings.Replace(out, "results:\n", "results: # dropped\n", 1)),
				writeList(t, again, again.Items, "")); diff != "" {
				t.Errorf("reading and writing again (-want +got):\n%s", diff)
			}
		})
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readItems(t *testing.T, raw string) []*kyaml.RNode {
	t.Helper()
	reader := kio.ByteReader{Reader: strings.NewReader(raw), OmitReaderAnnotations: true, AnchorsAweigh: true}
	nodes, err := reader.Read()
	if err != nil {
		t.Fatalf("kustomize cannot read it: %v\n%s", err, raw)
	}
	return nodes
}

func asJSON(t *testing.T, nodes []*kyaml.RNode) []string {
	t.Helper()
	var all []string
	for _, node := range nodes {
		text, err := node.MarshalJSON()
		noError(t, err)
		all = append(all, string(text))
	}
	return all
}

func TestParseResourceList(t *testing.T) {
	const head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
	for name, test := range map[string]struct {
		raw    string
		names  string
		config string
		whole  bool
	}{
		"no items":         {raw: head},
		"items null":       {raw: head + "items:\n"},
		"items empty":      {raw: head + "items: [] # none\n"},
		"two":              {raw: head + "items:\n- kind: A\n  metadata:\n    name: a\n- kind: B\n  metadata:\n    name: b\n", names: "a b"},
		"indented":         {raw: head + "items:\n  - kind: A\n    metadata:\n      name: a\n  - metadata:\n      name: b\n", names: "a b"},
		"wide dashes":      {raw: head + "items:\n-   metadata:\n      name: a\n", names: "a"},
		"comment in dash":  {raw: head + "items:\n- # c\n  metadata:\n    name: a\n", names: "a"},
		"config":           {raw: head + "functionConfig:\n  metadata:\n    name: c\nitems:\n- metadata:\n    name: a\n", names: "a", config: "c"},
		"config in flow":   {raw: head + "items:\n- metadata:\n    name: a\nfunctionConfig: {metadata: {name: c}}\n", names: "a", config: "c"},
		"config null":      {raw: head + "functionConfig: null\nitems: []\n"},
		"anchor in item":   {raw: head + "items:\n- metadata: &m\n    name: a\n  x: *m\n- kind: B\n  metadata: &m\n    name: b\n  x: *m\n", names: "a b"},
		"anchor elsewhere": {raw: head + "items:\n- metadata: &m\n    name: a\n- metadata: *m\n", names: "a a", whole: true},
		"flow":             {raw: head + "items: [{metadata: {name: a}}, {metadata: {name: b}}]\n", names: "a b", whole: true},
		"json":             {raw: `{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [{"metadata": {"name": "a"}}], "functionConfig": {"metadata": {"name": "c"}}}`, names: "a", config: "c", whole: true},
		"crlf":             {raw: strings.ReplaceAll(head+"items:\n- metadata:\n    name: a\n", "\n", "\r\n"), names: "a", whole: true},
		"byte order mark":  {raw: "\ufeff" + head + "items:\n- metadata:\n    name: a\n", names: "a", whole: true},
		"document marker":  {raw: "---\n" + head + "items:\n- metadata:\n    name: a\n", names: "a", whole: true},
		"text at column 0": {raw: head + "items:\n- metadata:\n    name: a\n    x: \"\n- kind: Evil\nitems:\n\"\n", names: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			l := parseList(t, test.raw)
			if whole := l.came == nil; whole != test.whole {
				t.Errorf("went through the full parser: %v, want %v", whole, test.whole)
			}
			var names []string
			for _, i := range l.Items {
				names = append(names, i.Name())
			}
			if got := strings.Join(names, " "); got != test.names {
				t.Errorf("items = %q, want %q", got, test.names)
			}
			config := ""
			if l.FunctionConfig != nil {
				config = l.FunctionConfig.Name()
			}
			if config != test.config {
				t.Errorf("functionConfig = %q, want %q", config, test.config)
			}
			if l.APIVersion != "config.kubernetes.io/v1" || l.Kind != "ResourceList" {
				t.Errorf("apiVersion %q, kind %q", l.APIVersion, l.Kind)
			}
			if len(l.Items) > 0 {
				out := writeList(t, l, l.Items, "[]")
				if diff := cmp.Diff(asJSON(t, readItems(t, test.raw)), asJSON(t, readItems(t, out))); diff != "" {
					t.Errorf("after writing (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestParseResourceListRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		raw  string
		code diag.Code
		text string
	}{
		"nothing":          {"", diag.NoInput, "empty"},
		"comments":         {"# a\n\n", diag.NoInput, "empty"},
		"manifest":         {"apiVersion: v1\nkind: Service\n", diag.UnknownKind, `"Service"`},
		"manifests":        {"apiVersion: v1\nkind: Service\n---\nkind: Pod\n", diag.UnknownKind, `"Service"`},
		"list":             {"apiVersion: v1\nkind: List\nitems: []\n", diag.UnknownKind, `"List"`},
		"not yaml":         {"kind: ResourceList\nitems: [\n", diag.NotYAML, "line 2 of the input"},
		"a sequence":       {"- a\n", diag.NotYAML, "a list, not a mapping"},
		"items no list":    {"kind: ResourceList\nitems: {}\n", diag.NotYAML, "a mapping, not a list"},
		"items twice":      {"kind: ResourceList\nitems: []\nitems: []\n", diag.DuplicateKey, `"items"`},
		"two lists":        {"kind: ResourceList\nitems: []\n---\nkind: ResourceList\n", diag.NotYAML, "second document"},
		"after the marker": {"--- {kind: ResourceList}\n", diag.NotYAML, "separator"},
	} {
		t.Run(name, func(t *testing.T) {
			l, findings := ParseResourceList([]byte(test.raw))
			if l != nil || len(findings) != 1 || findings[0].Code != test.code || !strings.Contains(findings[0].Message, test.text) {
				t.Errorf("got %v, %+v; want %s with %q", l, findings, test.code, test.text)
			}
		})
	}
}

func TestCommentsBelongToTheFollowingItem(t *testing.T) {
	raw := "kind: ResourceList\nitems: # all\n# one\n- kind: A\n  # inside one\n\n# two\n\n- kind: B\n# config\nfunctionConfig:\n  kind: C\n"
	l := parseList(t, raw)
	want := "kind: ResourceList\nitems: # all\n# two\n\n- kind: B\n# one\n- kind: A\n  # inside one\n\n# config\nfunctionConfig:\n  kind: C\n"
	if diff := cmp.Diff(want, writeList(t, l, []*Item{l.Items[1], l.Items[0]}, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListPlaces(t *testing.T) {
	raw := "kind: ResourceList\nitems:\n- kind: A\n  metadata:\n    annotations:\n      internal.config.kubernetes.io/path: 'a/b.yaml'\n" +
		"      internal.config.kubernetes.io/index: '3'\n- kind: B\n"
	l := parseList(t, raw)
	want := []Place{{File: "a/b.yaml", Index: 3}, {Index: 1}}
	if diff := cmp.Diff(want, []Place{l.Items[0].Place(), l.Items[1].Place()}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
