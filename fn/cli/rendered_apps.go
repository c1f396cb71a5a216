package cli

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/rendered"
)

// builds is what came of the applications.
type builds struct {
	apps     []rendered.App
	findings diag.List
	texts    map[string][]byte
	unfit    []string // what cannot be written, though it was built
	broken   []error
}

// buildApplications builds every application before any of them is written, and says of all of them what is wrong.
func buildApplications(process *Process, flags *renderedFlags, applications []application) ([]rendered.App, error) {
	targets := targetsOf(applications, flags.output)
	all := &builds{texts: map[string][]byte{}}
	for i, one := range applications {
		if len(applications) > 1 {
			_, _ = fmt.Fprintf(process.Stderr, "building %s (%d of %d)\n", one.path, i+1, len(applications))
		}
		all.add(process, one, flags.remote, targets)
	}
	findings := all.findings.Sorted()
	failed, err := severe(findings, flags.failOn)
	if err != nil {
		return nil, err
	}
	printFindings(process, findings, all.texts)
	for _, line := range all.unfit {
		_, _ = fmt.Fprintln(process.Stderr, line)
	}
	if len(all.broken) > 0 {
		return nil, errors.Join(all.broken...)
	}
	if failed || len(all.unfit) > 0 {
		return nil, errFindings
	}
	return all.apps, nil
}

func (b *builds) add(process *Process, one application, remote bool, targets []string) {
	result, err := fromEither(process, one.path, asked{remote: remote})
	if err != nil {
		b.broken = append(b.broken, fmt.Errorf("%s: %w", one.path, err))
		return
	}
	b.findings = append(b.findings, placed(result.findings, one.path)...)
	maps.Copy(b.texts, result.texts)
	if result.findings.HasErrors() {
		return
	}
	files, problems, err := filesOf(result.manifests)
	if err != nil {
		b.broken = append(b.broken, fmt.Errorf("%s: %w", one.path, err))
		return
	}
	if len(files) == 0 {
		problems = append(problems, "it builds no object at all; leave it out, and --prune removes what was written for it")
	}
	for _, problem := range append(problems, readsOutput(result.texts, targets)...) {
		b.unfit = append(b.unfit, fmt.Sprintf("%s: error: %s", one.path, problem))
	}
	b.apps = append(b.apps, rendered.App{Name: one.name, Files: files})
}

// placed names the application where a finding is about all of it.
func placed(findings diag.List, path string) diag.List {
	for i := range findings {
		if findings[i].Source == (diag.Source{}) {
			findings[i].Source.File = filepath.ToSlash(path)
		}
	}
	return findings
}
