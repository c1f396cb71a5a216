package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/reach"
)

// apart holds that nothing is written into an application: its next build would read it, and files of people are there.
func apart(applications []renderedApp, output string) error {
	if err := mayWrite(output); err != nil {
		return err
	}
	if info, err := os.Stat(output); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("--output %s is a file; name a directory", output)}
	}
	whole, targets := realPath(output), targetsOf(applications, output)
	for _, one := range applications {
		if one.path == "-" {
			continue
		}
		source := realPath(one.path)
		if reach.Within(source, whole) {
			return usageError{fmt.Errorf("--output %s is inside of the application %s, whose next build could read what is written there; name a directory outside of it", output, one.path)}
		}
		for i, target := range targets {
			if reach.Within(source, target) || reach.Within(target, source) {
				other := applications[i]
				return usageError{fmt.Errorf("%s would be written, and the application %s is there; name another directory with --output, or another name: NAME=%s",
					filepath.ToSlash(filepath.Join(output, other.name)), one.path, other.path)}
			}
		}
	}
	return nil
}

// targetsOf are the directories that would be written, one for each application.
func targetsOf(applications []renderedApp, output string) []string {
	var targets []string
	for _, one := range applications {
		targets = append(targets, realPath(filepath.Join(output, filepath.FromSlash(one.name))))
	}
	return targets
}

// readsOutput finds what a build reads out of a directory that would be written.
func readsOutput(texts map[string][]byte, targets []string) []string {
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		path := realPath(file)
		if slices.ContainsFunc(targets, func(target string) bool { return reach.Within(target, path) }) {
			return []string{fmt.Sprintf("it reads %s, which is in a directory that would be written; name another directory with --output", file)}
		}
	}
	return nil
}

// realPath is the absolute path of what may not be there yet, with the links of what is there followed.
func realPath(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	rest := ""
	for dir := absolute; ; dir = filepath.Dir(dir) {
		found, err := filepath.EvalSymlinks(dir)
		if err == nil {
			return filepath.Join(found, rest)
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return absolute
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
}
