package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// argoApplication is what the plugin server says of an Application. KUBE_VERSION and KUBE_API_VERSIONS are not read: the same
// commit builds to the same manifests for every cluster.
// https://argo-cd.readthedocs.io/en/stable/user-guide/build-environment/
type argoApplication struct {
	name       string
	namespace  string // of the destination
	dir        string // real path of the Application's directory
	repository string // real path of what the build may read
	shown      string // where that lies in the repository: the server may be given only a part
	parameters string // as JSON
	unread     []string
}

// argoApplication reads the environment and finds the repository around the current directory.
func (p *Process) argoApplication() (*argoApplication, error) {
	a := &argoApplication{
		name: p.variable("ARGOCD_APP_NAME"), namespace: p.variable("ARGOCD_APP_NAMESPACE"),
		parameters: p.variable("ARGOCD_APP_PARAMETERS"), unread: p.variablesOfApplication(),
	}
	here, err := os.Getwd()
	if err == nil {
		a.dir, err = filepath.EvalSymlinks(here)
	}
	if err != nil {
		return nil, fmt.Errorf("find the directory of the Application: %w", err)
	}
	a.repository = repositoryOf(a.dir, p.workDirectory())
	inside, err := filepath.Rel(a.repository, a.dir)
	if err != nil {
		return nil, fmt.Errorf("find the repository of the Application: %w", err)
	}
	// With manifest-generate-paths the server is given the part of the repository that the Application needs.
	path := filepath.Clean(p.variable("ARGOCD_APP_SOURCE_PATH"))
	if before, ok := strings.CutSuffix(path, inside); ok && filepath.IsLocal(path) && strings.HasSuffix("/"+before, "/") {
		a.shown = filepath.Clean(before)
	} else if inside == "." && filepath.IsLocal(path) {
		a.shown = path
	}
	return a, nil
}

// variable is a variable of the environment. The last one counts, as for every program.
func (p *Process) variable(name string) string {
	for _, variable := range slices.Backward(p.Environ) {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			return value
		}
	}
	return ""
}

// applicationPrefix is what the plugin server puts before the names in plugin.env of an Application.
const applicationPrefix = "ARGOCD_ENV_"

// variablesOfApplication are the names of the variables that the Application itself sets.
func (p *Process) variablesOfApplication() []string {
	var names []string
	for _, variable := range p.Environ {
		if name, ok := strings.CutPrefix(variable, applicationPrefix); ok {
			name, _, _ = strings.Cut(name, "=")
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// workDirectory is where the plugin server unpacks repositories, each into a directory of its own.
// https://github.com/argoproj/argo-cd/blob/v3.5.7/common/common.go
func (p *Process) workDirectory() string {
	parent := p.variable("ARGOCD_CMP_WORKDIR")
	if parent == "" {
		parent = p.variable("TMPDIR")
	}
	if parent == "" {
		parent = "/tmp"
	}
	return filepath.Join(parent, "_cmp_server")
}

// repositoryOf finds what was unpacked around a directory or, for a person who runs the command by hand, the Git repository.
// Without either it is the directory itself.
func repositoryOf(dir, work string) string {
	if real, err := filepath.EvalSymlinks(work); err == nil {
		if inside, err := filepath.Rel(real, dir); err == nil && inside != "." && filepath.IsLocal(inside) {
			first, _, _ := strings.Cut(inside, string(filepath.Separator))
			return filepath.Join(real, first)
		}
	}
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
	}
	return dir
}

// overlays lists what can be built below the Application's path.
func (a *argoApplication) overlays() []string { return build.Below(context.Background(), a.dir) }

// finding is about what the Application says, at a field of its source.
func (a *argoApplication) finding(field, format string, args ...any) diag.Finding {
	return diag.Finding{
		Code: diag.HostParameter, Message: fmt.Sprintf(format, args...),
		Source: diag.Source{Resource: diag.Resource{Kind: "Application", Name: a.name}, Field: field},
	}
}
