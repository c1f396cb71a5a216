// Package build is `kustomize build` in process, with the meshfn function run by the program that is already running.
//
// Nothing that the repository names is ever executed, nothing is fetched unless that was allowed, and nothing is read but what
// internal/reach permits. Kustomize gets to see neither the repository's kustomization files nor its transformer, generator
// and validator entries: it reads rewritten kustomizations whose entries are texts written here, after every document in them
// was found to be one of kustomize's builtin plugins or a configuration of meshfn. See
// https://kubectl.docs.kubernetes.io/guides/extending_kustomize/ for the plugins that are refused.
package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// reportArgument is the element of Options.SelfArgs that stands for the path of the report.
const reportArgument = "{report}"

// Options says what to build and how meshfn can be run as a function.
type Options struct {
	Dir      string   // directory with the kustomization, as the user typed it
	Self     string   // absolute path of the running executable
	SelfArgs []string // arguments that make Self a function; an element "{report}" becomes the path of its report
	Root     string   // directory below which everything but what is git's may be read; empty for what reach.Of finds
	RootName string   // what findings put before the names of files below Root, "." for nothing; empty for names as seen from the working directory
	Git      string   // absolute path of the git that may fetch repositories; nothing is fetched when it is empty
	Version  string   // of this program, empty when it is not known

	// Namespace is where what has no namespace in the end will be; it is set before the outermost transformers run. "" sets none.
	Namespace string

	// Otherwise is the text of an entry that is added to the outermost transformers of a tree that runs meshfn nowhere.
	Otherwise string

	Trees   []Tree       // directories that people know by another name; Dir may be in one of them
	Profile *Replacement // takes the place of the one that the build brings

	severalRuns bool // do not refuse trees in which meshfn runs over what it has generated
}

// Result is what was built and read. It is filled as far as the build came, so that findings can show source lines.
type Result struct {
	YAML     []byte            // the manifests as `kustomize build` prints them, nil when the build failed
	Reports  [][]byte          // what each run of the function reported, in the order of the runs
	Docs     []Doc             // the documents in the files the tree reaches, by file and position
	Patches  []Doc             // the patches of the tree, in no particular order
	Later    []Later           // what kustomizations change after the function has run
	Replaced int               // how often Options.Profile took the place of another one
	Read     map[string][]byte // text of the kustomization files and of the files that hold Docs and Patches, by shown path
}

// Doc is a document as it is written in the repository.
type Doc struct {
	File  string // path relative to where Options.Dir was typed
	Index int    // position among the documents of the file, from 0
	Line  int    // line on which the document starts, from 1
	Raw   []byte
}

// Run builds the kustomization in o.Dir. The error is for a build that could not be tried; what is wrong with the
// repository is a finding, and when the function itself failed its findings are in the reports.
//
// Only one Run may be active in a process: kustomize keeps the OpenAPI schema in package variables, see
// https://github.com/kubernetes-sigs/kustomize/issues/3659.
func Run(ctx context.Context, o Options) (*Result, diag.List, error) {
	return run(ctx, o, defaultLimits())
}

func run(ctx context.Context, o Options, l limits) (*Result, diag.List, error) {
	if !filepath.IsAbs(o.Self) {
		return nil, nil, fmt.Errorf("path of the running program must be absolute, not %q", o.Self)
	}
	if !slices.Contains(o.SelfArgs, reportArgument) {
		return nil, nil, fmt.Errorf("function arguments %q must contain %q", o.SelfArgs, reportArgument)
	}
	if o.Git != "" && !filepath.IsAbs(o.Git) {
		return nil, nil, fmt.Errorf("path of git must be absolute, not %q", o.Git)
	}
	if err := o.checkTrees(); err != nil {
		return nil, nil, err
	}
	may, root, finding := rootDirectory(o)
	if finding != nil {
		return &Result{}, diag.List{*finding}, nil
	}
	if o.Root != "" {
		o.Root = may.Dir
	}
	if t := o.treeOf(root); t != nil {
		o.Dir = t.Show(root)
	}
	reportDir, err := os.MkdirTemp("", "meshfn-build-") // created with mode 0700
	if err != nil {
		return nil, nil, fmt.Errorf("make a directory for reports: %w", err)
	}
	defer os.RemoveAll(reportDir) //nolint:errcheck // a leftover directory is no reason to lose the build
	p := newPlan(ctx, o, root, reportDir, l)
	p.may = may
	built := make(chan struct{})
	go func() {
		defer close(built)
		p.build()
	}()
	select {
	case <-built:
	case <-ctx.Done(): // Kustomize cannot be told to end: it ends with the program.
		if o.Git != "" { // Git can, and leaves nothing behind.
			<-built
		}
	}
	if err := context.Cause(ctx); err != nil {
		return nil, nil, fmt.Errorf("build %s: %w", o.Dir, err)
	}
	return p.result(), p.findings.Sorted(), nil
}

// rootDirectory resolves the directory the user typed, and finds what a build of it may read.
func rootDirectory(o Options) (reach.Root, string, *diag.Finding) {
	dir := o.Dir
	may, real, err := reach.Of(dir)
	if err == nil && o.Root != "" {
		may, real, err = reach.Below(o.Root, dir)
	}
	if t := o.treeOf(dir); t != nil {
		may, real, err = reach.Below(t.Root, dir)
	}
	var info os.FileInfo
	if err == nil {
		info, err = os.Stat(real)
	}
	if err == nil && info.IsDir() {
		return may, real, nil
	}
	finding := diag.Finding{
		Code:   diag.NoInput,
		Source: diag.Source{File: dir},
		Try:    "give a directory on this machine that holds a kustomization.yaml",
	}
	switch {
	case err == nil:
		finding.Message = fmt.Sprintf("%q is a file, not a directory", dir)
	case looksRemote(dir):
		finding.Message = fmt.Sprintf("%q is a remote place; only directories on this machine are built", dir)
	case errors.Is(err, reach.ErrOutside), errors.Is(err, reach.ErrGit):
		finding = reach.Finding(dir, err)
	case errors.Is(err, os.ErrNotExist):
		finding.Message = fmt.Sprintf("directory %q does not exist", dir)
	default:
		finding.Message = fmt.Sprintf("directory %q cannot be read: %v", dir, reason(err))
	}
	return may, "", &finding
}
