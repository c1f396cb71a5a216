package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// suite is a test binary, and which of its tests run.
type suite struct {
	module string // the directory of the module
	pack   string // the package below it
	run    string // the pattern of -test.run
}

// suites are the tests in the order in which a mutant meets them: quick ones first.
func suites(oracle bool) []suite {
	all := []suite{
		{".", "./tests", "^(TestScenarios|TestErrors|TestExamples)$"},
		{".", "./fn/internal/render/istio", "."},
		{".", "./fn/internal/expand", "."},
		{".", "./tests", "^(TestProperties|TestFunctionTwice|TestSilence|TestCommandLine)$"},
	}
	if oracle {
		all = append(all, suite{"tests/istio", ".", "."})
	}
	return all
}

// workshop builds the test binaries that hold the mutants.
type workshop struct {
	root, temp string
	overlay    string
}

// compile writes the instrumented sources without the mutants that do not compile, which it returns with what the compiler
// says about them.
func (w *workshop) compile(ctx context.Context, mutants []mutant) (broken map[int]string, err error) {
	broken = map[int]string{}
	for {
		if err := w.write(mutants, broken); err != nil {
			return nil, err
		}
		// -e is to report all errors, not the first ten.
		output, err := w.command(ctx, w.root, "build", "-gcflags=-e", "-overlay", w.overlay, "./"+mutated)
		if err == nil {
			return broken, nil
		}
		known := len(broken)
		for _, match := range regexp.MustCompile(`mutant(\d+)\.go:\d+(?::\d+)?: (.*)`).FindAllStringSubmatch(output, -1) {
			number, err := strconv.Atoi(match[1])
			if err != nil {
				return nil, err
			}
			if broken[number] == "" {
				broken[number] = match[2]
			}
		}
		if len(broken) == known {
			return nil, fmt.Errorf("the instrumented sources do not compile:\n%s", output)
		}
	}
}

// write writes the instrumented sources, and what tells the compiler to take them instead of the originals.
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func (w *workshop) write(mutants []mutant, broken map[int]string) error {
	byPath := map[string]map[int]*mutant{}
	for i := range mutants {
		m := &mutants[i]
		if byPath[m.path] == nil {
			byPath[m.path] = map[int]*mutant{}
		}
		if broken[i+1] == "" {
			byPath[m.path][i+1] = m
		}
	}
	replace := map[string]string{}
	put := func(path, text string) error {
		replace[path] = filepath.Join(w.temp, filepath.Base(path))
		return os.WriteFile(replace[path], []byte(text), 0o600) //nolint:gosec // It is below the temporary directory.
	}
	for path, numbered := range byPath {
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, err := instrument(path, source, numbered)
		if err != nil {
			return err
		}
		if err := put(path, string(text)); err != nil {
			return err
		}
	}
	if err := put(filepath.Join(w.root, mutated, "zz_mutant.go"), switchboard); err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	w.overlay = filepath.Join(w.temp, "overlay.json")
	return os.WriteFile(w.overlay, text, 0o600)
}

// binary builds the tests of a suite over the instrumented sources.
func (w *workshop) binary(ctx context.Context, s suite) (string, error) {
	path := filepath.Join(w.temp, strings.NewReplacer("/", "_", ".", "_").Replace(s.module+s.pack)+".test")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	output, err := w.command(ctx, filepath.Join(w.root, s.module), "test", "-c", "-vet=off", "-overlay", w.overlay, "-o", path, s.pack)
	if err != nil {
		return "", fmt.Errorf("%s does not build:\n%s", filepath.Join(s.module, s.pack), output)
	}
	return path, nil
}

func (w *workshop) command(ctx context.Context, directory string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", arguments...) //nolint:gosec // Building is what this command does.
	command.Dir = directory
	output, err := command.CombinedOutput()
	return string(output), errors.Join(err, ctx.Err())
}
