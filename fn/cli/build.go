package cli

import (
	"github.com/spf13/cobra"
)

func buildCommand(process *Process) *cobra.Command {
	var output string
	command := &cobra.Command{
		Use: "build DIR", Short: "Build a kustomization, with kustomize and the function inside this program",
		Long: `Build a kustomization the way kustomize does, and run the meshfn function that it names inside this program.

The kustomization names the function in its transformers, as for kustomize itself. No other function or plugin runs:
one that is named anywhere in the tree is refused by name. Nothing is read from a network.`,
		Example: `  meshfn build examples/quickstart
  meshfn build examples/quickstart --output rendered/`,
		Args: exactly(1, "the directory of a kustomization"),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := fromKustomization(process, args[0])
			if err != nil {
				return err
			}
			return finish(process, result, output)
		},
	}
	addOutput(command, &output)
	return command
}

func addOutput(command *cobra.Command, output *string) {
	command.Flags().StringVarP(output, "output", "o", "", "write one file per object into this new directory instead of standard output")
}

// finish prints the findings and, when none of them is an error, writes the manifests.
func finish(process *Process, result *expanded, output string) error {
	printFindings(process, result.findings, result.texts)
	if result.findings.HasErrors() {
		return errFindings
	}
	return writeOutput(process, result.manifests, output)
}
