package cli

import (
	"github.com/spf13/cobra"
)

func renderCommand(process *Process) *cobra.Command {
	var output, failOn string
	command := &cobra.Command{
		Use: "render FILE|DIR|-", Short: "Expand plain manifests, without kustomize",
		Long: `Expand plain manifests: one file, every YAML and JSON file below a directory, or standard input.

Everything that was read leaves as it came, except for the labels and annotations that a sidecar needs; Mesh and
MeshProfile documents stay out, because no cluster knows them; the generated objects come last.`,
		Example: `  meshfn render manifests/
  (helm template shop ./chart; echo ---; cat mesh.yaml) | meshfn render -`,
		Args: exactly(1, "a file, a directory, or - for standard input"),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := fromManifests(process, args[0], asked{})
			if err != nil {
				return err
			}
			return finish(process, result, output, failOn)
		},
	}
	addOutput(command, &output, &failOn)
	return command
}
