package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/build"
)

// argocdDiscover prints something for an Application that runs meshfn. What cannot be told is no match, and no error either: an
// error here would say that Argo CD cannot use the repository at all.
func argocdDiscover(process *Process) error {
	a, err := process.argoApplication()
	if err != nil {
		return err
	}
	dir := a.dir
	values, findings := a.values(platformFlags{})
	if overlay := values[overlayParameter]; overlay != "." {
		named, finding := a.overlay(overlay)
		if finding != nil {
			findings = append(findings, *finding)
		} else {
			dir = named
		}
	}
	printFindings(process, findings, nil)
	found, err := build.Discover(context.Background(), dir, a.repository)
	if err != nil {
		_, _ = fmt.Fprintf(process.Stderr, "meshfn: the search for meshfn in this application ended: %v\n", err)
		return nil
	}
	if found != "" {
		_, _ = fmt.Fprintln(process.Stdout, filepath.ToSlash(filepath.Join(a.shown, found)))
	}
	return nil
}
