package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// Replacement takes the place of the MeshProfile that the entries of a build bring, to see what another version of it would mean.
type Replacement struct {
	Name   string   // as people call it
	Path   string   // real path of a file, or of a directory as a kustomization would list it under transformers
	Stands []string // real paths of other versions of that directory, wherever a kustomization names one
	InRepo string   // its path in its repository, by which a URL names it; empty where that is not known
}

// show gives a real path in the profile the name that people know.
func (r *Replacement) show(real string) (string, bool) {
	if r == nil || !reach.Within(r.Path, real) {
		return "", false
	}
	relative, err := filepath.Rel(r.Path, real)
	return filepath.Join(r.Name, relative), err == nil
}

// profileLink is the name that a directory of the profile has in the view, where a kustomization lists another version of it.
const profileLink = ".meshfn-profile"

// standIn finds the profile for a path that names another version of its directory. So an overlay of the platform or of an
// application keeps what it changes, and what is replaced is not fetched.
func (w *walk) standIn(k *kustomization, r reference) (path string, ok bool) {
	profile := w.options.Profile
	if profile == nil || !r.mayBeDir() {
		return "", false
	}
	info, err := os.Stat(profile.Path)
	if err != nil || !info.IsDir() || !w.stands(k, r) {
		return "", false
	}
	w.replaced++
	if r.field != "transformers" {
		w.standIns[filepath.Join(k.dir, profileLink)] = append(w.standIns[filepath.Join(k.dir, profileLink)], r.path)
	}
	return profile.Path, true
}

func (w *walk) stands(k *kustomization, r reference) bool {
	profile := w.options.Profile
	if looksRemote(r.path) {
		repo, err := parseRepository(r.path)
		isEntry := r.field == "transformers" || w.forEntry
		return err == nil && isEntry && profile.InRepo != "" && profile.InRepo == repo.dir
	}
	path := r.path
	if !filepath.IsAbs(path) {
		path = filepath.Join(k.dir, path)
	}
	path, err := filepath.EvalSymlinks(path)
	return err == nil && (path == profile.Path || slices.Contains(profile.Stands, path))
}

// replaced says what the profile takes the place of.
type replaced int

const (
	kept     replaced = iota
	asPath            // of a path
	asInline          // of a text that is written into the field
)

// profileEntries finds the elements of transformers that the profile takes the place of, as a whole.
func (w *walk) profileEntries(k *kustomization, field string, listed, stack []string) map[int]replaced {
	out := map[int]replaced{}
	if w.options.Profile == nil || w.forEntry || field != "transformers" {
		return out
	}
	runs := w.runs
	var remote []int
	for i, text := range listed {
		r := reference{field: field, path: text, at: k.place(diag.At(field, i))}
		switch {
		case looksRemote(text) && w.remotes.program == "":
			if w.stands(k, r) {
				out[i] = asPath
			}
			remote = append(remote, i)
		case !strings.Contains(text, "\n") && w.stands(k, r):
			out[i] = asPath
		default:
			how, ran := w.bringsProfile(k, r, stack)
			if how != kept {
				out[i] = how
			}
			runs += ran
		}
	}
	// Nothing is fetched, so the only entry that may bring a profile is taken for the one that does.
	if len(remote) == 1 && runs == 0 && len(out) == 0 {
		out[remote[0]] = asPath
	}
	return out
}

// bringsProfile looks at what an element brings, without leaving a trace of it in this build. It reports whether the profile
// takes its place as a whole, and how many runs of meshfn it asks for.
func (w *walk) bringsProfile(k *kustomization, r reference, stack []string) (how replaced, runs int) {
	aside := newPlan(w.files.ctx, w.options, w.root, w.reports.dir, w.files.budget.limits)
	aside.may = w.may
	aside.remotes = w.remotes
	aside.shown = w.shown
	look := aside.walk(false)
	look.levels[k.dir] = &level{k: k}
	found, isInline, ok := look.documentsIn(r.path, r.at)
	if ok && !isInline {
		found = nil
		for _, c := range look.named(k, r, stack) {
			found = append(found, c.resource)
		}
	}
	var others []string
	var profiles []*resource.Resource
	for _, res := range found {
		gvk := res.GetGvk()
		switch {
		case gvk.Group == v1alpha1.Group && gvk.Kind == v1alpha1.KindMeshProfile:
			profiles = append(profiles, res)
		default:
			others = append(others, gvk.Kind+" "+res.GetName())
		}
		if gvk.Group == v1alpha1.Group {
			runs++
		}
	}
	if aside.problems > 0 || aside.replaced > 0 || len(profiles) == 0 {
		return kept, runs // What is wrong with it is said when it is read for this build.
	}
	w.refuseLoss(r, others, !isInline && aside.changes(profiles))
	if isInline {
		return asInline, runs
	}
	return asPath, runs
}

// refuseLoss reports an element that does more than to bring a profile: with another profile in its place that would be lost.
func (w *walk) refuseLoss(r reference, others []string, changed bool) {
	f := diag.Finding{Code: diag.BadFunction, Source: r.at}
	switch {
	case len(others) > 0:
		f.Message = fmt.Sprintf("this entry also brings %s, which is lost when another MeshProfile takes its place", strings.Join(others, ", "))
		f.Try = "give the directory that this entry names, in both versions; or list what is not the platform's as entries of its own"
	case changed:
		f.Message = "this entry changes the MeshProfile that it lists, which is lost when another one takes its place"
		f.Try = "give the directory with the MeshProfile that it lists, in both versions"
	default:
		return
	}
	w.add(f)
}

// changes reports whether a directory among the entries brings a profile that no file holds as it is.
func (p *plan) changes(profiles []*resource.Resource) bool {
	for _, built := range profiles {
		same := slices.ContainsFunc(p.docs, func(doc Doc) bool {
			written, err := p.factory.RF().SliceFromBytes(doc.Raw)
			return err == nil && len(written) == 1 && p.equal(written[0], built)
		})
		isFile := slices.ContainsFunc(p.docs, func(doc Doc) bool { return strings.Contains(string(doc.Raw), v1alpha1.KindMeshProfile) })
		if isFile && !same {
			return true
		}
	}
	return false
}

// profile reads the documents that take the place of an element.
func (w *walk) profile(k *kustomization, r reference, how replaced, stack []string) []candidate {
	as := k.name
	if how == asPath {
		as = filepath.Clean(r.path)
	}
	w.replaced++
	found := w.named(k, reference{field: r.field, path: w.options.Profile.Path, at: r.at}, stack)
	for i := range found {
		found[i].shown = as // The same for every version of the profile, so that origins do not differ.
	}
	return found
}

// isProfile finds the profile itself, which may lie anywhere.
func (w *walk) isProfile(r reference) (isDir, ok bool) {
	if w.options.Profile == nil || r.path != w.options.Profile.Path || r.field != "transformers" {
		return false, false
	}
	info, err := os.Stat(r.path)
	return err == nil && info.IsDir(), err == nil
}

// linkedProfile replaces the paths that name another version of the profile by its name in the view.
func (w *walk) linkedProfile(k *kustomization, path string) (string, bool) {
	link := filepath.Join(k.dir, profileLink)
	if !slices.Contains(w.standIns[link], path) {
		return path, false
	}
	w.view.links[link] = w.options.Profile.Path
	return profileLink, true
}
