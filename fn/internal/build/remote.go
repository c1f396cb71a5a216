package build

import (
	"regexp"
	"strings"
)

// looksRemote reports whether kustomize would fetch a path instead of reading it. It must cover everything kustomize
// does: http and https URLs are fetched, and git runs for a URL, for user@host and for github.com even where a
// directory of that name exists, see
// https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md.
func looksRemote(path string) bool {
	lower := strings.ToLower(strings.TrimSpace(path))
	for _, prefix := range []string{"http:", "https:", "git::", "github.com/", "github.com:"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return strings.Contains(lower, "://") || scpStyle().MatchString(lower)
}

// scpStyle matches git@host:org/repo and user@host/org/repo, but not a file such as api@v2.yaml.
func scpStyle() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]*@.*[/:]`) }

// mayBeRemote reports whether a path that does not exist was probably meant as a repository that kustomize itself
// would not recognise without a scheme.
func mayBeRemote(path string) bool {
	host, _, _ := strings.Cut(path, "/")
	return strings.Contains(path, "?ref=") || strings.Contains(path, ".git") || strings.Contains(path, "//") ||
		(strings.Contains(host, ".") && strings.Trim(host, ".") != "" && strings.Count(path, "/") > 1)
}
