package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/check"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/krm"
	"github.com/meshfn/meshfn/fn/internal/locate"
	"github.com/meshfn/meshfn/fn/internal/write"
)

// expanded is an expanded build, whichever way it came in.
type expanded struct {
	manifests   []byte // nil when the findings hold an error
	findings    diag.List
	texts       map[string][]byte
	plan        json.RawMessage
	explanation explain.Explanation // empty unless somebody asked
	unjudged    []*item.Item        // a build that no function looked at
	documents   []build.Doc         // what it was built from
	patches     []build.Doc
	runs        []ran
	own         []*item.Item // documents of meshfn among plain manifests
	plain       []*item.Item // plain manifests as they came

	how      asked
	later    []build.Later
	built    []*item.Item // what kustomize printed
	catalogs []string     // of the runs, or of the one that there was
}

// asked is how a build is to be made.
type asked struct {
	remote    bool        // git may fetch what the build names
	why       bool        // everything is to say where it comes from
	about     string      // or only what this word means
	listed    bool        // but not what it became, which takes long
	whole     string      // every document is to be seen as the function sees it; this entry runs it where no other does
	catalog   bool        // what others have to know of it is wanted
	samples   substitutes // what variables are taken to be
	namespace string      // where what has no namespace will be
	placed                // where the files are, if not where the paths say

	root      string // the directory that the build must not leave, "" for the one that it finds itself
	rootShown string // what that is called in findings
}

// options are how a kustomization is built, with this program as its function.
func (how asked) options(process *Process, dir string) (build.Options, error) {
	options := build.Options{Dir: dir, Self: process.Self, SelfArgs: []string{"function", "--report", "{report}"}, Version: programVersion()}
	options.Namespace, options.Root, options.RootName = how.namespace, how.root, how.rootShown
	if how.why {
		options.SelfArgs = append(options.SelfArgs, "--why", "--about="+how.about)
	}
	if how.listed {
		options.SelfArgs = append(options.SelfArgs, "--listed")
	}
	if how.whole != "" {
		options.Otherwise, options.SelfArgs = how.whole, append(options.SelfArgs, "--whole")
	}
	if how.catalog {
		options.SelfArgs = append(options.SelfArgs, "--catalog")
	}
	options.SelfArgs = append(options.SelfArgs, how.samples.flags()...)
	if how.remote {
		git, err := gitForRemote()
		if err != nil {
			return options, err
		}
		options.Git = git
	}
	return options, nil
}

// fromKustomization builds a kustomization with this program as its function.
func fromKustomization(process *Process, dir string, how asked) (*expanded, error) {
	options, err := how.options(process, dir)
	if err != nil {
		return nil, err
	}
	ctx := how.place(process, &options)
	result, findings, err := build.Run(ctx, options)
	if err != nil {
		return nil, err
	}
	out := &expanded{findings: findings, how: how}
	if result == nil {
		return out, nil
	}
	how.replaced(result.Replaced)
	out.texts, out.documents, out.patches, out.later = result.Read, result.Docs, result.Patches, result.Later
	if err := out.gather(result); err != nil {
		return nil, err
	}
	if built, _ := item.Stream("", result.YAML); !out.findings.HasErrors() {
		out.findings = append(out.findings, check.Above(built, true)...)
		out.finished(built)
		out.built = built
		if len(result.Reports) == 0 {
			out.unjudged = built
		}
	}
	blame(out.findings, result.Later)
	out.findings = out.findings.Sorted()
	if !out.findings.HasErrors() {
		out.manifests = result.YAML
	}
	return out, nil
}

// judge looks at what was built without the function, which judges it otherwise.
func (e *expanded) judge() error {
	if e.unjudged == nil {
		return nil
	}
	out, findings, err := expand.Run(expand.Input{Items: e.unjudged, Samples: e.how.samples})
	if err != nil {
		return err
	}
	report, err := krm.NewReport(e.unjudged, out, findings, krm.Asked{Catalog: e.how.catalog})
	if err != nil {
		return err
	}
	return e.gather(&build.Result{Reports: [][]byte{report}, Docs: e.documents, Patches: e.patches})
}

// gather takes over what the runs of the function reported, with the lines that only the files have.
func (e *expanded) gather(result *build.Result) error {
	documents, patches := items(result.Docs), items(result.Patches)
	for _, text := range result.Reports {
		var report krm.Report
		if err := json.Unmarshal(text, &report); err != nil {
			return fmt.Errorf("cannot read the report of the function: %w", err)
		}
		index := locate.New(report.Documents, documents, patches)
		e.findings = append(e.findings, index.Findings(report.Findings)...)
		e.plan = report.Plan
		e.runs = append(e.runs, ran{report.Documents, report.Staged})
		if report.Catalog != "" {
			e.catalogs = append(e.catalogs, report.Catalog)
		}
		if report.Explanation != nil {
			report.Explanation.Locate(index.Source, index.Written)
			e.explanation.Add(report.Explanation)
		}
	}
	return nil
}

// items are documents as they were read, with their lines.
func items(docs []build.Doc) []*item.Item {
	list := make([]*item.Item, 0, len(docs))
	for _, doc := range docs {
		list = append(list, item.New(doc.Raw, item.Place{File: doc.File, Index: doc.Index, Line: doc.Line}))
	}
	return list
}

// fromManifests expands plain manifests. What is to be applied leaves without our own documents, which no cluster knows.
func fromManifests(process *Process, path string, how asked) (*expanded, error) {
	input, findings, err := how.read(process, path)
	if err != nil {
		return nil, err
	}
	if input == nil {
		return &expanded{findings: findings}, nil
	}
	out := &expanded{findings: findings, texts: input.Texts, how: how, plain: input.Items}
	result, found, err := expand.Run(expand.Input{Items: input.Items, Samples: how.samples})
	if err != nil {
		return nil, err
	}
	out.findings = append(append(out.findings, found...), check.Above(input.Items, false)...).Sorted()
	if result.Plan != nil {
		if out.plan, err = json.Marshal(result.Plan); err != nil {
			return nil, fmt.Errorf("cannot write the plan: %w", err)
		}
	}
	if out.findings.HasErrors() {
		return out, nil
	}
	if how.catalog {
		text, err := result.Catalog()
		if err != nil {
			return nil, err
		}
		out.catalogs = append(out.catalogs, string(text))
	}
	if how.why && result.Plan != nil {
		index := locate.New(nil, input.Items, nil)
		out.explanation = *krm.Explain(result, whyAbout(true, how.listed, how.about))
		out.explanation.Locate(index.Source, index.Written)
	}
	ours := func(it *item.Item) bool { return it.Group() == v1alpha1.Group }
	for _, it := range result.Items {
		if ours(it) {
			out.own = append(out.own, it)
		}
	}
	manifests := slices.DeleteFunc(result.Items, ours)
	out.manifests = write.Stream(manifests)
	return out, nil
}

// fromEither takes a directory with a kustomization for one, and anything else for plain manifests.
func fromEither(process *Process, path string, how asked) (*expanded, error) {
	if kustomized(path) {
		return fromKustomization(process, path, how)
	}
	if how.namespace != "" {
		return nil, namespaceOfManifests(path)
	}
	return fromManifests(process, path, how)
}

// kustomized reports whether a path is a directory with a kustomization.
func kustomized(path string) bool {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		_, err := os.Stat(filepath.Join(path, name))
		if err == nil {
			return true
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return false
}
