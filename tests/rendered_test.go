package tests

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const renderedIndex = "meshfn.sha256"

// renderedServices is an application whose every object differs between two values of a timeout.
func renderedServices(timeout string) string {
	var out strings.Builder
	for i := range 30 {
		fmt.Fprintf(&out, "apiVersion: v1\nkind: Service\nmetadata: {name: web-%d, namespace: shop, annotations: {timeout: %s}}\nspec: {ports: [{name: http, port: 80}]}\n---\n", i, timeout)
	}
	fmt.Fprintf(&out, "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, namespace: shop}\nspec: {defaults: {timeout: %s}}\n", timeout)
	return out.String()
}

// TestRenderedKilled kills the program at any moment, many times, while somebody reads the directory. Every reading that begins
// and ends with the same index is of one version, whole; and the last run, which nobody kills, leaves nothing else behind.
func TestRenderedKilled(t *testing.T) {
	inDirectory(t, map[string]string{"old.yaml": renderedServices("1s"), "new.yaml": renderedServices("2s")})
	if got := run(t, "", "rendered", "shop=old.yaml", "-o", "out"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	if err := os.WriteFile("out/shop/NOTES", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	read := make(chan error, 1)
	whole := 0
	go func() { read <- reads(ctx, "out/shop", &whole) }()
	started := time.Now()
	if got := run(t, "", "rendered", "shop=new.yaml", "-o", "out"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	takes := time.Since(started) + 50*time.Millisecond
	for i := range 40 {
		killed(t, time.Duration(rand.Int64N(int64(takes))), []string{"old.yaml", "new.yaml"}[i%2])
	}
	if got := run(t, "", "rendered", "shop=old.yaml", "-o", "out"); got.code != 0 {
		t.Error(got.stderr)
	}
	stop()
	if err := <-read; err != nil {
		t.Error(err)
	}
	if whole < 10 {
		t.Errorf("only %d readings were of one version", whole)
	}
	if _, err := os.Lstat("out/.meshfn-rendered"); err == nil {
		t.Error("something is left of the runs that were killed")
	}
	if text, err := os.ReadFile("out/shop/NOTES"); err != nil || string(text) != "mine" {
		t.Errorf("the file of somebody else is %q, %v", text, err)
	}
}

// killed starts the real program and kills it after a while.
func killed(t *testing.T, after time.Duration, app string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self, "rendered", "shop="+app, "-o", "out")
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = command.Process.Kill()
	if err := command.Wait(); err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

// reads looks at a directory over and over. Each version has an index of its own, so the same one at both ends means that nothing
// changed in between.
func reads(ctx context.Context, dir string, whole *int) error {
	index := filepath.Join(dir, renderedIndex)
	for ctx.Err() == nil {
		first, err := os.Stat(index)
		text, err2 := os.ReadFile(index)
		if err = errors.Join(err, err2); err != nil {
			return fmt.Errorf("there is a moment without the directory: %w", err)
		}
		wrong := against(dir, string(text))
		second, err := os.Stat(index)
		switch {
		case err != nil:
			return fmt.Errorf("there is a moment without the directory: %w", err)
		case !os.SameFile(first, second) || !first.ModTime().Equal(second.ModTime()):
		case wrong != nil:
			return wrong
		default:
			*whole++
		}
	}
	return nil
}

// against compares a directory with an index.
func against(dir, index string) error {
	listed := map[string]bool{renderedIndex: true, "NOTES": true}
	for line := range strings.Lines(index) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		listed[name] = true
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != sum {
			return fmt.Errorf("%s is of another version", name)
		}
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if !listed[entry.Name()] {
			return fmt.Errorf("%s is not in the index", entry.Name())
		}
	}
	return err
}

// TestRenderedIsTheBuild holds that the directory of each example, read as Argo CD, Flux and kubectl read a directory, is what
// the build prints, and nothing more: the index is not applied.
func TestRenderedIsTheBuild(t *testing.T) {
	examples, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	dirs := []string{"quickstart", "versions", "workers", "overlay/prod", "shop/app", "platform/shop", "platform/billing", "platform/stock/us"}
	t.Chdir(t.TempDir())
	args := []string{"rendered", "-o", "out"}
	for _, dir := range dirs {
		args = append(args, dir+"="+filepath.Join(examples, dir))
	}
	if got := run(t, "", args...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	for _, dir := range dirs {
		built := documents(run(t, "", "build", filepath.Join(examples, dir)).stdout)
		if len(built) == 0 {
			t.Errorf("%s builds nothing", dir)
		}
		slices.Sort(built)
		for reader, pattern := range readers {
			if diff := cmp.Diff(built, readAs(t, filepath.Join("out", dir), pattern)); diff != "" {
				t.Errorf("%s reads other documents in %s (- built, + read):\n%s", reader, dir, diff)
			}
		}
		whole := filesys.MakeFsInMemory()
		if err := whole.WriteFile("all.yaml", []byte(strings.Join(built, "---\n"))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(kustomized(t, whole, "all.yaml"), generated(t, filepath.Join("out", dir))); diff != "" {
			t.Errorf("kustomize makes something else of the files of %s:\n%s", dir, diff)
		}
	}
}

// readers are what each program takes for a manifest in a directory.
var readers = map[string]*regexp.Regexp{
	// https://github.com/argoproj/argo-cd/blob/v3.5.7/reposerver/repository/repository.go: manifestFile
	"Argo CD": regexp.MustCompile(`^.*\.(yaml|yml|json|jsonnet)$`),
	// https://github.com/fluxcd/pkg/blob/kustomize/v1.41.0/kustomize/kustomize_generator.go: generateKustomization
	"Flux": regexp.MustCompile(`^.*\.(yaml|yml)$`),
	// https://github.com/kubernetes/cli-runtime/blob/v0.36.1/pkg/resource/builder.go: FileExtensions
	"kubectl": regexp.MustCompile(`^.*\.(json|yaml|yml)$`),
}

func readAs(t *testing.T, dir string, pattern *regexp.Regexp) []string {
	t.Helper()
	var read []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !pattern.MatchString(entry.Name()) {
			return err
		}
		text, err := os.ReadFile(path)
		read = append(read, documents(string(text))...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(read)
	return read
}

// generated is what the real kustomize makes of a directory with the kustomization that Flux generates where there is none.
func generated(t *testing.T, dir string) string {
	t.Helper()
	memory := filesys.MakeFsInMemory()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err = errors.Join(err, memory.WriteFile(entry.Name(), text)); err != nil {
			t.Fatal(err)
		}
		if readers["Flux"].MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return kustomized(t, memory, names...)
}

// kustomized is what the real kustomize makes of files, in an order that does not depend on theirs.
func kustomized(t *testing.T, memory filesys.FileSystem, names ...string) string {
	t.Helper()
	text := "resources: [" + strings.Join(names, ", ") + "]\nsortOptions: {order: legacy}\n"
	if err := memory.WriteFile("kustomization.yaml", []byte(text)); err != nil {
		t.Fatal(err)
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(memory, ".")
	if err != nil {
		t.Fatal(err)
	}
	out, err := built.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
