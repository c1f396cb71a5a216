package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// entry is a file of a revision.
type entry struct {
	mode string
	hash string
	path string // with slashes
}

const (
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// list lists the files of a tree. https://git-scm.com/docs/git-ls-tree#_output_format
func (r *Repository) list(ctx context.Context, tree string) ([]entry, error) {
	l := listing{most: r.limits.files}
	err := r.run(ctx, nil, &l, "ls-tree", "-r", "-z", "--full-tree", tree)
	if l.problem != nil {
		err = l.problem
	}
	if err == nil && len(l.rest) > 0 {
		err = errors.New("git stopped in the middle of its list of files")
	}
	return l.entries, err
}

// listing reads what ls-tree writes, in whatever pieces it comes.
type listing struct {
	most    int
	entries []entry
	rest    []byte
	problem error
}

// maxEntry bounds what is kept of an entry that is not complete.
const maxEntry = 64 << 10

func (l *listing) Write(text []byte) (int, error) {
	l.rest = append(l.rest, text...)
	for l.problem == nil {
		one, rest, complete := bytes.Cut(l.rest, []byte{0})
		if !complete {
			break
		}
		l.rest = rest
		l.problem = l.add(string(one))
	}
	if l.problem == nil && len(l.rest) > maxEntry {
		l.problem = fmt.Errorf("it has a path of more than %d KiB", maxEntry>>10)
	}
	return len(text), l.problem
}

// add reads "<mode> <type> <hash>\t<path>".
func (l *listing) add(text string) error {
	facts, name, _ := strings.Cut(text, "\t")
	fields := strings.Fields(facts)
	if len(fields) != 3 {
		return fmt.Errorf("git lists %.100q", text)
	}
	if len(l.entries) == l.most {
		return tooMuch("it has more than %d files", l.most)
	}
	if err := checkPath(name); err != nil {
		return err
	}
	l.entries = append(l.entries, entry{fields[0], fields[2], name})
	return nil
}

// checkPath refuses the paths that git itself would not check out.
func checkPath(name string) error {
	if name == "" || path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(name)) {
		return fmt.Errorf("it has a file %q, which no directory can hold", name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.EqualFold(part, ".git") {
			return fmt.Errorf("it has a file %q, which git itself would not check out", name)
		}
	}
	return nil
}

func tooMuch(format string, args ...any) error {
	return fmt.Errorf(format+"; check it out and name the directory instead: git worktree add --detach ../old REV", args...)
}

// missing lists the files that a partial clone has not fetched. Only rev-list tells in every version of git without trying
// to fetch them. https://git-scm.com/docs/git-rev-list#Documentation/git-rev-list.txt---missingltmissing-actiongt
func (r *Repository) missing(ctx context.Context, tree string) (map[string]bool, error) {
	found := map[string]bool{}
	if !r.partial {
		return found, nil
	}
	var out bytes.Buffer
	most := 100 * r.limits.files
	if err := r.run(ctx, nil, &limited{&out, most}, "rev-list", "--objects", "--no-object-names", "--missing=print", tree); err != nil {
		return nil, err
	}
	for line := range strings.Lines(out.String()) {
		if hash, ok := strings.CutPrefix(strings.TrimSpace(line), "?"); ok {
			found[hash] = true
		}
	}
	return found, nil
}
