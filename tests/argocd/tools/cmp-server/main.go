// Command argocd-cmp-server is Argo CD's own plugin server, which Argo CD builds into one program with everything else.
package main

import (
	"os"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
)

func main() {
	if err := commands.NewCommand().Execute(); err != nil {
		os.Exit(1) //nolint:forbidigo // It is a program.
	}
}
