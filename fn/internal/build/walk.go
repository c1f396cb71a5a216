package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// walk reads the tree of one kustomization before kustomize does: it finds what is wrong with it, all of it and with
// its place, and fills the view that kustomize will see.
type walk struct {
	*plan
	view      *view
	forEntry  bool // the tree is the content of a transformers, generators or validators entry
	visited   map[string]bool
	top       *kustomization    // where the walk began
	levels    map[string]*level // by real directory
	outermost []*level          // in the order of the walk, which comes to a level before what it is built from
}

// kustomization walks the kustomization in dir, which the place from named, and everything below. The stack holds the
// directories of the kustomizations that led here.
func (w *walk) kustomization(dir string, from diag.Source, stack []string) {
	if w.visited[dir] {
		return
	}
	w.visited[dir] = true
	k, ok := w.load(dir, from)
	if !ok {
		return
	}
	if w.top == nil {
		w.top = k
	}
	stack = append(slices.Clip(stack), dir)
	w.levels[dir] = &level{k: k}
	w.outermost = append(w.outermost, w.levels[dir])
	w.refuseHelm(k)
	for _, r := range k.dataFiles() {
		w.dataFile(k, r)
	}
	w.secretLiterals(k)
	for _, r := range k.operands() {
		w.operand(k, r, stack)
	}
	k.content.Transformers = w.entries(k, "transformers", k.content.Transformers, stack)
	if w.options.Otherwise != "" && k == w.top && !w.forEntry && w.runs == 0 {
		k.content.Transformers = append(k.content.Transformers, w.entries(k, "transformers", []string{w.options.Otherwise}, stack)...)
	}
	k.content.Generators = w.entries(k, "generators", k.content.Generators, stack)
	k.content.Validators = w.entries(k, "validators", k.content.Validators, stack)
	if w.forEntry {
		w.keepAsConfigured(k)
	}
	k.content.Resources = w.linked(k, k.content.Resources)
	k.content.Bases = w.linked(k, k.content.Bases) //nolint:staticcheck // deprecated, and still honoured
	k.content.Components = w.linked(k, k.content.Components)
	text, err := k.encode()
	if err != nil {
		w.report(diag.BuildFailed, diag.Source{File: k.shown}, "%v", err)
		return
	}
	w.view.kustomizations[filepath.Join(dir, k.name)] = text
}

// operand walks one entry of resources, bases or components.
func (w *walk) operand(k *kustomization, r reference, stack []string) {
	path, isDir, ok := w.resolve(k, r)
	switch {
	case !ok:
	case isDir:
		w.levels[k.dir].lists(path, r)
		w.base(path, r, stack)
	case r.onlyDir:
		w.report(diag.BuildFailed, r.at, "%q is a file; %s take directories with a kustomization", r.path, r.field)
	default:
		w.yamlFile(path, r.at)
	}
}

// base walks a directory, unless it contains one of the kustomizations that led to it: kustomize refuses that as well,
// but only after it has read everything else.
func (w *walk) base(dir string, r reference, stack []string) {
	for _, visited := range stack {
		if reach.Within(dir, visited) {
			w.report(diag.BuildFailed, r.at, "%q leads back to the kustomization in %q, which it is part of",
				r.path, w.shown.of(visited))
			return
		}
	}
	w.kustomization(dir, r.at, stack)
}

// dataFile checks a file, or a text in place of one, that the kustomization names and kustomize will read.
func (w *walk) dataFile(k *kustomization, r reference) {
	if r.text != "" {
		if w.bound([]byte(r.text), r.at) {
			w.patchText(k, r.at)
		}
		return
	}
	if r.pathOrText != "" {
		_, isText, ok := w.documentsIn(r.pathOrText, r.at)
		if isText {
			w.patchText(k, r.at)
		}
		if isText || !ok {
			return
		}
		r.path = r.pathOrText
	}
	path, isDir, ok := w.resolve(k, r)
	if !ok {
		return
	}
	if isDir {
		w.report(diag.BuildFailed, r.at, "%q is a directory; %s takes a file", r.path, r.field)
		return
	}
	content, err := w.files.read(path)
	if err != nil {
		w.add(w.unreadable(err, r.path, r.at))
		return
	}
	if w.wellFormed(r, content) && r.isPatch && w.bound(content, diag.Source{File: w.shown.of(path)}) {
		w.patchFile(path, content)
	}
}

