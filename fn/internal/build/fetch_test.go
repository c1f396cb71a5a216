package build

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestFetched builds trees that name repositories, with kustomize itself and with this package. The want file holds the
// runs of the function and the findings.
func TestFetched(t *testing.T) {
	for path, archive := range archives(t, "fetched") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r := publish(t, archive)
			result, findings := r.build(t, dirOf(archive))
			if findings.HasErrors() {
				t.Fatal(text(t, result, findings))
			}
			t.Setenv("PATH", filepath.Dir(r.git))
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
			compareWant(t, path, archive, ran.String()+r.text(t, result, findings))
		})
	}
}

// TestNotFetched compares the findings of trees that name what must not be fetched, or read once it was, with the want
// file of their archive.
func TestNotFetched(t *testing.T) {
	for path, archive := range archives(t, "notfetched") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r := publish(t, archive)
			r.configure(t, fmt.Sprintf("[url %q]\n\tinsteadOf = https://git.example.com/\n", "file://"+r.dir+"/"))
			result, findings := r.build(t, dirOf(archive))
			if !findings.HasErrors() || result.YAML != nil {
				t.Errorf("the tree was built:\n%s", result.YAML)
			}
			compareWant(t, path, archive, r.text(t, result, findings))
		})
	}
}

// text prints findings without what differs from run to run.
func (r *repositories) text(t *testing.T, result *Result, findings diag.List) string {
	t.Helper()
	got := strings.ReplaceAll(text(t, result, findings), "file://"+r.dir, "REPOS")
	got = strings.ReplaceAll(got, r.dir, "DIRECTORY")
	got = strings.ReplaceAll(got, r.listener.Addr().String(), "SERVER")
	got = regexp.MustCompile(`[0-9a-f]{40}`).ReplaceAllString(got, "COMMIT")
	got = strings.ReplaceAll(got, filepath.Join(r.tree, "canary.sh"), "CANARY")
	if strings.Contains(got, filepath.Dir(r.dir)) {
		t.Errorf("a finding names a temporary directory:\n%s", got)
	}
	return got
}

// platform is a repository with a transformer directory, and an application that names it.
const platform = `
-- kustomization.yaml --
resources: [web.yaml]
transformers: ["REPOS/platform.git//mesh?ref=REF"]
-- web.yaml --
apiVersion: v1
kind: Service
metadata: {name: web}
-- repos/platform/mesh/kustomization.yaml --
resources: [profile.yaml]
-- repos/platform/mesh/profile.yaml --
# The rules of the platform.
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata:
  name: platform
  annotations: {config.kubernetes.io/function: "container: {image: 'meshfn:v1'}"}
`

func platformAt(ref string) *txtar.Archive {
	return txtar.Parse([]byte(strings.ReplaceAll(platform, "REF", ref)))
}

// TestFetchedDocs finds documents in repositories, and names a place that tells the repository, the ref and the path.
func TestFetchedDocs(t *testing.T) {
	r := publish(t, platformAt("v1"))
	result, findings := r.build(t, ".")
	if len(findings) > 0 || len(result.Docs) != 2 {
		t.Fatalf("%s\n%+v", text(t, result, findings), result.Docs)
	}
	doc := result.Docs[0]
	if want := "file://" + r.dir + "/platform.git?ref=v1//mesh/profile.yaml"; doc.File != want || doc.Line != 1 {
		t.Errorf("%s:%d, want %s:1", doc.File, doc.Line, want)
	}
	if !strings.HasPrefix(string(result.Read[doc.File]), "# The rules") {
		t.Errorf("text of the file: %q", result.Read[doc.File])
	}
}

// edit replaces a text in the kustomization.
func edit(t *testing.T, from, to string) {
	t.Helper()
	kustomization, err := os.ReadFile("kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "kustomization.yaml", strings.ReplaceAll(string(kustomization), from, to), 0o644)
}

// TestFetchedCommit takes the hash of a commit, which cannot move.
func TestFetchedCommit(t *testing.T) {
	r := publish(t, platformAt("COMMIT"))
	edit(t, "COMMIT", r.run(t, "--git-dir="+r.dir+"/platform.git", "rev-parse", "v1"))
	if result, findings := r.build(t, "."); len(findings) > 0 {
		t.Error(text(t, result, findings))
	}
}

// TestMovingVersion warns of a branch that is called like a version, and not of a tag of any name.
func TestMovingVersion(t *testing.T) {
	r := publish(t, platformAt("v9"))
	r.run(t, "--git-dir="+r.dir+"/platform.git", "branch", "v9", "v1")
	r.run(t, "--git-dir="+r.dir+"/platform.git", "tag", "stable", "v1")
	result, findings := r.build(t, ".")
	if said := text(t, result, findings); findings.HasErrors() || !strings.Contains(said, `ref "v9" is no tag`) {
		t.Error(said)
	}
	edit(t, "v9", "stable")
	if result, findings := r.build(t, "."); len(findings) > 0 {
		t.Error(text(t, result, findings))
	}
}

// TestPlainHTTP warns of a tag that anybody on the way could answer for.
func TestPlainHTTP(t *testing.T) {
	r := publish(t, platformAt("v1"))
	r.configure(t, fmt.Sprintf("[url %q]\n\tinsteadOf = http://git.example.com/\n", "file://"+r.dir+"/"))
	edit(t, "file://"+r.dir, "http://git.example.com")
	result, findings := r.build(t, ".")
	if len(findings) != 1 || findings[0].Severity != diag.Warning || !strings.Contains(findings[0].Message, "plain http") {
		t.Error(text(t, result, findings))
	}
}

// TestFetchedOnce asks git once for a commit, whichever directories of it are named wherever.
func TestFetchedOnce(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/fetched/one-clone.txtar")
	if err != nil {
		t.Fatal(err)
	}
	r := publish(t, archive)
	log := filepath.Join(t.TempDir(), "log")
	r.wrap(t, `echo "$*" >>`+log+"\nexec GIT \"$@\"")
	if result, findings := r.build(t, "."); findings.HasErrors() {
		t.Fatal(text(t, result, findings))
	}
	calls, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if fetches := strings.Count(string(calls), " fetch "); fetches != 2 {
		t.Errorf("%d fetches:\n%s", fetches, calls)
	}
}

// TestSubmodule refuses a repository with a submodule, unless the URL does without.
func TestSubmodule(t *testing.T) {
	for query, want := range map[string]string{"v3": `"lib" is a submodule`, "v3&submodules=false": ""} {
		t.Run(query, func(t *testing.T) {
			r := publish(t, platformAt(query))
			at := []string{
				"--git-dir=" + r.dir + "/platform.git", "--work-tree=" + t.TempDir(),
				"-c", "user.name=t", "-c", "user.email=t@example.com",
			}
			commit := r.run(t, append(at, "rev-parse", "v1")...)
			r.run(t, append(at, "update-index", "--add", "--cacheinfo", "160000,"+commit+",lib")...)
			r.run(t, append(at, "commit", "--quiet", "--message", "t")...)
			r.run(t, append(at, "tag", "v3")...)
			result, findings := r.build(t, ".")
			if said := text(t, result, findings); (want == "") != (said == "") || !strings.Contains(said, want) {
				t.Error(said)
			}
		})
	}
}
