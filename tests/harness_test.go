// Package tests runs the command line as a user would and compares what it says with what was reviewed.
package tests

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/cli"
)

var update = flag.Bool("update", false, "rewrite expectations from what the program does now")

// asProgram makes the test binary behave as the program.
const asProgram = "MESHFN_TEST_IS_PROGRAM"

// TestMain lets the test binary be the program, because a build runs itself again as the function: under the name meshfn
// in scripts, and with a variable of the environment elsewhere. A worker of a fuzzer has that variable too.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" && !slices.Contains(os.Args, "-test.fuzzworker") {
		program()
	}
	if err := os.Setenv(asProgram, "1"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"meshfn": program})
}

func program() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	// As the program itself: who is told to end has a moment to do so.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		time.Sleep(2 * time.Second)
		os.Exit(3)
	})
	os.Exit(cli.Main(os.Args[1:], cli.Process{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Self: self, Environ: os.Environ(), Context: ctx,
	}))
}

// outcome is what a user sees of one run.
type outcome struct {
	stdout, stderr string
	code           int
}

// run runs the command line in the current directory.
func run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code := cli.Main(args, cli.Process{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr, Self: self})
	return outcome{stdout.String(), stderr.String(), code}
}

// inDirectory writes files into a fresh directory and moves there for the rest of the test.
func inDirectory(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// eachScenario runs a test over the input of every scenario.
func eachScenario(t *testing.T, test func(t *testing.T, inputs map[string]string)) {
	t.Helper()
	paths, err := filepath.Glob("scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, inputsOf(archive)) })
	}
}

// documents splits a YAML stream.
func documents(stream string) []string {
	var out []string
	for document := range strings.SplitSeq("\n"+stream, "\n---\n") {
		if document = strings.Trim(document, "\n"); document != "" {
			out = append(out, document+"\n")
		}
	}
	return out
}
