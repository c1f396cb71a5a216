package build

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseRepository(t *testing.T) {
	for text, want := range map[string]repository{
		"https://git.example.com/org/repo//mesh/dir?ref=v3":     {"https://git.example.com/org/repo", "mesh/dir", "v3"},
		"https://git.example.com/org/repo.git/mesh?ref=main":    {"https://git.example.com/org/repo.git", "mesh", "main"},
		"https://git.example.com/repo.git":                      {"https://git.example.com/repo.git", ".", ""},
		"github.com/org/repo/mesh?version=v1":                   {"https://github.com/org/repo", "mesh", "v1"},
		"github.com/org/repo":                                   {"https://github.com/org/repo", ".", ""},
		"https://github.com/org/repo//a?ref=v1&timeout=5s":      {"https://github.com/org/repo", "a", "v1"},
		"git@github.com:org/repo/mesh":                          {"git@github.com:org/repo", "mesh", ""},
		"git@host.example.com:org/repo.git//mesh":               {"git@host.example.com:org/repo.git", "mesh", ""},
		"ssh://git@host.example.com:22/repo.git/mesh":           {"ssh://git@host.example.com:22/repo.git", "mesh", ""},
		"git::https://git.example.com/org/repo//x?ref=v1":       {"https://git.example.com/org/repo", "x", "v1"},
		"file:///srv/repo//mesh?ref=0123456789":                 {"file:///srv/repo", "mesh", "0123456789"},
		"https://git.example.com/org/repo//../../../etc?ref=v1": {"https://git.example.com/org/repo", "etc", "v1"},
	} {
		got, err := parseRepository(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"https://example.com/file.yaml", "https://git.example.com/org/repo", "https://host/r//x?reff=v1",
		"https://host/r//x?ref=--upload-pack=evil", "https://host/r//x?ref=%zz",
	} {
		if got, err := parseRepository(text); err == nil {
			t.Errorf("%s was accepted: %+v", text, got)
		}
	}
}

func TestFixedRef(t *testing.T) {
	for ref, want := range map[string]bool{
		"v3": true, "v1.2.3": true, "1.0": true, "refs/tags/stable": true, "v1.0.0-rc.1": true,
		"0123456789012345678901234567890123456789": true, "main": false, "": false, "release": false, "0123abc": false,
	} {
		if got := fixedRef(ref); got != want {
			t.Errorf("fixedRef(%q) is %t", ref, got)
		}
	}
}

const publishedProfile = "apiVersion: meshfn.dev/v1alpha1\nkind: MeshProfile\nmetadata: {name: platform}\n"

// publish makes a Git repository with a tag v1 and returns its URL.
func publish(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(content, "link:"); ok {
			if err := os.Symlink(target, path); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "--all"},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "t"},
		{"tag", "v1"},
	} {
		if output, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
	}
	return "file://" + dir
}

// fetchAndBuild builds a kustomization that may fetch.
func fetchAndBuild(t *testing.T, kustomization string) (*Result, string) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"kustomization.yaml": kustomization, "web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
		"fn.yaml": publishedProfile,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := options(t, dir)
	o.Git = git
	result, findings, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, finding := range findings {
		said.WriteString(finding.Severity.String() + " " + finding.Message + "\n")
	}
	return result, said.String()
}

