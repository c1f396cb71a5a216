package cli

import (
	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

func buildCommand(process *Process) *cobra.Command {
	var output string
	var allowRemote bool
	var failOn, namespace string
	command := &cobra.Command{
		Use: "build DIR", Short: "Build a kustomization, with kustomize and the function inside this program",
		Long: `Build a kustomization the way kustomize does, and run the meshfn function that it names inside this program.

The kustomization names the function in its transformers, as for kustomize itself. No other function or plugin runs:
one that is named anywhere in the tree is refused by name. Nothing is read from a network unless --allow-remote is given,
with which git fetches the repositories that the tree names.`,
		Example: `  meshfn build examples/quickstart
  meshfn build examples/quickstart --output rendered/`,
		Args: exactly(1, "the directory of a kustomization (meshfn rendered takes several)"),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := fromKustomization(process, args[0], asked{remote: allowRemote, namespace: namespace})
			if err != nil {
				return err
			}
			return finish(process, result, output, failOn)
		},
	}
	addOutput(command, &output, &failOn)
	addRemote(command, &allowRemote)
	addNamespace(command, &namespace)
	return command
}

func addFailOn(command *cobra.Command, failOn *string) {
	command.Flags().StringVar(failOn, "fail-on", diag.Error.String(), "the least severe finding that makes the run fail: error, warning or info")
}

func addOutput(command *cobra.Command, output, failOn *string) {
	addFailOn(command, failOn)
	command.Flags().StringVarP(output, "output", "o", "", "write one file per object into this new directory instead of standard output")
}

// finish prints the findings and, when none of them is an error, writes the manifests.
func finish(process *Process, result *expanded, output, failOn string) error {
	failed, err := severe(result.findings, failOn)
	if err != nil {
		return err
	}
	printFindings(process, result.findings, result.texts)
	if failed {
		return errFindings
	}
	return writeOutput(process, result.manifests, output)
}
