package revision

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestHostileTrees refuses what git would not check out, and writes nothing outside.
func TestHostileTrees(t *testing.T) {
	repository(t)
	outside := t.TempDir()
	file := blob(t, "x")
	inner := tree(t, hostile{"100644", "x", file})
	for name, test := range map[string]struct {
		entries []hostile
		want    string
	}{
		"parent":       {[]hostile{{"100644", "../x", file}}, `a file "../x", which no directory can hold`},
		"parent below": {[]hostile{{"40000", "..", inner}}, `a file "../x", which no directory can hold`},
		"absolute":     {[]hostile{{"100644", "/x", file}}, `a file "/x", which no directory can hold`},
		"dot":          {[]hostile{{"40000", ".", inner}}, `which no directory can hold`},
		"of git":       {[]hostile{{"40000", ".git", inner}}, `".git/x", which git itself would not check out`},
		"of git, too":  {[]hostile{{"40000", "a", tree(t, hostile{"40000", ".GIT", inner})}}, `"a/.GIT/x", which git itself`},
		"twice":        {[]hostile{{"100644", "x", file}, {"100644", "x", file}}, `"x" twice, or in two spellings`},
		"through a link": {
			[]hostile{{"120000", "a", blob(t, outside)}, {"40000", "a", inner}}, `has "a" twice, or in two spellings`,
		},
		"file and directory": {[]hostile{{"100644", "a", file}, {"40000", "a", inner}}, `has "a/x" twice, or in two spellings`},
		"link to nothing":    {[]hostile{{"120000", "a", blob(t, "")}}, `"a" cannot be written`},
		"not there":          {[]hostile{{"100644", "a", strings.Repeat("1", 40)}}, `its file "a" is damaged`},
		"no blob":            {[]hostile{{"100644", "a", inner}}, `its file "a" is damaged`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := find(t, tree(t, test.entries...)+":", nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, and not %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "tree-") {
				t.Errorf("%v names the directory of this machine", err)
			}
		})
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("written outside: %v %v", left, err)
	}
}

// TestCase writes two names that differ in case where the machine can hold both, and says so where it cannot.
func TestCase(t *testing.T) {
	repository(t)
	place, err := find(t, tree(t, hostile{"100644", "A", blob(t, "1")}, hostile{"100644", "a", blob(t, "2")})+":", nil)
	if runtime.GOOS == "linux" {
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(filepath.Join(place.Real, "a")); err != nil || string(text) != "2" {
			t.Error(string(text), err)
		}
		return
	}
	if err != nil && !strings.Contains(err.Error(), "in two spellings") {
		t.Error(err)
	}
}

// TestLimits bounds files and bytes; a file that is too large for a build takes no space.
func TestLimits(t *testing.T) {
	repository(t)
	file := blob(t, strings.Repeat("x", 1000))
	root := tree(t, hostile{"100644", "a", file}, hostile{"100644", "b", file}, hostile{"100644", "c", file})
	for name, test := range map[string]struct {
		limits limits
		want   string
	}{
		"files": {limits{2, 1 << 20, 1 << 20}, "more than 2 files; check it out and name the directory instead: git worktree add"},
		"bytes": {limits{9, 2500, 1 << 20}, "its files have more than 0 MiB"},
		"large": {limits{9, 2500, 999}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			place, err := find(t, root+":", func(r *Repository) { r.limits = test.limits })
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, and not %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(filepath.Join(place.Real, "a")); err != nil || info.Size() != 1000 {
				t.Error(info, err)
			}
		})
	}
}
