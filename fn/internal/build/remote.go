package build

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// remote finds the directory that a remote entry stands for, if fetching was allowed.
func (w *walk) remote(k *kustomization, r reference) (path string, ok bool) {
	repo, err := parseRepository(r.path)
	if refusal := w.refuseRemote(k, r, repo, err); refusal != nil {
		refusal.Code, refusal.Source = diag.RemoteSource, r.at
		w.add(*refusal)
		return "", false
	}
	found := w.remotes.get(w.files.ctx, r.path, repo)
	if found.err != nil {
		f := diag.Finding{Code: diag.RemoteSource, Source: r.at}
		f.Message = fmt.Sprintf("%.200q cannot be fetched: %v", r.path, found.err)
		if errors.Is(found.err, errTooLarge) {
			f.Code = diag.TooLarge
		}
		w.add(f)
		return "", false
	}
	w.warnMoving(found, r.at)
	return found.path, true
}

// refuseRemote refuses what is not fetched; err is what is wrong with the form of the entry.
func (w *walk) refuseRemote(k *kustomization, r reference, repo repository, err error) *diag.Finding {
	from := w.remotes.cloneOf(k.dir)
	switch {
	case !r.mayBeDir() || errors.Is(err, errSingleFile):
		f := refuse("", fmt.Sprintf("%.200q is a remote place; meshfn build reads only files of this machine and "+
			"directories of Git repositories", r.path),
			"put a copy of the file into the repository, and name that")
		f.Because = []string{"kustomize would download it, and a download has no version: the same input must give the same output"}
		return f
	case w.remotes.program == "":
		f := refuse("", fmt.Sprintf("%.200q is a remote place; meshfn build reads only files of this machine", r.path),
			"let git fetch it: meshfn build --allow-remote,\n"+
				"or check it out beside this kustomization, and name its directory")
		f.Because = []string{"nothing is fetched from anywhere unless the person who builds allows it"}
		return f
	case errors.Is(err, errForm):
		return refuse("", fmt.Sprintf("%.200q cannot be fetched: %v", r.path, err), "write one of\n"+repositoryForms)
	case err != nil:
		return refuse("", fmt.Sprintf("%.200q cannot be fetched: %v", r.path, err), "")
	case repo.isLocal() && from == nil && !w.may.Holds(strings.TrimPrefix(repo.url, fileScheme)):
		f := refuse("", fmt.Sprintf("%.200q is a repository of this machine, and not below %q", r.path, w.shown.of(w.may.Dir)),
			"name a repository by the URL at which everybody finds it")
		f.Because = []string{w.may.Describe(w.shown.of(w.may.Dir))}
		return f
	case repo.isLocal() && from != nil && !from.isLocal():
		f := refuse("", fmt.Sprintf("%.200q is a repository of this machine, which %q must not name", r.path, from.show("")),
			"name a repository that both can reach")
		f.Because = []string{"what was fetched may read only its own files"}
		return f
	}
	return nil
}

// warnMoving says when the same files may build to something else tomorrow.
func (w *walk) warnMoving(found *remote, at diag.Source) {
	f := diag.Finding{Code: diag.RemoteSource, Severity: diag.Warning, Source: at}
	switch c := found.clone; {
	case isCommit(c.ref):
		return
	case c.isMoving():
		what := fmt.Sprintf("ref %q is no tag", c.ref)
		if c.ref == "" {
			what = "it names no ref"
		}
		f.Message = fmt.Sprintf("%.200q: %s, so the same files may build to something else tomorrow", found.spec, what)
		f.Try = "name a tag, or the commit that was fetched now: ?ref=" + c.commit
	case strings.HasPrefix(c.url, "http://"):
		f.Message = fmt.Sprintf("%.200q: plain http does not tell who answers", found.spec)
		f.Try = "write https, or name the commit that was fetched now: ?ref=" + c.commit
	default:
		return
	}
	w.note(f)
}

// linked replaces the repositories among the paths of a kustomization by the names that they have in the view.
func (w *walk) linked(k *kustomization, paths []string) []string {
	out := make([]string, 0, len(paths))
	for _, path := range paths {
		if link, ok := w.linkedProfile(k, path); ok {
			out = append(out, link)
			continue
		}
		if found := w.remotes.named[path]; found != nil && found.err == nil {
			path = found.link()
			w.view.links[filepath.Join(k.dir, path)] = found.path
		}
		out = append(out, path)
	}
	return out
}

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
