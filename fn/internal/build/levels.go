package build

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// level is a kustomization as a step of the build: what runs at it, and what it takes over from below.
type level struct {
	k          *kustomization
	runs       []invocation
	bases      []listed
	components []listed
}

// listed is a directory that a kustomization takes in, and the place that says so.
type listed struct {
	dir string
	at  diag.Source
}

// invocation is an entry that runs meshfn.
type invocation struct {
	level    *level
	listed   diag.Source // the element of transformers
	resource diag.Resource
}

func (l *level) lists(dir string, r reference) {
	if r.field == "components" {
		l.components = append(l.components, listed{dir, r.at})
	} else {
		l.bases = append(l.bases, listed{dir, r.at})
	}
}

// refuseSecondRuns refuses trees in which meshfn would run over what it has generated. The second run knows nothing of the
// first one, and takes what that generated for objects kept by hand or, at the same level, replaces them without a word.
func (w *walk) refuseSecondRuns() {
	told := map[diag.Source]bool{}
	for _, l := range w.outermost {
		own := w.over(l, map[string]int{})
		if len(own) == 0 {
			continue
		}
		outer := own[len(own)-1]
		below := w.below(l, map[string]bool{}, map[string]int{})
		for _, inner := range append(below, own[:len(own)-1]...) {
			if !told[inner.listed] {
				told[inner.listed] = true
				w.add(secondRun(inner, outer))
			}
			if len(told) > maxFindings {
				return
			}
		}
	}
}

// over lists the runs over what a level has accumulated, in their order: those of its components and its own. A component
// that is listed again runs again, of which twice is enough to know.
func (w *walk) over(l *level, seen map[string]int) []invocation {
	var runs []invocation
	for _, component := range l.components {
		inner := w.levels[component.dir]
		if inner == nil || seen[component.dir] == 2 {
			continue
		}
		seen[component.dir]++
		runs = append(runs, w.over(inner, seen)...)
	}
	return append(runs, l.runs...)
}

// below lists the runs in everything that a level is built from. A component brings resources too.
func (w *walk) below(l *level, seen map[string]bool, components map[string]int) []invocation {
	var runs []invocation
	for i, below := range slices.Concat(l.bases, l.components) {
		inner := w.levels[below.dir]
		if inner == nil || seen[below.dir] {
			continue
		}
		seen[below.dir] = true
		runs = append(runs, w.below(inner, seen, components)...)
		if i < len(l.bases) {
			runs = append(runs, w.over(inner, components)...)
		}
	}
	return runs
}

func secondRun(inner, outer invocation) diag.Finding {
	f := diag.Finding{
		Code: diag.RunsTwice, Source: inner.listed, Related: []diag.Source{outer.listed},
		Because: []string{"a build is expanded once: a second run takes what the first one generated for objects kept by hand"},
	}
	f.Source.Resource = inner.resource
	if inner.level == outer.level {
		f.Message = fmt.Sprintf("meshfn runs twice over the same resources: for %s, and for %s of the same transformers",
			inner.resource, outer.resource)
		f.Try = "keep one of the two entries; list every Mesh under resources, and a single MeshProfile under transformers"
		return f
	}
	f.Message = fmt.Sprintf("meshfn runs twice over the same resources: for %s here, and for %s in the transformers of %s",
		inner.resource, outer.resource, outer.level.k.shown)
	f.Try = fmt.Sprintf("remove this entry, and keep the one of %s: meshfn runs in the outermost kustomization, "+
		"where names and namespaces are final", outer.level.k.shown)
	return f
}
