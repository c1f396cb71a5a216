package tests

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// patience is far beyond what any input here needs; only a hang reaches it.
const patience = time.Minute

const goodMesh = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec: {}\n"

// hostile are inputs that break YAML tools. Each has the code that has to be among the findings; an empty code means that
// the input is odd and fine.
func hostile() map[string]struct{ text, code string } {
	return map[string]struct{ text, code string }{
		"binary junk":             {"\x00\x01\x02\xff\xfe" + strings.Repeat("\x80\x00", 500), "MF0001"},
		"invalid utf-8":           {goodMesh + "---\nkind: \xff\xfe\n", "MF0001"},
		"no closing bracket":      {"kind: [Mesh\n", "MF0001"},
		"tab as indentation":      {"kind: Mesh\nspec:\n\tservices: {}\n", "MF0001"},
		"text, not a mapping":     {"hello\n", "MF0001"},
		"a list at the top":       {"- a\n- b\n", "MF0001"},
		"duplicate key":           {goodMesh + "kind: Mesh\n", "MF0004"},
		"duplicate service":       {strings.Replace(goodMesh, "spec: {}", "spec:\n  services:\n    web: {}\n    web: {}", 1), "MF0004"},
		"deep flow":               {"a: " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n", ""},
		"deep block":              {deepBlock(2_000), "MF0003"},
		"a document of 10 MB":     {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n  a: " + strings.Repeat("x", 10<<20) + "\n", "MF0002"},
		"a 10 MB Mesh":            {manyServices(200_000), "MF0002"},
		"alias bomb":              {aliasBomb(goodMesh), ""},
		"alias of itself":         {"a: &a [*a]\n", ""},
		"unknown anchor":          {"a: *nothing\n", "MF0001"},
		"anchors in a Mesh":       {strings.Replace(goodMesh, "spec: {}", "spec:\n  defaults: &d\n    sidecar: true\n", 1), ""},
		"windows line endings":    {strings.ReplaceAll(goodMesh, "\n", "\r\n"), ""},
		"byte order mark":         {"\ufeff" + goodMesh, ""},
		"utf-16":                  {"\xff\xfek\x00i\x00n\x00d\x00", "MF0001"},
		"only comments":           {"# nothing\n---\n# here\n", "MF0011"},
		"empty":                   {"", "MF0011"},
		"separators only":         {"---\n---\n---\n", "MF0011"},
		"many documents":          {strings.Repeat("---\na: b\n", 20_000), ""},
		"spec is text":            {strings.Replace(goodMesh, "spec: {}", "spec: web", 1), "MF0006"},
		"services is a list":      {strings.Replace(goodMesh, "spec: {}", "spec: {services: [web]}", 1), "MF0006"},
		"unknown kind of ours":    {strings.Replace(goodMesh, "kind: Mesh", "kind: Mess", 1), "MF0008"},
		"unknown version of ours": {strings.Replace(goodMesh, "v1alpha1", "v9", 1), "MF0009"},
		"a Service that is none":  {"apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: [1]\n", "MF0017"},
		"huge port":               {"apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n", "MF0017"},
		"names that are numbers":  {strings.Replace(goodMesh, "name: shop", "name: 5", 1), "MF0006"},
		"very long key":           {strings.Replace(goodMesh, "spec: {}", "spec: {"+strings.Repeat("k", 1_000)+": 1}", 1), "MF0005"},
		"percent signs":           {strings.Replace(goodMesh, "spec: {}", "spec: {'%s%d%n': 1}", 1), "MF0005"},
		"terminal escapes":        {strings.Replace(goodMesh, "spec: {}", `spec: {"\e[31m": 1}`, 1), "MF0005"},
	}
}

func deepBlock(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyServices(n int) string {
	var b strings.Builder
	b.WriteString("apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec:\n  services:\n")
	for i := range n {
		fmt.Fprintf(&b, "    service-%d: {timeout: 5s, sidecar: true, retries: {attempts: 1}}\n", i)
	}
	return b.String()
}

// aliasBomb would be a billion values if its aliases were expanded.
func aliasBomb(document string) string {
	var b strings.Builder
	b.WriteString(document + "x0: &x0 [a, b, c, d, e, f, g, h, i, j]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "x%d: &x%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9)+fmt.Sprintf("*x%d", i-1))
	}
	return b.String()
}

// TestHostileInput runs each input as a file, on standard input and inside a kustomization. Whatever happens: it ends, it
// does not panic, and with an error nothing is written.
func TestHostileInput(t *testing.T) {
	for name, input := range hostile() {
		t.Run(name, func(t *testing.T) {
			inDirectory(t, map[string]string{"in/input.yaml": input.text})
			for _, args := range [][]string{{"render", "in/input.yaml"}, {"render", "-"}, {"render", "in"}} {
				judge(t, args, input.code, bounded(t, input.text, args...))
			}
		})
	}
}

func bounded(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	done := make(chan outcome, 1)
	go func() { done <- run(t, stdin, args...) }()
	select {
	case got := <-done:
		return got
	case <-time.After(patience):
		t.Fatalf("%v did not end", args)
		return outcome{}
	}
}

func judge(t *testing.T, args []string, code string, got outcome) {
	t.Helper()
	if got.code == 1 && got.stdout != "" {
		t.Errorf("%v: output in spite of an error", args)
	}
	if got.code > 1 {
		t.Errorf("%v: exit code %d:\n%.2000s", args, got.code, got.stderr)
	}
	if code != "" && (got.code != 1 || !strings.Contains(got.stderr, "["+code+"]")) {
		t.Errorf("%v: exit code %d, and %s is not among:\n%.2000s", args, got.code, code, got.stderr)
	}
	if strings.ContainsAny(got.stderr, "\x1b\x00") {
		t.Errorf("%v: control characters reach the terminal", args)
	}
	if len(got.stderr) > 64<<10 {
		t.Errorf("%v: %d bytes of findings", args, len(got.stderr))
	}
}

// TestHugeFile holds that a file is refused as a whole when it is too large, rather than read in part.
func TestHugeFile(t *testing.T) {
	document := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n  a: " + strings.Repeat("x", 1<<20) + "\n---\n"
	inDirectory(t, map[string]string{"huge.yaml": strings.Repeat(document, 17)})
	judge(t, []string{"render", "huge.yaml"}, "MF0002", bounded(t, "", "render", "huge.yaml"))
}

// TestHostileFiles are the same inputs as a resource of a kustomization, which must not reach kustomize's own parser first.
func TestHostileFiles(t *testing.T) {
	for name, input := range hostile() {
		t.Run(name, func(t *testing.T) {
			inDirectory(t, map[string]string{
				"input.yaml":         input.text,
				"fn.yaml":            goodMesh + "",
				"kustomization.yaml": "resources: [input.yaml]\ntransformers: [fn.yaml]\n",
			})
			got := bounded(t, "", "build", ".")
			if got.code > 1 {
				t.Errorf("exit code %d:\n%.2000s", got.code, got.stderr)
			}
			if got.code == 1 && got.stdout != "" {
				t.Error("output in spite of an error")
			}
		})
	}
}

// TestHostileFunction are the same inputs where a host would hand over a ResourceList.
func TestHostileFunction(t *testing.T) {
	for name, input := range hostile() {
		t.Run(name, func(t *testing.T) {
			if got := bounded(t, input.text); got.code == 0 && !strings.Contains(input.text, "ResourceList") {
				t.Errorf("it was taken for a ResourceList:\n%.500s", got.stdout)
			}
			indented := strings.TrimSuffix(strings.ReplaceAll(input.text, "\n", "\n  "), "  ")
			list := "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- " + indented
			got := bounded(t, list)
			if got.code > 1 {
				t.Errorf("exit code %d:\n%.2000s", got.code, got.stderr)
			}
		})
	}
}

// FuzzRender looks for input that panics, hangs, gives output together with an error, or comes out otherwise the second
// time. Its seeds are the corpora: hostile input, errors, silence and scenarios.
func FuzzRender(f *testing.F) {
	for _, input := range hostile() {
		if len(input.text) < 64<<10 {
			f.Add([]byte(input.text))
		}
	}
	for _, dir := range []string{"errors", "ok", "scenarios"} {
		addCorpus(f, dir)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := run(t, string(text), "render", "-")
		if got.code > 1 {
			t.Fatalf("exit code %d: %s", got.code, got.stderr)
		}
		if got.code == 1 && got.stdout != "" {
			t.Fatal("output in spite of an error")
		}
		if again := run(t, string(text), "render", "-"); again != got {
			t.Fatal("two runs differ")
		}
	})
}

// addCorpus adds the input of each file below a directory.
func addCorpus(f *testing.F, dir string) {
	f.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		f.Fatalf("no corpus in %s: %v", dir, err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(dir + "/" + entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		if archive := txtar.Parse(text); len(archive.Files) > 0 {
			var inputs []string
			for _, name := range slices.Sorted(maps.Keys(inputsOf(archive))) {
				inputs = append(inputs, inputsOf(archive)[name])
			}
			text = []byte(strings.Join(inputs, "---\n"))
		}
		f.Add(text)
	}
}
