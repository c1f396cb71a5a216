package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// sideFlags say what else makes the two sides than OLD and NEW.
type sideFlags struct {
	mergeBase  bool
	dirs, over []string
}

func addSides(command *cobra.Command, flags *sideFlags) {
	command.Flags().BoolVar(&flags.mergeBase, "merge-base", false, "take OLD at the commit at which its branch and that of NEW parted, as git diff --merge-base does")
	command.Flags().StringArrayVar(&flags.dirs, "dir", nil, "compare this directory below OLD and NEW; several make one report")
	command.Flags().StringArrayVar(&flags.over, "over", nil, "OLD and NEW are profiles: compare this application, built with the one and with the other; several make one report")
}

// application is what is built twice. With profiles it is the same both times.
type application struct {
	sides    [2]*place
	profiles [2]*place // nil, or what takes the place of its own
}

// unbuilt are applications that do not build, and why.
type unbuilt struct {
	names    []string
	findings diag.List
}

// diffSides builds both sides. The findings are those of applications that do not build, which are left out of the sides; where
// nothing is left to compare they are printed.
func diffSides(process *Process, flags *diffFlags, from, to string) ([]*group, map[string][]byte, unbuilt, error) {
	ctx := process.context()
	found := &places{ctx: ctx}
	groups, texts, broken, err := found.groups(process, flags, from, to)
	err = errors.Join(err, found.close())
	if ctx.Err() != nil {
		err = fmt.Errorf("interrupted: %w", context.Cause(ctx))
	}
	return groups, texts, broken, err
}

func (p *places) groups(process *Process, flags *diffFlags, from, to string) ([]*group, map[string][]byte, unbuilt, error) {
	ends, err := p.ends(flags.sides.mergeBase, from, to)
	if err != nil {
		return nil, nil, unbuilt{}, err
	}
	applications, err := p.applications(&flags.sides, ends)
	if err != nil {
		return nil, nil, unbuilt{}, err
	}
	p.say(process, applications)
	var done [][2]part
	var broken unbuilt
	var texts []map[string][]byte
	for _, one := range applications {
		built, findings, read, err := p.both(process, flags, one)
		if err != nil {
			return nil, nil, unbuilt{}, err
		}
		texts = append(texts, read...)
		if len(built) == 2 {
			done = append(done, [2]part(built))
			continue
		}
		broken.names, broken.findings = append(broken.names, one.sides[1].name), append(broken.findings, findings...)
	}
	all := textsOf(texts...)
	if len(done) == 0 {
		printFindings(process, broken.findings.Sorted(), all)
		return nil, nil, unbuilt{}, errFindings
	}
	together := groups(done)
	for _, one := range together {
		if findings := one.lay(ends); findings.HasErrors() {
			printFindings(process, findings, all)
			return nil, nil, unbuilt{}, errFindings
		}
	}
	broken.findings = slices.DeleteFunc(broken.findings, func(f diag.Finding) bool { return f.Severity != diag.Error })
	return together, all, broken, nil
}

// ends are OLD and NEW.
func (p *places) ends(mergeBase bool, from, to string) ([2]*place, error) {
	var ends [2]*place
	var err error
	if mergeBase {
		ends[0], err = p.mergeBase(from, to)
	} else {
		ends[0], err = p.find(from)
	}
	if err == nil {
		ends[1], err = p.find(to)
	}
	return ends, err
}

// applications are what is to be compared.
func (p *places) applications(flags *sideFlags, ends [2]*place) ([]application, error) {
	switch {
	case len(flags.dirs) > 0 && len(flags.over) > 0:
		return nil, usageError{errors.New("--dir and --over exclude each other: --dir is for two versions of applications, --over for two of a profile")}
	case len(flags.over) > 0:
		return p.over(flags.over, ends)
	case len(flags.dirs) > 0:
		return p.directories(flags.dirs, ends)
	}
	return []application{{sides: ends}}, p.missing(ends)
}

// directories are applications below OLD and NEW.
func (p *places) directories(dirs []string, ends [2]*place) ([]application, error) {
	if err := p.missing(ends); err != nil {
		return nil, err
	}
	var out []application
	for _, dir := range dirs {
		if filepath.IsAbs(dir) {
			return nil, usageError{fmt.Errorf("--dir %s is absolute; it is a directory below OLD and NEW", dir)}
		}
		var pair [2]*place
		for i, end := range ends {
			at, err := p.below(end, dir)
			if err != nil {
				return nil, err
			}
			pair[i] = at
		}
		if pair[0].path == "" && pair[1].path == "" {
			return nil, usageError{fmt.Errorf("--dir %s: neither %s nor %s exists", dir, pair[0].name, pair[1].name)}
		}
		out = append(out, application{sides: pair})
	}
	return out, nil
}

// say tells which of the two has nothing in it: a path that is misspelled must not pass for an application that is gone.
func (p *places) say(process *Process, applications []application) {
	for _, one := range applications {
		for _, at := range one.sides {
			if at.path == "" && at.name != emptyPlace {
				_, _ = fmt.Fprintf(process.Stderr, "%s does not exist; it is taken for a build with nothing in it\n", at.name)
			}
		}
	}
}
