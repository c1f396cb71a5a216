package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	goyaml "go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestMain makes the test binary a function when it is run as one, so that no test needs another program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "function" {
		os.Exit(function(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// function annotates every item with the configurations that ran over it. What the configuration says under spec.test
// makes it fail in one of the ways a function can.
func function(args []string) int {
	var list struct {
		APIVersion     string           `yaml:"apiVersion"`
		Kind           string           `yaml:"kind"`
		Items          []map[string]any `yaml:"items"`
		FunctionConfig map[string]any   `yaml:"functionConfig"`
	}
	if err := goyaml.NewDecoder(os.Stdin).Decode(&list); err != nil {
		return 3
	}
	name := fmt.Sprint(list.FunctionConfig["kind"], "/", list.FunctionConfig["metadata"].(map[string]any)["name"])
	finding := diag.Finding{Code: "MF9999", Severity: diag.Info, Message: fmt.Sprintf("%s: %d items", name, len(list.Items))}
	spec, _ := list.FunctionConfig["spec"].(map[string]any)
	switch spec["test"] {
	case "fail":
		finding.Severity = diag.Error
	case "crash":
		return 2
	case "identity":
	case "name":
		for _, item := range list.Items {
			annotate(item, name)
		}
	case "silent":
		args = nil
	default:
		seen, err := json.Marshal(withoutFunction(list.FunctionConfig))
		if err != nil {
			return 3
		}
		for _, item := range list.Items {
			annotate(item, name+string(seen))
		}
	}
	if len(args) == 2 && args[0] == "--report" {
		report, err := json.Marshal(diag.List{finding})
		if err != nil || os.WriteFile(args[1], report, 0o600) != nil {
			return 3
		}
	}
	out, err := goyaml.Marshal(list)
	if err != nil {
		return 3
	}
	_, _ = os.Stdout.Write(out)
	if finding.Severity == diag.Error {
		return 1
	}
	return 0
}

// withoutFunction is a configuration without the annotation that has to differ from what kustomize hands over, and
// without kustomize's own notes about a configuration that a directory among the entries built.
func withoutFunction(configuration map[string]any) map[string]any {
	annotations := configuration["metadata"].(map[string]any)["annotations"].(map[string]any)
	for name := range annotations {
		if strings.HasSuffix(name, "/function") || strings.HasPrefix(name, "internal.") ||
			name == "alpha.config.kubernetes.io/transformations" {
			delete(annotations, name)
		}
	}
	return configuration
}

func annotate(item map[string]any, name string) {
	metadata := item["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
	}
	ran, _ := annotations["ran"].(string)
	annotations["ran"] = strings.TrimSpace(ran + " " + name)
	metadata["annotations"] = annotations
}

// world is a directory with a tree, around which every program that could be run instead of meshfn leaves a trace.
type world struct {
	touched  string
	listener *net.TCPListener
	git      string // empty where nothing may be fetched
	several  bool   // the tree is about how runs follow each other, not about what they do
}

// enter makes a new world the working directory and fills it with the files of an archive. One whose comment speaks of
// several runs may let meshfn run over what it has generated, which is refused otherwise.
func enter(t *testing.T, archive *txtar.Archive) *world {
	t.Helper()
	outside := t.TempDir()
	w := &world{
		touched: filepath.Join(outside, "touched"),
		several: strings.Contains(string(archive.Comment), "several runs"),
	}
	canary := "#!/bin/sh\necho \"$0 $*\" >>" + w.touched + "\n"
	for _, program := range []string{
		"bin/git", "bin/helm", "bin/helmV3", "bin/docker", "bin/podman", "bin/evil",
		"plugins/example.com/v1/evil/Evil", "plugins/meshfn.dev/v1alpha1/mesh/Mesh",
	} {
		write(t, filepath.Join(outside, program), canary, 0o755)
	}
	t.Setenv("PATH", filepath.Join(outside, "bin"))
	t.Setenv("KUSTOMIZE_PLUGIN_HOME", filepath.Join(outside, "plugins"))
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	w.listener = listener
	tree := t.TempDir()
	t.Chdir(tree)
	if err := os.Symlink(self(t), filepath.Join(outside, "meshfn")); err != nil {
		t.Fatal(err)
	}
	replace := strings.NewReplacer(
		"CANARY", filepath.Join(tree, "canary.sh"),
		"MESHFN", filepath.Join(outside, "meshfn"),
		"SERVER", listener.Addr().String(),
	)
	write(t, "canary.sh", canary, 0o755)
	for _, file := range archive.Files {
		if file.Name == "want" {
			continue
		}
		if target, isLink := strings.CutPrefix(string(file.Data), "link: "); isLink {
			link(t, file.Name, strings.TrimSpace(target))
			continue
		}
		write(t, file.Name, replace.Replace(string(file.Data)), 0o644)
	}
	return w
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, path, target string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func options(t *testing.T, dir string) Options {
	t.Helper()
	return Options{Dir: dir, Self: self(t), SelfArgs: []string{"function", "--report", "{report}"}}
}

// build runs a build and checks that no other program was run, nothing fetched, and nothing left behind.
func (w *world) build(t *testing.T, dir string) (*Result, diag.List) {
	t.Helper()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	o := options(t, dir)
	o.Git, o.severalRuns = w.git, w.several
	if w.git != "" {
		o.Root = "/" // Repositories of other tests lie elsewhere on this machine.
	}
	result, findings, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if traces := w.traces(t); traces != "" {
		t.Errorf("the build did more than run meshfn:\n%s", traces)
	}
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, private := range []string{self(t), entryPrefix, remotePrefix, temporary} {
		if bytes.Contains(result.YAML, []byte(private)) {
			t.Errorf("the output names %q, which only this build knows:\n%s", private, result.YAML)
		}
	}
	return result, findings
}

// traces tells which programs were run, and whether somebody called the server.
func (w *world) traces(t *testing.T) string {
	t.Helper()
	trace, err := os.ReadFile(w.touched)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := w.listener.SetDeadline(time.Now().Add(5 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if connection, err := w.listener.Accept(); err == nil {
		_ = connection.Close()
		trace = append(trace, "a call of the server\n"...)
	}
	return string(trace)
}

// dirOf is the directory to build: the archive's comment says "dir: <path>", otherwise the root.
func dirOf(archive *txtar.Archive) string {
	for line := range strings.Lines(string(archive.Comment)) {
		if dir, ok := strings.CutPrefix(line, "dir: "); ok {
			return strings.TrimSpace(dir)
		}
	}
	return "."
}

// archives reads the archives of a directory of testdata, by path.
func archives(t *testing.T, dir string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	all := map[string]*txtar.Archive{}
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		if all[path], err = txtar.ParseFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
