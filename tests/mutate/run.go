package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// patience is how long a test binary may take; a mutant may turn a loop into an endless one.
const patience = 10 * time.Minute

// runner runs the suites over mutants.
type runner struct {
	workshop workshop
	suites   []suite
}

// unchanged holds that all tests pass as long as nothing is mutated. Else they would notice everything.
func (r *runner) unchanged(ctx context.Context) error {
	by, err := r.try(ctx, 0)
	if err != nil {
		return err
	}
	if by != "" {
		return fmt.Errorf("without any mutant, %s fails", by)
	}
	return nil
}

// try gives a mutant to one suite after the other, and says which test notices it, if any.
func (r *runner) try(ctx context.Context, number int) (by string, err error) {
	for _, s := range r.suites {
		if by, err = r.suite(ctx, s, number); by != "" || err != nil {
			return by, err
		}
	}
	return "", nil
}

func (r *runner) suite(ctx context.Context, s suite, number int) (failed string, err error) {
	binary, err := r.workshop.binary(ctx, s)
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// As one word each, because the function door takes a word without a dash for a command.
	test := exec.CommandContext(limited, binary, "-test.failfast", "-test.run="+s.run) //nolint:gosec // It was built above.
	test.Dir = filepath.Join(r.workshop.root, s.module, s.pack)
	test.Env = append(os.Environ(), fmt.Sprintf("%s=%d", chosen, number)) //nolint:forbidigo // The tests get what this command got.
	output, err := test.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "a test that does not end", nil
	case err != nil:
		return failure(output), nil
	}
	return "", nil
}

// failure names the innermost test that failed.
func failure(output []byte) string {
	failed := regexp.MustCompile(`--- FAIL: (\S+)`).FindAllSubmatch(output, -1)
	panicked := bytes.Contains(output, []byte("panic: "))
	switch {
	case len(failed) > 0 && panicked:
		return string(failed[len(failed)-1][1]) + ", which panics"
	case len(failed) > 0:
		return string(failed[len(failed)-1][1])
	case panicked:
		return "a test that panics"
	}
	return "a test that ends its process"
}
