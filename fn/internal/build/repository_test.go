package build

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestParseRepository reads what kustomize reads: parseRepository itself refuses where kustomize sees another repository.
func TestParseRepository(t *testing.T) {
	const wait = defaultTimeout
	for text, want := range map[string]repository{
		"https://git.example.com/org/repo//mesh/dir?ref=v3":      {"https://git.example.com/org/repo", "mesh/dir", "v3", wait, true},
		"https://git.example.com/platform//mesh?ref=v3":          {"https://git.example.com/platform", "mesh", "v3", wait, true},
		"https://git.example.com/org/repo/mesh/dir?ref=v3":       {"https://git.example.com/org/repo", "mesh/dir", "v3", wait, true},
		"https://git.example.com/org/repo":                       {"https://git.example.com/org/repo", "", "", wait, true},
		"https://git.example.com/group/sub/repo.git/mesh?ref=a":  {"https://git.example.com/group/sub/repo.git", "mesh", "a", wait, true},
		"https://git.example.com/repo.git":                       {"https://git.example.com/repo.git", "", "", wait, true},
		"https://git.example.com:8443/org/repo//.":               {"https://git.example.com:8443/org/repo", "", "", wait, true},
		"https://me@dev.azure.com/org/project/_git/repo/mesh":    {"https://me@dev.azure.com/org/project/_git/repo", "mesh", "", wait, true},
		"http://git.example.com/org/repo//mesh":                  {"http://git.example.com/org/repo", "mesh", "", wait, true},
		"github.com/org/repo/mesh?version=v1":                    {"https://github.com/org/repo", "mesh", "v1", wait, true},
		"GitHub.com/org/repo//.mesh/":                            {"https://github.com/org/repo", ".mesh", "", wait, true},
		"github.com:org/repo":                                    {"https://github.com/org/repo", "", "", wait, true},
		"HTTPS://github.com/org/repo//a?ref=v1&timeout=5s":       {"https://github.com/org/repo", "a", "v1", 5 * time.Second, true},
		"http://github.com/org/repo//a?timeout=90":               {"https://github.com/org/repo", "a", "", 90 * time.Second, true},
		"git@github.com:org/repo/mesh":                           {"git@github.com:org/repo", "mesh", "", wait, true},
		"git@github.com/org/repo/mesh?submodules=false":          {"git@github.com:org/repo", "mesh", "", wait, false},
		"ssh://git@github.com/org/repo//mesh":                    {"git@github.com:org/repo", "mesh", "", wait, true},
		"git@host.example.com:org/repo.git//mesh?ref=feature/x":  {"git@host.example.com:org/repo.git", "mesh", "feature/x", wait, true},
		"git@host.example.com:org/repo/mesh":                     {"git@host.example.com:org/repo", "mesh", "", wait, true},
		"ssh://git@host.example.com:22/repo.git/mesh":            {"ssh://git@host.example.com:22/repo.git", "mesh", "", wait, true},
		"file:///srv/repo//mesh?ref=0123456789":                  {"file:///srv/repo", "mesh", "0123456789", wait, true},
		"file:///srv/git/repo.git":                               {"file:///srv/git/repo.git", "", "", wait, true},
		"file:///srv/git/repo.git//a/../b?version=v1&ref=v2":     {"file:///srv/git/repo.git", "b", "v2", wait, true},
		"file:///srv/my.yaml/repo":                               {"file:///srv/my.yaml/repo", "", "", wait, true},
		"https://host/r//x?ref=refs/pull/1/head&submodules=true": {"https://host/r", "x", "refs/pull/1/head", wait, true},
	} {
		got, err := parseRepository(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestNoRepository(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.com/org/repo/file.yaml":           "single file",
		"https://raw.example.com/org/repo/v1/a.json?ref=b": "single file",
		"https://host/org":                           "where the repository ends",
		"https://host//mesh":                         "forms",
		"https://host":                               "forms",
		"https://user:secret@host/org/repo":          "forms",
		"https://-oProxyCommand=x/org/repo":          "forms",
		"ssh://-oProxyCommand=x/org/repo":            "forms",
		"git@-oProxyCommand=x:org/repo":              "forms",
		"git@host.example.com/org/repo":              "forms",
		"git::https://host/org/repo//mesh":           "forms",
		"ext::sh -c x//mesh":                         "space",
		"ext::sh//mesh":                              "forms",
		"s3::https://host/org/repo//mesh":            "forms",
		"file://relative/repo":                       "forms",
		"file:////srv//mesh":                         "where the repository ends",
		"rsync://host/org/repo//mesh":                "forms",
		"https://host/org/repo//mesh ?ref=v1":        "space",
		"https://host/org/repo//../other":            "lead out",
		"https://host/org/repo//a/../../other":       "lead out",
		"https://host/org/my.github.io/mesh":         "kustomize takes it for",
		"https://host/r//x?reff=v1":                  "allowed: ref, timeout, submodules",
		"https://host/r//x?ref=v1&ref=v2":            "more than once",
		"https://host/r//x?ref=v1;submodules=false":  "cannot be read",
		"https://host/r//x?ref=%zz":                  "cannot be read",
		"https://host/r//x?ref=--upload-pack=evil":   "no branch, tag or commit",
		"https://host/r//x?ref=%2Bmain:refs/heads/x": "no branch, tag or commit",
		"https://host/r//x?ref=a+b":                  "no branch, tag or commit",
		"https://host/r//x?timeout=never":            "a duration such as 2m",
		"https://host/r//x?timeout=0":                "a duration such as 2m",
		"https://host/r//x?timeout=11m":              "a duration such as 2m",
		"https://host/r//x?timeout=9999999999":       "a duration such as 2m",
		"https://host/r//x?submodules=maybe":         "invalid syntax",
	} {
		got, err := parseRepository(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v; want %q", text, got, err, want)
		}
		if errors.Is(err, errSingleFile) != (want == "single file") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestShow(t *testing.T) {
	r := repository{url: "https://git.example.com/platform", ref: "v3"}
	for file, want := range map[string]string{
		"":                  "https://git.example.com/platform?ref=v3",
		".":                 "https://git.example.com/platform?ref=v3",
		"mesh/profile.yaml": "https://git.example.com/platform?ref=v3//mesh/profile.yaml",
	} {
		if got := r.show(file); got != want {
			t.Errorf("%q: %s", file, got)
		}
	}
}
