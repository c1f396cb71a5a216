package build

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sigs.k8s.io/kustomize/api/resource"
)

// repository is a directory in a Git repository, as a kustomization names it.
type repository struct {
	url        string        // what git fetches from
	dir        string        // directory in the repository, clean and with slashes; empty for its root
	ref        string        // branch, tag or commit; empty for what the repository shows to everybody
	timeout    time.Duration // for the whole fetch
	submodules bool          // kustomize fetches them unless it is told not to
}

// fileScheme begins the URL of a repository on this machine.
const fileScheme = "file://"

// The bounds of the time that a fetch may take. The default is that of kustomize.
const (
	defaultTimeout = 27 * time.Second
	maxTimeout     = 10 * time.Minute
)

// repositoryForms is what parseRepository takes.
const repositoryForms = `https://host/org/repo//dir?ref=v1, https://host/repo.git/dir?ref=v1,
github.com/org/repo/dir?ref=v1, ssh://git@host/org/repo//dir?ref=v1,
git@host:org/repo//dir?ref=v1 or file:///path/repo//dir?ref=v1`

// errSingleFile is about what kustomize downloads instead of asking git.
var errSingleFile = errors.New("it is a single file")

// errForm is about what no form of repositoryForms covers.
var errForm = errors.New("it is not one of the forms that are fetched")

// parseRepository reads the forms that kustomize documents for a directory in a repository, see
// https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md. It takes fewer of them than
// kustomize, and none that kustomize understands in another way. Kustomize downloads every https URL before it asks git;
// here a URL is a file when it ends like one.
func parseRepository(text string) (repository, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return repository{}, errors.New("it contains a space")
	}
	place, query, _ := strings.Cut(text, "?")
	host, rest, ok := splitHost(place)
	if !ok {
		return repository{}, errForm
	}
	if host != fileScheme && slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(place)) {
		return repository{}, errSingleFile
	}
	repo, dir := splitPath(rest, host == fileScheme)
	if repo == "" {
		return repository{}, fmt.Errorf("%w: it does not say where the repository ends", errForm)
	}
	if dir = path.Clean("./" + dir); dir == "." {
		dir = ""
	}
	if strings.Contains(dir, "..") {
		return repository{}, fmt.Errorf("directory %q could lead out of the repository", dir)
	}
	r := repository{url: host + repo, dir: dir}
	if err := r.parseQuery(query); err != nil {
		return repository{}, err
	}
	if read := new(resource.Origin).Append(text); read.Repo != r.url || read.Ref != r.ref {
		return repository{}, fmt.Errorf("kustomize takes it for repository %q at %q; write // where the repository ends",
			read.Repo, read.Ref)
	}
	return r, nil
}

// splitHost separates what names the host, in the spelling that git is given, from the path. Kustomize has one spelling
// for GitHub over https and one over ssh. Passwords are not taken, because findings show the URL.
func splitHost(place string) (host, rest string, ok bool) {
	if m := regexp.MustCompile(`^(?i:file)://(/.+)$`).FindStringSubmatch(place); m != nil {
		return fileScheme, m[1], true
	}
	const user, name = `([A-Za-z][A-Za-z0-9-]*@)`, `([A-Za-z0-9][A-Za-z0-9.-]*)`
	if m := regexp.MustCompile(`^(?i:(https|http|ssh)://)` + user + `?` + name + `(:[0-9]+)?/([^/].*)$`).
		FindStringSubmatch(place); m != nil {
		scheme, user, name, port := strings.ToLower(m[1]), m[2], m[3], m[4]
		if isGitHub(name) {
			return gitHub(scheme == "ssh", user), m[5], true
		}
		return scheme + "://" + user + name + port + "/", m[5], true
	}
	if m := regexp.MustCompile(`^` + user + `?` + name + `([:/])([^/].*)$`).FindStringSubmatch(place); m != nil {
		user, name, separator := m[1], m[2], m[3]
		if isGitHub(name) {
			return gitHub(false, user), m[4], true
		}
		// Git takes user@host/path for a path of this machine.
		return user + name + ":", m[4], user != "" && separator == ":"
	}
	return "", "", false
}

