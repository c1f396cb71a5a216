package build

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// plan is one build: what was read, what is wrong, and what kustomize will be given.
type plan struct {
	options     Options
	root        string
	may         reach.Root // what may be read of this machine
	shown       naming
	files       *snapshot
	served      *budget // what kustomize reads, repetitions included
	factory     *resmap.Factory
	reports     *reports
	yamlFiles   map[string]*yamlFile            // by real path; nil where a finding was reported
	directories map[string][]*resource.Resource // what a directory among the entries builds to
	remotes     *remotes
	findings    diag.List
	problems    int                 // how often something was wrong, also where it was reported before
	replaced    int                 // how often the profile of the options took the place of another one
	standIns    map[string][]string // by link: the paths that name another version of that profile
	runs        int                 // configurations of meshfn among the entries
	aliasValues int                 // what the aliases of all files stand for
	entryNames  []string            // what people know the served entries by, by number
	later       []Later
	patches     []Doc
	patchFiles  map[string]bool // by shown path, those that were read
	docs        []Doc
	ours        int // how many of them are meshfn's
	read        map[string][]byte
	yaml        []byte
}

func newPlan(ctx context.Context, o Options, root, reportDir string, l limits) *plan {
	r := &remotes{program: o.Git, dir: reportDir, limits: l, spent: budget{limits: l}, named: map[string]*remote{}}
	return &plan{
		options:     o,
		root:        root,
		shown:       newNaming(o, root, r),
		remotes:     r,
		files:       newSnapshot(ctx, l),
		served:      &budget{limits: l},
		factory:     resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory()),
		reports:     &reports{dir: reportDir},
		yamlFiles:   map[string]*yamlFile{},
		directories: map[string][]*resource.Resource{},
		patchFiles:  map[string]bool{},
		standIns:    map[string][]string{},
		read:        map[string][]byte{},
	}
}

// build checks the whole tree and, when nothing is wrong with it, lets kustomize build it.
func (p *plan) build() {
	w := p.walk(false)
	w.kustomization(p.root, diag.Source{File: p.options.Dir}, nil)
	if p.problems == 0 {
		p.requireRun(w.top)
		if !p.options.severalRuns {
			w.refuseSecondRuns()
		}
		p.later = w.later()
	}
	if p.problems > 0 {
		return
	}
	built, err := p.kustomize(w.view, p.root, types.PluginRestrictionsNone, krusty.ReorderOptionUnspecified)
	if err == nil {
		err = p.restoreOrigins(built.Resources())
	}
	if err == nil {
		p.yaml, err = built.AsYaml()
	}
	if err := p.reports.collect(); err != nil {
		p.report(diag.BuildFailed, diag.Source{File: p.options.Dir}, "%v", err)
	}
	switch {
	case err != nil && p.reports.explain(err):
	case err != nil:
		p.add(p.failure(err, diag.Source{File: w.top.shown}))
	default:
		p.yaml = p.remotes.withURLs(p.withShownNames(p.yaml))
		p.requireReports()
	}
	if p.problems > 0 {
		p.yaml = nil
	}
}

func (p *plan) walk(forEntry bool) *walk {
	v := &view{
		files:          p.files,
		budget:         p.served,
		kustomizations: map[string][]byte{},
		entries:        map[string]config{},
		links:          map[string]string{},
		render:         p.render,
	}
	return &walk{plan: p, view: v, forEntry: forEntry, visited: map[string]bool{}, levels: map[string]*level{}}
}

// maxFindings keeps a hostile file from filling the memory with what is wrong with it.
const maxFindings = 1000

// add notes a finding that keeps the tree from being built.
func (p *plan) add(f diag.Finding) {
	p.problems++
	p.note(f)
}

func (p *plan) note(f diag.Finding) {
	switch {
	case len(p.findings) < maxFindings:
		p.findings = append(p.findings, f)
	case len(p.findings) == maxFindings:
		p.findings = append(p.findings, diag.Finding{
			Code:    diag.TooLarge,
			Source:  diag.Source{File: p.options.Dir},
			Message: fmt.Sprintf("more than %d things are wrong; the others are not listed", maxFindings),
		})
	}
}

func (p *plan) report(code diag.Code, at diag.Source, format string, args ...any) {
	p.add(diag.Finding{Code: code, Source: at, Message: fmt.Sprintf(format, args...)})
}

func (p *plan) result() *Result {
	slices.SortFunc(p.docs, func(a, b Doc) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Index, b.Index))
	})
	return &Result{YAML: p.yaml, Reports: p.reports.contents, Docs: p.docs, Read: p.read, Later: p.later, Patches: p.patches, Replaced: p.replaced}
}

// requireRun refuses a tree whose meshfn documents would do nothing because no entry runs meshfn.
func (p *plan) requireRun(top *kustomization) {
	if p.runs > 0 || p.ours == 0 {
		return
	}
	f := diag.Finding{Code: diag.NoFunction, Source: diag.Source{File: top.shown, Field: "transformers"}}
	f.Message = fmt.Sprintf("no transformer runs meshfn, so the meshfn.dev documents of this build (%d) would do nothing",
		p.ours)
	f.Because = []string{"kustomize runs a function only for an entry of transformers"}
	f.Try = "add to " + top.shown + "\n" + profileEntry
	for _, doc := range p.docs {
		document := item.New(doc.Raw, item.Place{})
		if document.Group() != v1alpha1.Group {
			continue
		}
		f.Related = append(f.Related, diag.Source{File: doc.File, Index: doc.Index, Line: doc.Line, Column: 1})
		if document.Kind() == v1alpha1.KindMeshProfile {
			f.Try = fmt.Sprintf("list %s, or a directory whose kustomization lists it, under transformers of %s "+
				"instead of under resources", doc.File, top.shown)
		}
	}
	p.add(f)
}

// profileEntry is the smallest entry that runs meshfn, here and with the kustomize CLI.
const profileEntry = `transformers:
- |-
  apiVersion: ` + v1alpha1.GroupVersion + `
  kind: ` + v1alpha1.KindMeshProfile + `
  metadata:
    name: profile
    annotations:
      config.kubernetes.io/function: |
        container: {image: ` + image + `}`

// Profile is the smallest file that runs meshfn, here and with the kustomize CLI.
func Profile(name string) string {
	return "apiVersion: " + v1alpha1.GroupVersion + "\nkind: " + v1alpha1.KindMeshProfile + "\nmetadata:\n  name: " + name +
		"\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: " + image + "\nspec: {}\n"
}

// requireReports refuses a build in which kustomize passed over an entry of meshfn without a word.
func (p *plan) requireReports() {
	for _, at := range p.reports.missing {
		p.add(diag.Finding{
			Code:    diag.BadFunction,
			Source:  at,
			Message: "kustomize did not run meshfn for this entry",
			Because: []string{"there is no report of a run, although kustomize ended without an error"},
		})
	}
}