// resolve finds what a path in a kustomization stands for. A file must lie in or below the directory of the
// kustomization, as for kustomize.
func (w *walk) resolve(k *kustomization, r reference) (path string, isDir, ok bool) {
	if isDir, ok := w.isProfile(r); ok {
		return r.path, isDir, true
	}
	if path, ok := w.standIn(k, r); ok {
		return path, true, true
	}
	if looksRemote(r.path) {
		path, ok = w.remote(k, r)
		return path, true, ok
	}
	if strings.Contains(r.path, remotePrefix) {
		w.report(diag.BuildFailed, r.at, "%.200q cannot be read: names with %q stand for what a build fetches", r.path,
			remotePrefix)
		return "", false, false
	}
	if w.refuseAbsent(pathOf(k, r), r.at) {
		return "", false, false
	}
	path, err := w.real(k, r)
	if err == nil && w.refuseAbsent(path, r.at) {
		return "", false, false
	}
	var info os.FileInfo
	if err == nil {
		info, err = os.Stat(path)
	}
	if err != nil {
		w.add(w.unreadableFrom(k, err, r))
		return "", false, false
	}
	return path, info.IsDir(), info.IsDir() || w.mayRead(k, r, path)
}

// mayRead reports what kustomize, or this package, does not allow to be read as a file.
func (w *walk) mayRead(k *kustomization, r reference, path string) bool {
	switch {
	case !reach.Within(k.dir, path):
		f := diag.Finding{Code: diag.BuildFailed, Source: r.at}
		f.Message = fmt.Sprintf("file %q is not in or below %q", r.path, w.shown.of(k.dir))
		f.Because = []string{"kustomize lets a kustomization read only files of its own directory"}
		f.Try = "move the file, or put a kustomization.yaml beside it and name that directory"
		w.add(f)
	case isKustomizationName(path) || isKustomizationName(r.path) || isEntryName(path):
		w.report(diag.BuildFailed, r.at, "%q cannot be read as one of the %s: kustomize gets no kustomization as it is "+
			"written in the repository", r.path, r.field)
	default:
		return true
	}
	return false
}

// unreadable is the finding for a path that a kustomization names and that cannot be read.
func (p *plan) unreadable(err error, path string, at diag.Source) diag.Finding {
	f := diag.Finding{Code: diag.BuildFailed, Source: at}
	switch {
	case errors.Is(err, errTooLarge):
		f.Code = diag.TooLarge
		f.Message = fmt.Sprintf("%.200q: %v", path, err)
	case errors.Is(err, os.ErrNotExist):
		f.Message = fmt.Sprintf("%.200q does not exist", path)
		if mayBeRemote(path) {
			f.Because = []string{"it looks like a repository, which kustomize knows only with a scheme such as https://"}
		}
		f.Try = "correct the path, which is relative to the directory of this kustomization"
	default:
		f.Message = fmt.Sprintf("%.200q cannot be read: %s", path, reason(err))
	}
	return f
}

// refuseHelm refuses the fields that make kustomize run helm.
func (w *walk) refuseHelm(k *kustomization) {
	for field, count := range map[string]int{
		"helmCharts":                  len(k.content.HelmCharts),
		"helmChartInflationGenerator": len(k.content.HelmChartInflationGenerator),
	} {
		if count > 0 {
			w.add(helmFinding(k.place(field), field+" "))
		}
	}
}

func helmFinding(at diag.Source, what string) diag.Finding {
	return diag.Finding{
		Code:    diag.ForeignFunction,
		Source:  at,
		Message: what + "runs helm; meshfn build runs no other program",
		Try: strings.Join([]string{
			"render the chart into the repository (helm template) and list the result under resources,",
			"or build with the kustomize CLI: kustomize build --enable-helm --enable-alpha-plugins --enable-exec",
		}, "\n"),
	}
}