func isGitHub(host string) bool { return strings.EqualFold(host, "github.com") }

func gitHub(ssh bool, user string) string {
	if ssh || user != "" {
		return user + "github.com:"
	}
	return "https://github.com/"
}

// splitPath separates the repository from the directory in it: after the element that follows _git, at //, after .git,
// and otherwise after two elements, or nowhere in a path of this machine.
func splitPath(rest string, local bool) (repo, dir string) {
	if before, after, ok := strings.Cut(rest, "_git/"); ok {
		name, dir, _ := strings.Cut(after, "/")
		return before + "_git/" + name, dir
	}
	if repo, dir, ok := strings.Cut(rest, "//"); ok {
		return repo, dir
	}
	if repo, dir, ok := strings.Cut(rest, ".git/"); ok {
		return repo + ".git", dir
	}
	if local || strings.HasSuffix(rest, ".git") {
		return rest, ""
	}
	elements := strings.SplitN(rest, "/", 3)
	switch len(elements) {
	case 1:
		return "", ""
	case 2:
		return rest, ""
	}
	return elements[0] + "/" + elements[1], elements[2]
}

// parseQuery reads the parameters that kustomize knows. It refuses others, which kustomize would ignore.
func (r *repository) parseQuery(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("its query cannot be read: %w", err)
	}
	r.timeout, r.submodules = defaultTimeout, true
	for key, all := range values {
		if len(all) > 1 {
			return fmt.Errorf("it gives %q more than once", key)
		}
		value := all[0]
		switch key {
		case "ref", "version":
			err = checkRef(value)
		case "timeout":
			r.timeout, err = parseTimeout(value)
		case "submodules":
			r.submodules, err = strconv.ParseBool(value)
		default:
			err = errors.New("allowed: ref, timeout, submodules")
		}
		if err != nil {
			return fmt.Errorf("%s=%.100q: %w", key, value, err)
		}
	}
	if r.ref = values.Get("ref"); r.ref == "" {
		r.ref = values.Get("version")
	}
	return nil
}

// checkRef refuses what git would not take for the name of a branch, tag or commit, but for an option or a pattern.
func checkRef(ref string) error {
	if strings.ContainsAny(ref, " ~^:?*[\\+\x7f") || strings.ContainsFunc(ref, unicode.IsControl) ||
		strings.HasPrefix(ref, "-") || strings.Contains(ref, "..") || strings.Contains(ref, "@{") {
		return errors.New("no branch, tag or commit is named like this")
	}
	return nil
}

// parseTimeout reads seconds, or a duration with its unit.
func parseTimeout(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if seconds, errSeconds := strconv.Atoi(text); errSeconds == nil {
		duration, err = time.Duration(min(max(seconds, 0), 1e6))*time.Second, nil
	}
	if err != nil || duration <= 0 || duration > maxTimeout {
		return 0, fmt.Errorf("allowed: seconds such as 60, or a duration such as 2m, up to %s", maxTimeout)
	}
	return duration, nil
}

// isLocal reports whether the repository is on this machine.
func (r repository) isLocal() bool { return strings.HasPrefix(r.url, fileScheme) }

// isCommit reports whether a ref is the full hash of a commit.
func isCommit(ref string) bool {
	return regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`).MatchString(ref)
}

// show writes the place of a file as <repository>?ref=<ref>//<path in the repository>: // ends the repository as it does
// in a kustomization, and the path comes last, so that a line number can follow it.
func (r repository) show(file string) string {
	shown := r.url
	if r.ref != "" {
		shown += "?ref=" + r.ref
	}
	if file == "" || file == "." {
		return shown
	}
	return shown + "//" + file
}
