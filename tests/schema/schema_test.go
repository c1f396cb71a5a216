// Package schema compares the published JSON Schemas with what the program says about the same documents. It is a module
// of its own, so that the validator is no dependency of the product.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/schemas"
)

const root = "../.."

// program is the built command line.
var program string

func TestMain(m *testing.M) {
	os.Exit(withProgram(m))
}

func withProgram(m *testing.M) int {
	dir, err := os.MkdirTemp("", "meshfn")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "meshfn")
	build := exec.Command("go", "build", "-o", program, "./fn/cmd/meshfn")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot build the program: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// run runs the program and returns what it printed.
func run(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, problems bytes.Buffer
	command := exec.Command(program, args...)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(stdin), &out, &problems
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), problems.String(), command.ProcessState.ExitCode()
}

// errorLine is a finding of the command line: the line it is on, and its code.
var errorLine = regexp.MustCompile(`(?m)^<stdin>:(\d+):\d+: error: .*\[(MF\d{4})\]$`)

// refusals are the errors of reading a stream of documents, by their line. Reading comes first and alone when it finds
// errors, so with one of its codes nothing else is in the list.
func refusals(t *testing.T, stream string) map[int][]string {
	t.Helper()
	_, stderr, _ := run(t, stream, "render", "-")
	found := map[int][]string{}
	for _, match := range errorLine.FindAllStringSubmatch(stderr, -1) {
		line, err := strconv.Atoi(match[1])
		if err != nil {
			t.Fatal(err)
		}
		if match[2] < "MF0100" {
			found[line] = append(found[line], match[2])
		}
	}
	return found
}

// compile compiles a schema, or the part of it at a JSON pointer. The compiler checks the schema against that of draft 07
// first.
func compile(t *testing.T, kind, pointer string) *jsonschema.Schema {
	t.Helper()
	text, ok := schemas.Schema(kind)
	if !ok {
		t.Fatalf("no schema of %s", kind)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemas.URL(kind), document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemas.URL(kind) + "#" + pointer)
	if err != nil {
		t.Fatalf("%s%s: %v", kind, pointer, err)
	}
	return schema
}

// value is what a validator gets to see of a YAML document.
func value(t *testing.T, text string) any {
	t.Helper()
	var parsed any
	if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	encoded, err := json.Marshal(withTextKeys(parsed))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// withTextKeys makes every key a text, as JSON has it.
func withTextKeys(parsed any) any {
	switch parsed := parsed.(type) {
	case map[string]any:
		for key, value := range parsed {
			parsed[key] = withTextKeys(value)
		}
	case map[any]any:
		out := map[string]any{}
		for key, value := range parsed {
			out[fmt.Sprint(key)] = withTextKeys(value)
		}
		return out
	case []any:
		for i := range parsed {
			parsed[i] = withTextKeys(parsed[i])
		}
	}
	return parsed
}

// document completes what a test writes to a document: a text that is one stays, everything else is the spec of a Mesh.
func document(text string) (kind, complete string) {
	if !strings.HasPrefix(text, "apiVersion:") {
		text = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec:\n" + indented(text)
	}
	for _, kind := range schemas.Names() {
		if strings.Contains(text, "kind: "+kind+"\n") {
			return kind, text
		}
	}
	return "Mesh", text
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}
