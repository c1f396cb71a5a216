package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/cli"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// example is a finding as it is printed, and the test that it was taken from.
type example struct{ file, text string }

// findingLine begins a finding; what belongs to it is indented below.
const findingLine = `(?m)^\S.*: (?:error|warning|info): .*\[(MF\d{4})[^\]]*\]\n(?:[ \t].*\n)*`

// examples finds for each code the shortest input that shows it: one of tests/errors, or else what a test compares the
// program's words with.
func examples() (map[diag.Code]example, error) {
	shown := map[diag.Code]example{}
	inputs, err := filepath.Glob("tests/errors/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range bySize(inputs) {
		text, err := checked(file)
		if err != nil {
			return nil, err
		}
		add(shown, file, text)
	}
	var archives []string
	for _, root := range []string{"tests/scenarios", "fn/internal/build/testdata/refused", "fn/internal/build/testdata/notfetched", "tests/cli"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".txtar") {
				archives = append(archives, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, file := range archives {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		for _, section := range archive.Files {
			add(shown, file, string(section.Data))
		}
	}
	return shown, compared(shown)
}

// add takes over the findings of codes that were not seen yet.
func add(shown map[diag.Code]example, file, text string) {
	for _, match := range regexp.MustCompile(findingLine).FindAllStringSubmatch(text, -1) {
		code := diag.Code(match[1])
		if _, ok := shown[code]; !ok {
			shown[code] = example{file, match[0]}
		}
	}
}

// checked is what check says of a file, without what the file says about the test: with it, lines are too long to be shown.
func checked(file string) (text string, err error) {
	input, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	elsewhere, err := os.MkdirTemp("", "meshfn-findings-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.Chdir(here), os.RemoveAll(elsewhere)) }()
	copied := filepath.Join(elsewhere, file)
	input = regexp.MustCompile(`(?m) *# want MF\d{4}.*$`).ReplaceAll(input, nil)
	if err := errors.Join(os.MkdirAll(filepath.Dir(copied), 0o755), os.WriteFile(copied, input, 0o644), os.Chdir(elsewhere)); err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	code := cli.Main([]string{"check", file}, cli.Process{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	if code > 1 {
		return "", fmt.Errorf("check %s: %s", file, stderr.String())
	}
	return stdout.String(), nil
}

// bySize puts short files first, because they say least besides.
func bySize(files []string) []string {
	size := func(file string) int64 {
		info, err := os.Stat(file)
		if err != nil {
			return 0
		}
		return info.Size()
	}
	slices.SortStableFunc(files, func(a, b string) int { return int(size(a) - size(b)) })
	return files
}
