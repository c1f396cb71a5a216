package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand(process *Process) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version of this program and of what it was built with", Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return fmt.Errorf("this program carries no build information")
			}
			_, _ = fmt.Fprintf(process.Stdout, "meshfn %s\n", info.Main.Version)
			for _, path := range []string{"istio.io/istio", "istio.io/api", "sigs.k8s.io/kustomize/api", "sigs.k8s.io/kustomize/kyaml"} {
				for _, module := range info.Deps {
					if module.Path == path {
						_, _ = fmt.Fprintf(process.Stdout, "  %s %s\n", path, module.Version)
					}
				}
			}
			return nil
		},
	}
}

// programVersion is the version of this program, empty when it was built without one.
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return ""
}
