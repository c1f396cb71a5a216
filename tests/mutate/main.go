// Command mutate holds that the tests notice every change of the renderer. It takes one assignment after the other out of
// fn/internal/render/istio and expects that a test fails each time. A mutant that no test notices is a value that could be
// lost without anybody seeing it.
//
// What is taken out: assignments, fields, entries and elements of literals, calls for their effect, and branches of if and
// switch; a condition is also made to hold always. A mutant that does not compile is skipped.
//
// All mutants are built at once: each is a copy of its function, and a variable of the environment says which one runs.
// The golden tests of the main module come first, because they take a second. What they do not notice goes to the other
// tests that the renderer has there, and then to the oracle.
//
// Mutants that mean the same as the original are listed in exceptions, each with the reason. One that is noticed after
// all has no place there, and is reported. So is an exception without a mutant.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := program(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1) //nolint:forbidigo // This is the process.
	}
}

func program(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	root := flags.String("root", ".", "the directory of the main module")
	only := flags.String("only", "", "mutate only these files or lines, such as retries.go,route.go:32")
	list := flags.Bool("list", false, "list the mutants and run nothing")
	oracle := flags.Bool("oracle", true, "give what the main module's tests do not notice to the oracle")
	if err := flags.Parse(args); err != nil {
		return err
	}
	absolute, err := filepath.Abs(*root)
	if err != nil {
		return err
	}
	mutants, err := mutantsOf(absolute, *only)
	if err != nil {
		return err
	}
	if len(mutants) == 0 {
		return errors.New("there is nothing to mutate")
	}
	if *list {
		for i := range mutants {
			say(out, "%s\n", &mutants[i])
		}
		return nil
	}
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	r := runner{workshop: workshop{root: absolute, temp: temp}, suites: suites(*oracle)}
	found, err := r.all(ctx, mutants, out)
	if err != nil {
		return err
	}
	return found.write(out, *only == "")
}

// all runs the tests against every mutant.
func (r *runner) all(ctx context.Context, mutants []mutant, out io.Writer) (*summary, error) {
	say(out, "building %d mutants\n", len(mutants))
	broken, err := r.workshop.compile(ctx, mutants)
	if err != nil {
		return nil, err
	}
	if err := r.unchanged(ctx); err != nil {
		return nil, err
	}
	found := newSummary(exceptions())
	width := len(strconv.Itoa(len(mutants)))
	for i := range mutants {
		m := &mutants[i]
		ended, err := r.one(ctx, i+1, m, broken[i+1], found)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m, err)
		}
		say(out, "%*d of %d  %s  -- %s\n", width, i+1, len(mutants), m, ended)
	}
	return found, nil
}

// one says what became of one mutant.
func (r *runner) one(ctx context.Context, number int, m *mutant, broken string, found *summary) (string, error) {
	if broken != "" {
		return found.broken(broken), nil
	}
	by, err := r.try(ctx, number)
	if err != nil {
		return "", err
	}
	return found.tried(m, by), nil
}

// say writes for people. Where nobody reads, nothing is lost.
func say(out io.Writer, format string, values ...any) { _, _ = fmt.Fprintf(out, format, values...) }
