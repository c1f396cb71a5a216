//go:build unix

package build

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestFetchLimits bounds how many repositories are fetched, and what of them.
func TestFetchLimits(t *testing.T) {
	random := make([]byte, 100_000)
	if _, err := rand.NewChaCha8([32]byte{}).Read(random); err != nil {
		t.Fatal(err)
	}
	both := strings.Replace(platform, "[web.yaml]", `[web.yaml, "REPOS/other.git"]`, 1)
	for name, test := range map[string]struct {
		want    string
		limits  limits
		archive string
	}{
		"repositories": {
			"fetches more than 1 repositories",
			limits{1 << 20, 1 << 20, 100, 1},
			both + "-- repos/other/kustomization.yaml --\nresources: []\n",
		},
		"fetched bytes": {
			"git fetches more than",
			limits{1 << 20, 50_000, 100, 9},
			platform + "-- repos/platform/large --\n" + fmt.Sprintf("%x", random),
		},
		"bytes": {
			"reads more than",
			limits{1 << 20, 1 << 20, 100, 9},
			platform + "-- repos/platform/large --\n" + strings.Repeat("0", 2<<20),
		},
		"files": {"reads more than 20 files", limits{1 << 20, 1 << 20, 20, 9}, platform + copies(20)},
		"both": {
			"reads more than 20 files",
			limits{1 << 20, 1 << 20, 20, 9},
			both + copies(12) + strings.ReplaceAll(copies(12), "platform", "other"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := publish(t, txtar.Parse([]byte(strings.ReplaceAll(test.archive, "REF", "v1"))))
			o := options(t, ".")
			o.Git, o.Root = r.git, "/"
			result, findings, err := run(t.Context(), o, test.limits)
			if err != nil {
				t.Fatal(err)
			}
			said := text(t, result, findings)
			if result.YAML != nil || !strings.Contains(said, test.want) || !strings.Contains(said, string(diag.TooLarge)) {
				t.Error(said)
			}
		})
	}
}

func copies(count int) string {
	var all strings.Builder
	for i := range count {
		fmt.Fprintf(&all, "-- repos/platform/copies/%d --\n", i)
	}
	return all.String()
}

// TestEndlessFetch stops git, and what git runs, when the time is over or nobody waits any more.
func TestEndlessFetch(t *testing.T) {
	const endless = `case "$*" in *fetch*) sleep 60 & sleep 60;; esac` + "\nexec GIT \"$@\""
	t.Run("timeout", func(t *testing.T) {
		r := publish(t, platformAt("v1&timeout=1"))
		t.Setenv("PATH", "/bin:/usr/bin")
		r.wrap(t, endless)
		start := time.Now()
		result, findings := r.build(t, ".")
		if said := text(t, result, findings); !strings.Contains(said, "git was not done after 1s") {
			t.Error(said)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		r := publish(t, platformAt("v1"))
		t.Setenv("PATH", "/bin:/usr/bin")
		r.wrap(t, endless)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(500*time.Millisecond, func() { cancel(cause) })
		o := options(t, ".")
		o.Git, o.Root = r.git, "/"
		if _, _, err := Run(ctx, o); !errors.Is(err, cause) {
			t.Errorf("error %v", err)
		}
	})
}

// TestOtherRepository builds where the environment points git to a repository, as it does in a hook.
func TestOtherRepository(t *testing.T) {
	r := publish(t, platformAt("v1"))
	victim := t.TempDir()
	at := []string{"-C", victim, "-c", "user.name=t", "-c", "user.email=t@example.com"}
	write(t, filepath.Join(victim, "mine"), "text\n", 0o644)
	r.run(t, append(at, "init", "--quiet")...)
	r.run(t, append(at, "add", "mine")...)
	r.run(t, append(at, "commit", "--quiet", "--message", "t")...)
	before := r.run(t, "-C", victim, "log", "--all")
	for name, path := range map[string]string{
		"GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": ".git/index", "GIT_OBJECT_DIRECTORY": ".git/objects",
		"GIT_COMMON_DIR": ".git",
	} {
		t.Setenv(name, filepath.Join(victim, path))
	}
	if result, findings := r.build(t, "."); len(findings) > 0 {
		t.Error(text(t, result, findings))
	}
	if after := r.run(t, "log", "--all"); after != before {
		t.Errorf("the other repository has changed:\n%s", after)
	}
	if status := r.run(t, "status", "--short"); status != "" {
		t.Errorf("the files of the other repository have changed:\n%s", status)
	}
}

// configured is a user's configuration of git that knows programs, and a repository whose attributes ask for one.
func configured(t *testing.T) *repositories {
	t.Helper()
	archive := platformAt("v1")
	archive.Files = append(archive.Files, txtar.File{
		Name: "repos/platform/.gitattributes", Data: []byte("* filter=evil\n"),
	})
	r := publish(t, archive)
	canary := filepath.Join(r.tree, "canary.sh")
	hooks := t.TempDir()
	for _, hook := range []string{"post-checkout", "reference-transaction", "post-index-change"} {
		if err := os.Symlink(canary, filepath.Join(hooks, hook)); err != nil {
			t.Fatal(err)
		}
	}
	r.configure(t, "[core]\n\thooksPath = "+hooks+"\n\tfsmonitor = "+canary+"\n[filter \"evil\"]\n\tsmudge = "+canary+"\n")
	return r
}

// TestNoOtherProgram runs nothing that attributes, hooks or the spelling of a URL could make git run, even where the
// user's own configuration knows a program for them.
func TestNoOtherProgram(t *testing.T) {
	t.Run("build", func(t *testing.T) {
		r := configured(t)
		if result, findings := r.build(t, "."); len(findings) > 0 {
			t.Error(text(t, result, findings))
		}
	})
	t.Run("kustomize", func(t *testing.T) { // It shows that the test would notice.
		r := configured(t)
		t.Setenv("PATH", filepath.Dir(r.git))
		_, _ = kustomize(".")
		for _, want := range []string{"canary.sh", "post-checkout", "reference-transaction"} {
			if traces := r.traces(t); !strings.Contains(traces, want) {
				t.Errorf("%s left no trace: %q", want, traces)
			}
		}
	})
	t.Run("transport", func(t *testing.T) {
		r := publish(t, platformAt("v1"))
		r.configure(t, fmt.Sprintf("[url %q]\n\tinsteadOf = %q\n[protocol]\n\tallow = always\n",
			"ext::"+filepath.Join(r.tree, "canary.sh")+" ", "file://"))
		result, findings := r.build(t, ".")
		if said := text(t, result, findings); !strings.Contains(said, "transport 'ext' not allowed") {
			t.Error(said)
		}
	})
}

// TestRelativeGit refuses a git that would be looked up.
func TestRelativeGit(t *testing.T) {
	r := publish(t, platformAt("v1"))
	o := options(t, ".")
	for _, program := range []string{"git", "bin/git"} {
		o.Git = program
		if _, _, err := Run(t.Context(), o); err == nil {
			t.Errorf("%s was accepted", program)
		}
	}
	if traces := r.traces(t); traces != "" {
		t.Error(traces)
	}
}