func TestFetch(t *testing.T) {
	base := publish(t, map[string]string{
		"base/kustomization.yaml": "resources: [db.yaml]\n",
		"base/db.yaml":            "apiVersion: v1\nkind: Service\nmetadata: {name: db}\n",
	})
	platform := publish(t, map[string]string{
		"mesh/kustomization.yaml":      "resources: [profile.yaml]\n",
		"mesh/profile.yaml":            publishedProfile,
		"nested/kustomization.yaml":    "resources: ['" + base + "//base?ref=v1']\n",
		"foreign/kustomization.yaml":   "resources: [fn.yaml]\n",
		"foreign/fn.yaml":              "apiVersion: a/v1\nkind: B\nmetadata: {name: b, annotations: {config.kubernetes.io/function: 'exec: {path: ./evil}'}}\n",
		"up/kustomization.yaml":        "resources: [../../..]\n",
		"link":                         "link:/",
		"linked/kustomization.yaml":    "resources: [out.yaml]\n",
		"linked/out.yaml":              "link:/etc/hostname",
		"component/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\n",
	})
	const ours = "transformers: [fn.yaml]\n"
	for name, test := range map[string]struct{ kustomization, yaml, said string }{
		"a transformer directory": {"resources: [web.yaml]\ntransformers: ['" + platform + "//mesh?ref=v1']\n", "name: web", ""},
		"resources":               {"resources: ['" + base + "//base?ref=v1']\n" + ours, "name: db", ""},
		"a repository in one":     {"resources: ['" + platform + "//nested?ref=v1']\n" + ours, "name: db", ""},
		"a component":             {"resources: [web.yaml]\ncomponents: ['" + platform + "//component?ref=v1']\n" + ours, "name: c-web", ""},
		"a ref that moves":        {"resources: ['" + base + "//base']\n" + ours, "name: db", "warning"},
		"no such ref":             {"resources: ['" + base + "//base?ref=v9']\n" + ours, "", "couldn't find remote ref v9"},
		"no such repository":      {"resources: ['file:///does/not/exist//x']\n" + ours, "", "cannot be fetched"},
		"no such directory":       {"resources: ['" + base + "//nowhere?ref=v1']\n" + ours, "", `it has no directory "nowhere"`},
		"a foreign function":      {"resources: [web.yaml]\ntransformers: ['" + platform + "//foreign?ref=v1']\n", "", `the executable "./evil"`},
		"a way out":               {"resources: ['" + platform + "//up?ref=v1']\n" + ours, "", "leads out of the repository"},
		"a link out":              {"resources: ['" + platform + "//link?ref=v1']\n" + ours, "", "leads out of the repository"},
		"a linked file":           {"resources: ['" + platform + "//linked?ref=v1']\n" + ours, "", "leads out of the repository"},
		"a single file":           {"resources: ['https://example.com/a.yaml']\n" + ours, "", "it does not say where the repository ends"},
	} {
		t.Run(name, func(t *testing.T) {
			result, said := fetchAndBuild(t, test.kustomization)
			if (test.yaml == "") != (result.YAML == nil) || !strings.Contains(string(result.YAML), test.yaml) {
				t.Errorf("built:\n%s", result.YAML)
			}
			if test.said == "" && said != "" || !strings.Contains(said, test.said) {
				t.Errorf("said %q", said)
			}
		})
	}
}

// TestOtherRepository fetches where the environment points git to a repository, as it does in a hook.
func TestOtherRepository(t *testing.T) {
	base := publish(t, map[string]string{
		"base/kustomization.yaml": "resources: [db.yaml]\n",
		"base/db.yaml":            "apiVersion: v1\nkind: Service\nmetadata: {name: db}\n",
	})
	victim := strings.TrimPrefix(publish(t, map[string]string{"mine": "text\n"}), "file://")
	t.Setenv("GIT_DIR", filepath.Join(victim, ".git"))
	t.Setenv("GIT_WORK_TREE", victim)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(victim, ".git", "index"))
	if _, said := fetchAndBuild(t, "resources: ['"+base+"//base?ref=v1']\ntransformers: [fn.yaml]\n"); said != "" {
		t.Error(said)
	}
	status, err := exec.CommandContext(t.Context(), "git", "status", "--short", "--branch").CombinedOutput()
	if err != nil || strings.Contains(string(status), "no branch") || strings.Count(string(status), "\n") != 1 {
		t.Errorf("the other repository has changed: %s, %v", status, err)
	}
}

// TestEndlessFetch does not wait for what git has started and does not end with it.
func TestEndlessFetch(t *testing.T) {
	script := filepath.Join(t.TempDir(), "git")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nsleep 60 & sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	if err := (&remotes{git: script}).run(ctx, nil); err == nil || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}
