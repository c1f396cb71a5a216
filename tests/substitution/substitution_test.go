package substitution

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/envsubst"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"
)

// program is meshfn, built once.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "substitution")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "meshfn")
	build := exec.Command("go", "build", "-o", program, "./fn/cmd/meshfn")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// clusters are values as two clusters could have them. None of them is a sample.
func clusters() map[string]map[string]string {
	return map[string]map[string]string{
		"defaults": {
			"DOMAIN": "shop.eu.example.com", "NS": "shop-eu", "REVISION": "canary", "TAG": "1", "OWNER": "web",
			"SHOP_HOST": "shop.example.net", "PAY_HOST": "pay.eu", "REGION": "us", "HOME": "never",
		},
		"everything": {
			"DOMAIN": "a.rather.long.name.of.a.domain.example.com", "NS": "ns-1", "REVISION": "1-31-2", "TAG": "2", "OWNER": "nobody",
			"SHOP_HOST": "s.example.net", "PAY_HOST": "the.host.for.payments.example.org", "REGION": "ap-southeast-2",
			"CLUSTER": "ap-southeast-2", "REPLICAS": "7", "HOME": "never",
		},
	}
}

// TestFilledIn holds that the output of each scenario with variables, once Flux has filled them in, is what a build gives of the
// documents with the values in them, for values that no build saw.
func TestFilledIn(t *testing.T) {
	paths, err := filepath.Glob("../scenarios/substitute_*.txtar")
	if err != nil || len(paths) < 3 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range append(paths, "testdata/substitute_namespace.txtar") {
		if strings.Contains(path, "escape") { // Its text would be a variable to the build of what is filled in.
			continue
		}
		input := inputOf(t, path)
		for name, values := range clusters() {
			t.Run(filepath.Base(path)+"/"+name, func(t *testing.T) { filledIn(t, input, values) })
		}
	}
}

func filledIn(t *testing.T, input string, values map[string]string) {
	written := render(t, input)
	if !strings.Contains(written, "${") {
		t.Fatal("the output has no variable")
	}
	got, renamed := objects(t, fill(t, written, values)), names(t, written, values)
	want := objects(t, renamed.Replace(render(t, fill(t, input, values))))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(- a build of what is filled in, + filled into the output)\n%s", diff)
	}
	if len(got) < 3 {
		t.Errorf("there are only %d objects", len(got))
	}
}

// TestEscaped holds that two dollar signs are one in the end.
func TestEscaped(t *testing.T) {
	filled := fill(t, render(t, inputOf(t, "../scenarios/substitute_escape.txtar")), map[string]string{"HOME": "never"})
	if want := "${HOME} for $5 at eu"; !strings.Contains(filled, want) {
		t.Errorf("there is no %q in\n%s", want, filled)
	}
}

// inputOf is the input of a scenario, as one stream.
func inputOf(t *testing.T, path string) string {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range archive.Files {
		if !strings.HasPrefix(file.Name, "out/") {
			all = append(all, string(file.Data))
		}
	}
	return strings.Join(all, "---\n")
}

func render(t *testing.T, input string) string {
	t.Helper()
	command := exec.Command(program, "render", "-")
	command.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, stderr.String(), input)
	}
	return string(out)
}

// fill does to each object what the controller of Flux does: its text is filled in, and read again.
func fill(t *testing.T, stream string, values map[string]string) string {
	t.Helper()
	var all []string
	for document := range strings.SplitSeq(stream, "---\n") {
		if strings.Contains(document, "kind: ConfigMap") { // It has a script, with variables of its own.
			continue
		}
		filled, err := envsubst.Eval(document, func(name string) (string, bool) { return values[name], true })
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		all = append(all, filled)
	}
	return strings.Join(all, "---\n")
}

// objects are the documents of a stream, by what they are called.
func objects(t *testing.T, stream string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for document := range strings.SplitSeq(stream, "---\n") {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		metadata, _ := object["metadata"].(map[string]any)
		all[fmt.Sprint(object["kind"], " ", metadata["namespace"], "/", metadata["name"])] = object
	}
	return all
}

var (
	hosted = regexp.MustCompile(`(?m)^  name: (\S+)\n(?:.*\n)*?  (?:- )?hosts:\n *- '?([^'\n]+)'?$`)
	dashes = strings.NewReplacer("*", "wildcard", ".", "-")
)

// names replaces the names that objects have by their hosts, by those that they have everywhere.
func names(t *testing.T, written string, values map[string]string) *strings.Replacer {
	t.Helper()
	var pairs []string
	for document := range strings.SplitSeq(written, "---\n") {
		found := hosted.FindStringSubmatch(document)
		if found == nil || !strings.Contains(found[2], "${") {
			continue
		}
		host, err := envsubst.Eval(found[2], func(name string) (string, bool) { return values[name], true })
		if err != nil {
			t.Fatal(err)
		}
		by := dashes.Replace(host)
		if strings.HasPrefix(found[1], "public-") {
			by = "public-" + by
		}
		pairs = append(pairs, ": "+by+"\n", ": "+found[1]+"\n", "- "+by+"\n", "- "+found[1]+"\n")
	}
	return strings.NewReplacer(pairs...)
}
