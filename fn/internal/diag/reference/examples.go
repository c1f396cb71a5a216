package main

import (
	"bytes"
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
		var stdout, stderr bytes.Buffer
		code := cli.Main([]string{"check", file}, cli.Process{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
		if code > 1 {
			return nil, fmt.Errorf("check %s: %s", file, stderr.String())
		}
		add(shown, file, stdout.String())
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
	return shown, nil
}

// add takes over the findings of codes that were not seen yet.
func add(shown map[diag.Code]example, file, text string) {
	for _, match := range regexp.MustCompile(findingLine).FindAllStringSubmatch(text, -1) {
		code := diag.Code(match[1])
		if _, ok := shown[code]; !ok {
			shown[code] = example{file, withoutWants(match[0])}
		}
	}
}

// withoutWants takes out of the source lines what they say about the test.
func withoutWants(text string) string {
	return regexp.MustCompile(`(?m) *# want MF\d{4}.*$`).ReplaceAllString(text, "")
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
