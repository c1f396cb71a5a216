package build

import (
	"bytes"
	"encoding/json"
	"flag"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the want files of testdata")

// TestSameAsKustomize builds trees whose function is an executable, which the archive names MESHFN, with kustomize
// itself and with this package. The want file holds the runs of the function.
func TestSameAsKustomize(t *testing.T) {
	for path, archive := range archives(t, "same") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			w := enter(t, archive)
			result, findings := w.build(t, dirOf(archive))
			if len(findings) > 0 {
				t.Fatal(text(t, result, findings))
			}
			built, err := kustomize(dirOf(archive))
			if err != nil {
				t.Fatal(err)
			}
			want, err := built.AsYaml()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(result.YAML)); diff != "" {
				t.Errorf("differs from kustomize (-kustomize +build):\n%s", diff)
			}
			var ran strings.Builder
			for _, report := range result.Reports {
				ran.WriteString(message(t, report) + "\n")
			}
			compareWant(t, path, archive, ran.String())
		})
	}
}

// kustomize builds a directory as the kustomize CLI does with all plugins enabled.
func kustomize(dir string) (resmap.ResMap, error) {
	plugins := types.EnabledPluginConfig(types.BploUseStaticallyLinked)
	plugins.FnpLoadingOptions.EnableExec = true
	return krusty.MakeKustomizer(&krusty.Options{
		Reorder:          krusty.ReorderOptionUnspecified,
		LoadRestrictions: types.LoadRestrictionsRootOnly,
		PluginConfig:     plugins,
	}).Run(filesys.MakeFsOnDisk(), dir)
}

// TestTraces checks that the other tests would notice: kustomize itself runs what the trees name.
func TestTraces(t *testing.T) {
	for name, want := range map[string]string{
		"foreign-inline":          "canary.sh",
		"foreign-list":            "canary.sh",
		"foreign-link":            "canary.sh",
		"foreign-component":       "canary.sh",
		"foreign-directory":       "canary.sh",
		"foreign-directory-patch": "canary.sh",
		"foreign-plugin":          "plugins/example.com/v1/evil/Evil",
		"remote-git":              "bin/git",
	} {
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join("testdata", "refused", name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			w := enter(t, archive)
			_, _ = kustomize(dirOf(archive)) // The programs fail; what counts is that they were run.
			if traces := w.traces(t); !strings.Contains(traces, want) {
				t.Errorf("traces: %q", traces)
			}
		})
	}
	w := enter(t, &txtar.Archive{})
	connection, err := net.Dial("tcp", w.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if w.traces(t) == "" {
		t.Error("a call of the server was not noticed")
	}
}

func message(t *testing.T, report []byte) string {
	t.Helper()
	var findings diag.List
	if err := json.Unmarshal(report, &findings); err != nil || len(findings) != 1 {
		t.Fatalf("report %s: %v", report, err)
	}
	return findings[0].Message
}

// TestRefused compares the findings of trees that must not be built with the want file of their archive.
func TestRefused(t *testing.T) {
	for path, archive := range archives(t, "refused") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			w := enter(t, archive)
			result, findings := w.build(t, dirOf(archive))
			if !findings.HasErrors() || result.YAML != nil {
				t.Errorf("the tree was built:\n%s", result.YAML)
			}
			got := strings.ReplaceAll(text(t, result, findings), w.listener.Addr().String(), "SERVER")
			if here, err := os.Getwd(); err == nil {
				got = strings.ReplaceAll(got, filepath.Join(here, "canary.sh"), "CANARY")
				if strings.Contains(got, here) {
					t.Errorf("a finding names the place of the checkout, %s", here)
				}
			}
			compareWant(t, path, archive, got)
		})
	}
}

func text(t *testing.T, result *Result, findings diag.List) string {
	t.Helper()
	var out bytes.Buffer
	lines := func(file string, line int) (string, bool) {
		all := strings.Split(string(result.Read[file]), "\n")
		if line > len(all) {
			return "", false
		}
		return all[line-1], true
	}
	if err := diag.Text(&out, findings, lines); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func compareWant(t *testing.T, path string, archive *txtar.Archive, got string) {
	t.Helper()
	index := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	if *update {
		if index < 0 {
			index = len(archive.Files)
			archive.Files = append(archive.Files, txtar.File{Name: "want"})
		}
		archive.Files[index].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if index < 0 {
		t.Fatal("the archive has no want file; run with -update")
	}
	if diff := cmp.Diff(string(archive.Files[index].Data), got); diff != "" {
		t.Errorf("want file (-want +got):\n%s", diff)
	}
}
