package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// TestExamples builds every example that has an expected.yaml beside its outermost kustomization.
func TestExamples(t *testing.T) {
	root, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		count++
		dir, err := filepath.Rel(root, filepath.Dir(path))
		t.Run(dir, func(t *testing.T) { example(t, filepath.Dir(path)) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 4 {
		t.Errorf("only %d examples were found", count)
	}
}

func example(t *testing.T, dir string) {
	got := run(t, "", "build", dir)
	if got.code != 0 {
		t.Fatalf("exit code %d:\n%s", got.code, got.stderr)
	}
	exampleNotes(t, dir, got.stderr)
	if strings.Contains(got.stdout, "meshfn.dev/v1alpha1") {
		t.Error("our own documents are in the output")
	}
	expected := filepath.Join(dir, "expected.yaml")
	if *update {
		if err := os.WriteFile(expected, []byte(got.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(expected)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.stdout); diff != "" {
		t.Errorf("(- expected.yaml, + got; make golden rewrites it):\n%s", diff)
	}
	if second := run(t, "", "build", dir); second.stdout != got.stdout {
		t.Error("two builds differ")
	}
	again(t, ourDocuments(t, dir), got.stdout)
}

// exampleNotes expects that a build has nothing to say, or only what is in notes.txt: of an example that is for the outside too,
// a build cannot check everything.
func exampleNotes(t *testing.T, dir, said string) {
	t.Helper()
	said = strings.ReplaceAll(said, dir+string(filepath.Separator), "")
	path := filepath.Join(dir, "notes.txt")
	if regexp.MustCompile(`(?m)^\S*: (warning|error): `).MatchString(said) {
		t.Errorf("it is no example to follow:\n%s", said)
	}
	if *update {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if said != "" {
			if err := os.WriteFile(path, []byte(said), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), said); diff != "" {
		t.Errorf("(- notes.txt, + got; make golden rewrites it):\n%s", diff)
	}
}

// ourDocuments are the documents that kustomize would have handed over with the output: those of the example, with the
// names and the namespace that its kustomization gives them.
func ourDocuments(t *testing.T, dir string) []string {
	t.Helper()
	plan := run(t, "", "explain", "--plan", "--dir", dir).stdout
	owner := regexp.MustCompile(`(?m)^  owner: (\S+)$`).FindStringSubmatch(plan)
	namespace, name := "billing", "billing" // the workers, which have no Service
	if owner != nil {
		namespace, name, _ = strings.Cut(owner[1], "/")
	}
	names := strings.NewReplacer("    orders: ", "    prod-orders: ", "timeout: 3s", "timeout: 10s")
	if filepath.Base(dir) == "us" {
		names = strings.NewReplacer("    shelf:", "    us-shelf:") // The prefix comes after the component.
	}
	ours := profiles(t, dir)
	for _, path := range []string{"mesh.yaml", "../base/mesh.yaml"} {
		text, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			continue
		}
		document := regexp.MustCompile(`(?m)^  name: .*$`).ReplaceAllString(string(text), "  name: "+name+"\n  namespace: "+namespace)
		ours = append(ours, names.Replace(document))
	}
	return ours
}

// profiles are the platform's documents: beside the example, or what its transformer directory comes to.
func profiles(t *testing.T, dir string) []string {
	t.Helper()
	if text, err := os.ReadFile(filepath.Join(dir, "profile.yaml")); err == nil {
		return []string{string(text)}
	}
	text, err := os.ReadFile(filepath.Join(dir, "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var found string
	for line := range strings.SplitSeq(string(text), "\n") {
		if entry, ok := strings.CutPrefix(line, "- "); ok && strings.Contains(entry, "/mesh") {
			found, _, _ = strings.Cut(entry, " ")
		}
	}
	if found == "" {
		return nil
	}
	at := strings.Replace(filepath.Join(dir, found), "mesh-component", "mesh", 1) // The component lists the directory.
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), at)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := built.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return []string{string(profile)}
}
