package build

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// repository is a place in a Git repository, taken apart.
type repository struct {
	clone string // what git fetches from
	dir   string // directory inside the repository
	ref   string // branch, tag or commit; empty for the remote's own choice
}

const repositoryForms = "https://host/org/repo//dir?ref=v1, https://github.com/org/repo/dir?ref=v1, ssh://git@host/repo.git/dir, git@host:org/repo.git//dir, file:///path/repo//dir"

// parseRepository reads the forms that kustomize documents for a repository. A URL that does not say where the
// repository ends is not one of them: kustomize would try to download it as a file.
// https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
func parseRepository(text string) (repository, error) {
	place, query, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), "git::"), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return repository{}, fmt.Errorf("its query is not one: %w", err)
	}
	for key := range values {
		switch key {
		case "ref", "version", "timeout", "submodules":
		default:
			return repository{}, fmt.Errorf("%q is not a parameter of a repository; allowed: ref", key)
		}
	}
	ref := values.Get("ref")
	if ref == "" {
		ref = values.Get("version")
	}
	if strings.HasPrefix(ref, "-") {
		return repository{}, fmt.Errorf("%q is not a branch, tag or commit", ref)
	}
	clone, dir, ok := splitRepository(place)
	if !ok || strings.HasPrefix(clone, "-") {
		return repository{}, fmt.Errorf("it does not say where the repository ends; allowed forms: %s", repositoryForms)
	}
	if dir = strings.Trim(path.Clean("/"+dir), "/"); dir == "" {
		dir = "."
	}
	return repository{clone: clone, dir: dir, ref: ref}, nil
}

// splitRepository finds the end of the repository: at //, after .git, or after the two parts of a GitHub name.
func splitRepository(place string) (clone, dir string, ok bool) {
	start := 0
	if i := strings.Index(place, "://"); i >= 0 {
		start = i + len("://")
	}
	if i := strings.Index(place[start:], "//"); i > 0 {
		return gitHub(place[:start+i]), place[start+i+2:], true
	}
	if i := strings.Index(place, ".git/"); i >= 0 {
		return place[:i+len(".git")], place[i+len(".git/"):], true
	}
	if strings.HasSuffix(place, ".git") {
		return place, "", true
	}
	if match := gitHubName().FindStringSubmatch(place); match != nil {
		return gitHub(match[1]), match[2], true
	}
	return "", "", false
}

func gitHubName() *regexp.Regexp {
	return regexp.MustCompile(`^((?:https://|ssh://git@|git@)?github\.com[/:][^/]+/[^/]+)/?(.*)$`)
}

// gitHub adds the scheme that people leave out.
func gitHub(clone string) string {
	if strings.HasPrefix(clone, "github.com/") {
		return "https://" + clone
	}
	return clone
}

// fixedRef matches what does not move: a commit, or a tag that looks like a version.
func fixedRef(ref string) bool {
	return regexp.MustCompile(`^([0-9a-f]{40}|(refs/tags/.+)|v?\d+(\.\d+)*([-+].*)?)$`).MatchString(ref)
}
