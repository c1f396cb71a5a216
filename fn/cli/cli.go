// Package cli is the command line: one file per verb. It only connects doors, flags, exit codes and printers.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// The exit codes.
const (
	exitClean    = 0
	exitFindings = 1 // the findings hold an error
	exitUsage    = 2
	exitFailure  = 3 // the run itself was not possible
)

// Process is the world outside: streams, and facts about the program.
type Process struct {
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Self     string // path of this program, which a build runs again as the function
	Terminal bool   // a person is at the other end of Stdin

	Context context.Context //nolint:containedctx // of the whole process; it ends when the process has to, nil for never

	// Environ is the environment as "name=value". Only what a host hands over in no other way is read from it, by the commands of
	// that host: what a build comes to depends on files and arguments alone.
	Environ []string
}

// context is how long the process may go on.
func (p *Process) context() context.Context {
	if p.Context == nil {
		return context.Background()
	}
	return p.Context
}

// errFindings ends a run whose findings were printed.
var errFindings = errors.New("findings")

// usageError is a mistake on the command line.
type usageError struct{ error }

// Main runs one command and returns the exit code.
func Main(args []string, process Process) int {
	plain := diag.NewPlain(process.Stderr) // What a repository holds is among what is said.
	defer func() { _ = plain.Flush() }()
	process.Stderr = plain
	log.SetFlags(0) // Kustomize says a few things by this way.
	log.SetOutput(plain)
	command := root(&process)
	command.SetArgs(args)
	command.SetIn(process.Stdin)
	command.SetOut(process.Stdout)
	command.SetErr(process.Stderr)
	err := command.Execute()
	var usage usageError
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(process.Stderr, "meshfn: %v\nRun 'meshfn --help' for the commands, or 'meshfn COMMAND --help' for one of them.\n", usage)
		return exitUsage
	}
	_, _ = fmt.Fprintf(process.Stderr, "meshfn: %v\n", err)
	return exitFailure
}

const about = `meshfn expands a few lines of mesh spec into complete, checked Istio configuration.

An application team writes a Mesh beside its manifests: which Services are in the mesh, and how their
traffic behaves. A platform team writes a MeshProfile: facts about the mesh, the gateways, and the rules. meshfn
turns them into VirtualServices, DestinationRules, Gateways and sidecar labels, checks every object with
Istio's own validation, and says in your words what is wrong.

Without a command and with a ResourceList on standard input, meshfn is a KRM function.`

const examples = `  # Propose the first Mesh of a repository, from what is there.
  meshfn init examples/shop/app --stdout

  # Build a kustomization whose transformers name meshfn; nothing else is needed.
  meshfn build examples/quickstart

  # Plain manifests, without kustomize.
  meshfn render manifests/

  # A directory of plain manifests for each application, for Argo CD or Flux.
  meshfn rendered apps/shop apps/billing --output rendered/

  # What would go wrong in the mesh? Istio objects kept by hand are checked too.
  meshfn check examples/quickstart

  # Why does this Service have that timeout?
  meshfn explain web timeout --dir examples/quickstart

  # And why does this object say that?
  meshfn explain VirtualService/web spec.http[0].timeout --dir examples/quickstart

  # What changes for whom between two builds, and is the way there safe?
  meshfn diff ../main/overlays/prod overlays/prod

  # What do other repositories have to know of these builds?
  meshfn catalog examples/platform/shop examples/platform/billing -o catalog.yaml

  # Let an editor check and complete Mesh documents.
  meshfn schema Mesh > mesh.schema.json`

func root(process *Process) *cobra.Command {
	command := &cobra.Command{
		Use: "meshfn", Short: "Compact mesh specs to checked Istio configuration", Long: about, Example: examples,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q", args[0])}
			}
			return nil
		},
		RunE: func(command *cobra.Command, _ []string) error {
			if process.Terminal {
				return command.Help()
			}
			return runFunction(process, "", nil, nil)
		},
	}
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	addGroup(command, "Begin and build:", initCommand(process), buildCommand(process), renderCommand(process), renderedCommand(process))
	addGroup(command, "Review:", checkCommand(process), diffCommand(process), explainCommand(process))
	addGroup(command, "For a platform:", catalogCommand(process), argocdCommand(process))
	command.AddCommand(schemaCommand(process), versionCommand(process), functionCommand(process))
	return command
}

// addGroup adds commands that help shows together.
func addGroup(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, command := range commands {
		command.GroupID = title
		root.AddCommand(command)
	}
}

// exactly checks the number of arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("it takes %s, and %d arguments were given", what, len(args))}
		}
		return nil
	}
}
