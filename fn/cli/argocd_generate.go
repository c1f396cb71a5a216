package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/reach"
)

// argocdGenerate builds an Application as its parameters ask.
func argocdGenerate(process *Process, flags platformFlags) error {
	if _, err := severe(nil, flags.failOn); err != nil {
		return err
	}
	a, err := process.argoApplication()
	if err != nil {
		return err
	}
	values, findings := a.values(flags)
	dir, finding := a.overlay(values[overlayParameter])
	if finding != nil {
		findings = append(findings, *finding)
	}
	if failOn := values[failOnParameter]; !slices.Contains(severities(flags.failOn), failOn) {
		findings = append(findings, a.finding("plugin.parameters", "the parameter %s is %.100q; allowed: %s", failOnParameter, failOn,
			strings.Join(severities(flags.failOn), ", ")))
	}
	if a.namespace != "" {
		if err := checkNamespace(a.namespace); err != nil {
			findings = append(findings, a.finding("destination.namespace", "%v", err))
		}
	}
	if len(findings) > 0 {
		printFindings(process, findings, nil)
		return errFindings
	}
	how := asked{remote: flags.remote, namespace: a.namespace, root: a.repository, rootShown: cmp.Or(a.shown, ".")}
	result, err := fromKustomization(process, dir, how)
	if err != nil {
		return err
	}
	return finish(process, result, "", values[failOnParameter])
}

// overlay finds the directory to build, which must not lie outside of the repository: neither by its path nor by a link.
func (a *argoApplication) overlay(value string) (string, *diag.Finding) {
	refuse := func(why string) (string, *diag.Finding) {
		f := a.finding("plugin.parameters", "the parameter %s is %.200q, %s", overlayParameter, value, why)
		if there := a.overlays(); len(there) > 0 {
			f.Try = "name one of " + strings.Join(there, ", ")
		}
		return "", &f
	}
	if value == "" || filepath.IsAbs(value) {
		return refuse("and takes a directory relative to the path of the Application")
	}
	dir := filepath.Join(a.dir, value)
	if !reach.Within(a.repository, dir) {
		return refuse("which leads out of the repository")
	}
	real, err := reach.Root{Dir: a.repository}.Resolve(dir)
	switch {
	case errors.Is(err, reach.ErrOutside):
		return refuse("which is a link that leads out of the repository")
	case errors.Is(err, reach.ErrGit):
		return refuse("which belongs to git")
	case err != nil:
		return refuse("and the repository has no such directory")
	}
	if info, err := os.Stat(real); err != nil || !info.IsDir() {
		return refuse("which is no directory")
	}
	if real != a.dir || kustomized(real) {
		return real, nil
	}
	if there := a.overlays(); len(there) > 0 {
		f := a.finding("plugin.parameters", "the path of the Application holds no kustomization, and several directories below it do")
		f.Try = fmt.Sprintf("{name: %s, string: %s}", overlayParameter, there[0])
		return "", &f
	}
	return real, nil
}
