package cli

import (
	"github.com/spf13/cobra"
)

func argocdCommand(process *Process) *cobra.Command {
	command := &cobra.Command{
		Use: "argocd", Short: "Be a config management plugin of Argo CD: discover, generate and parameters",
		Long: `The three commands of a config management plugin, which the plugin server of Argo CD runs in the directory of an
Application. It says what it wants in variables of the environment. See docs/hosts/argocd.md.`,
		Args: exactly(0, "one of its commands: discover, generate or parameters"),
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(argocdDiscoverCommand(process), argocdGenerateCommand(process), argocdParametersCommand(process))
	return command
}

func argocdDiscoverCommand(process *Process) *cobra.Command {
	return &cobra.Command{
		Use: "discover", Short: "Print a file of meshfn's that the Application reaches, or nothing",
		Long: `Print the first file of meshfn's that the kustomization of the Application reaches in its repository, or nothing. It
reads a bounded number of files, and neither builds nor fetches.`,
		Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error { return argocdDiscover(process) },
	}
}

// platformFlags are what the platform says in plugin.yaml, and no Application can change.
type platformFlags struct {
	remote bool
	failOn string
}

func argocdGenerateCommand(process *Process) *cobra.Command {
	var flags platformFlags
	command := &cobra.Command{
		Use: "generate", Short: "Build the Application: manifests on standard output, findings on standard error",
		Long: `Build the kustomization of the Application. What has no namespace is built for the namespace of the destination, which is
where Argo CD puts it. Nothing outside of the repository is read. An unknown parameter, or a variable that nothing reads, is
an error.

The flags are the platform's: they stand in plugin.yaml, and no Application can change them.`,
		Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error { return argocdGenerate(process, flags) },
	}
	addRemote(command, &flags.remote)
	addFailOn(command, &flags.failOn)
	return command
}

func argocdParametersCommand(process *Process) *cobra.Command {
	var flags platformFlags
	command := &cobra.Command{
		Use: "parameters", Short: "Print the parameters that an Application may give, as Argo CD reads them",
		Long: `Print what an Application may say in its plugin.parameters: a JSON array of names, titles and defaults, which Argo CD
shows in its user interface. Give it the flags of generate, so that both mean the same defaults.`,
		Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error { return argocdParameters(process, flags) },
	}
	addFailOn(command, &flags.failOn)
	return command
}
