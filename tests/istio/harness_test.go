// Package istio proves with Istio's own code what the program writes: that Istio accepts it, and that Envoy is told what
// the spec says. It runs the program as a user does and never imports fn/internal.
package istio

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"istio.io/istio/pkg/log"

	"github.com/meshfn/meshfn/fn/cli"
)

// update makes the tests rewrite what is generated.
var update = flag.Bool("update", false, "rewrite what is generated")

// asProgram makes the test binary behave as the program, because a build runs itself again as the function.
const asProgram = "MESHFN_TEST_IS_PROGRAM"

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		self, err := os.Executable()
		if err != nil {
			panic(err)
		}
		os.Exit(cli.Main(os.Args[1:], cli.Process{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Self: self}))
	}
	if err := errors.Join(os.Setenv(asProgram, "1"), quiet(), fetchKeys()); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// quiet keeps Istio's libraries from writing about everything they do. They also look for directories of a checkout as soon
// as they are loaded, and warn on standard output, which is the program's where this binary is run as the program.
func quiet() error {
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel("all", log.NoneLevel)
	return errors.Join(os.Setenv("TARGET_OUT", os.TempDir()), os.Setenv("LOCAL_OUT", os.TempDir()), log.Configure(options))
}

// outcome is what a user sees of one run.
type outcome struct {
	stdout, stderr string
	code           int
}

// run runs the command line.
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

// built is one input of the project's corpora and what it was expanded to.
type built struct {
	name    string // scenarios/timeout_short, examples/quickstart
	comment string // what a scenario says about itself
	input   string // the documents that went in, of a scenario
	output  string // every document that came out
}

// corpus expands every scenario that has output, and every example.
func corpus(t *testing.T) []built {
	t.Helper()
	return append(scenarios(t), examples(t)...)
}

func scenarios(t *testing.T) []built {
	t.Helper()
	paths, err := filepath.Glob("../scenarios/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var all []built
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var input []string
		for _, file := range archive.Files {
			if !strings.HasPrefix(file.Name, "out/") {
				input = append(input, string(file.Data))
			}
		}
		one := built{
			name: "scenarios/" + strings.TrimSuffix(filepath.Base(path), ".txtar"), comment: string(archive.Comment),
			input: strings.Join(input, "---\n"),
		}
		got := run(t, one.input, "render", "-")
		if got.code != 0 {
			continue // It shows a refusal, and nothing came out.
		}
		one.output = filledIn(t, got.stdout)
		all = append(all, one)
	}
	return all
}

func examples(t *testing.T) []built {
	t.Helper()
	var all []built
	err := filepath.WalkDir("../../examples", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		dir := filepath.Dir(path)
		got := run(t, "", "build", dir)
		if got.code != 0 {
			t.Fatalf("%s: exit code %d\n%s", dir, got.code, got.stderr)
		}
		all = append(all, built{name: strings.TrimPrefix(filepath.ToSlash(dir), "../../"), output: filledIn(t, got.stdout)})
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	return all
}

// documents splits a YAML stream. Spaces may stand behind the dashes.
func documents(stream string) []string {
	var out []string
	for _, document := range regexp.MustCompile(`\n---[ \t]*\n`).Split("\n"+stream, -1) {
		if document = strings.Trim(document, "\n"); document != "" {
			out = append(out, document+"\n")
		}
	}
	return out
}
