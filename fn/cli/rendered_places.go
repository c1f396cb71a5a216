package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// apart holds that nothing is written into an application: its next build would read it, and files of people are there.
func apart(applications []application, output string) error {
	if info, err := os.Stat(output); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("--output %s is a file; name a directory", output)}
	}
	for _, one := range applications {
		source := realPath(one.path)
		if one.path == "-" {
			continue
		}
		if contains(source, realPath(output)) {
			return usageError{fmt.Errorf("--output %s is inside of the application %s, whose next build could read what is written there; name a directory outside of it", output, one.path)}
		}
		for _, other := range applications {
			target := realPath(filepath.Join(output, filepath.FromSlash(other.name)))
			if contains(source, target) || contains(target, source) {
				return usageError{fmt.Errorf("%s would be written, and the application %s is there; name another directory with --output, or another name: NAME=%s",
					filepath.ToSlash(filepath.Join(output, other.name)), one.path, other.path)}
			}
		}
	}
	return nil
}

// readsOutput finds what a build reads out of a directory that would be written.
func readsOutput(texts map[string][]byte, applications []application, output string) []string {
	var problems []string
	for _, one := range applications {
		target := realPath(filepath.Join(output, filepath.FromSlash(one.name)))
		for _, file := range slices.Sorted(maps.Keys(texts)) {
			if contains(target, realPath(file)) {
				problems = append(problems, fmt.Sprintf("it reads %s, which is in a directory that would be written; name another directory with --output", file))
				break
			}
		}
	}
	return problems
}

// contains reports whether a path is a directory or inside of it.
func contains(dir, path string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
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
