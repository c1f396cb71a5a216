// Package rendered keeps a directory with one directory for each application. It writes what was built, removes only what
// it wrote before, and leaves every other file as it is and where it is.
//
// The directory of an application changes as a whole: a fresh one is filled beside it and takes its place in one step of the
// file system. Wherever a run ends, each application is as it was or as it should be, and the next run clears away the rest.
package rendered

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// workDir is where a run works, inside the directory of all applications: only there it is surely the same file system. It
// is gone when the run has ended.
const workDir = ".meshfn-rendered"

// App is an application: the name of its directory, with slashes, and its files by name.
type App struct {
	Name  string
	Files map[string][]byte
}

// Target is the directory of all applications.
type Target struct {
	Dir   string
	Force bool // files that somebody else changed or wrote may be replaced
	Prune bool // what was written for applications that are no longer there is removed
	disk
}

// New is a target in a directory, which does not have to exist yet.
func New(dir string) *Target { return &Target{Dir: dir} }

// Plan is what has to be done, or what was done.
type Plan struct {
	Changes []*Change
	Left    []string // names of applications that were written by an earlier run and are not in this one
}

// Change is what happens to the directory of one application.
type Change struct {
	Name                        string
	Written, Removed, Unchanged []string // names of files, sorted
	Refused                     []Refusal
	Others                      []string // manifests in the directory that somebody else put there
	Reindexed                   bool     // the index itself changes
	Pruned                      bool     // the application is no longer there
	Done                        bool

	exists bool
	files  map[string][]byte // what is wanted, the index included
	seen   map[string]string // digests of the files that go
}

// Refusal is a file that is not meshfn's to change.
type Refusal struct{ Path, Why, Try string }

// Pending reports whether there is anything to write.
func (c *Change) Pending() bool {
	return c.Pruned || c.Reindexed || len(c.Written)+len(c.Removed) > 0
}

// Pending reports whether there is anything to write for any application.
func (p *Plan) Pending() bool { return slices.ContainsFunc(p.Changes, (*Change).Pending) }

// Refused lists what is in the way.
func (p *Plan) Refused() []Refusal {
	var all []Refusal
	for _, change := range p.Changes {
		all = append(all, change.Refused...)
	}
	return all
}

// Look says what would have to be done, and changes nothing.
func (t *Target) Look(apps []App) (*Plan, error) {
	found, err := t.found()
	if err != nil {
		return nil, err
	}
	plan := &Plan{}
	wanted := map[string]bool{}
	for _, app := range apps {
		wanted[app.Name] = true
		change, err := t.look(app, found)
		if err != nil {
			return nil, err
		}
		plan.Changes = append(plan.Changes, change)
	}
	for _, name := range found {
		if wanted[name] {
			continue
		}
		if !t.Prune {
			plan.Left = append(plan.Left, name)
			continue
		}
		change, err := t.look(App{Name: name}, nil)
		if err != nil {
			return nil, err
		}
		plan.Changes = append(plan.Changes, change)
	}
	slices.SortStableFunc(plan.Changes, func(a, b *Change) int { return cmp.Compare(a.Name, b.Name) })
	return plan, nil
}

// at is the path of an application, or of a file of it.
func (t *Target) at(name string, more ...string) string {
	return filepath.Join(append([]string{t.Dir, filepath.FromSlash(name)}, more...)...)
}

// within reports whether the directory of one name is inside that of another.
func within(inner, outer string) bool {
	return outer == "." || strings.HasPrefix(inner, path.Clean(outer)+"/")
}
