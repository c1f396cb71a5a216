// Command kubectl is kubectl's own `kustomize` command and nothing else, which is all that the tests run of it.
package main

import (
	"os"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/cmd/kustomize"
)

func main() {
	root := &cobra.Command{Use: "kubectl"}
	root.AddCommand(kustomize.NewCmdKustomize(genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}))
	if err := root.Execute(); err != nil {
		os.Exit(1)
	}
}
