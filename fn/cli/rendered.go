package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/rendered"
)

type renderedFlags struct {
	output, failOn              string
	check, force, prune, remote bool
}

func renderedCommand(process *Process) *cobra.Command {
	var flags renderedFlags
	command := &cobra.Command{
		Use: "rendered APP... --output DIR", Short: "Keep a directory of plain manifests for each application, for Argo CD or Flux",
		Long: `Build applications and keep a directory for each of them below DIR, with one file per object: the rendered manifests
pattern. Commit DIR, and Argo CD, Flux or kubectl apply what is in it, without a plugin.

An APP is what meshfn build takes, or else what meshfn render takes. Its directory has the path of the application as it is
given, so apps/shop/overlays/prod becomes DIR/apps/shop/overlays/prod; with NAME=APP it is DIR/NAME.

Nothing is written when any of the applications has an error. Each directory changes in one step: whoever reads it sees all
of the old or all of the new, and a run that is killed leaves one of them. Files that meshfn did not write stay, and so does
every file that does not change, with its time. A file that somebody changed since is not written over without --force. What
meshfn wrote is listed in the file meshfn.sha256 of each directory, which sha256sum --check understands.

See docs/hosts/rendered.md.`,
		Example: `  meshfn rendered apps/shop/overlays/prod apps/billing --output rendered/
  meshfn rendered shop=apps/shop/overlays/prod billing=apps/billing --output rendered/

  # Does the directory hold what it should? For a pull request.
  meshfn rendered apps/shop apps/billing --output rendered/ --check

  # Remove what was written for applications that are no longer named.
  meshfn rendered apps/shop --output rendered/ --prune`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("it takes the applications to build, and none was given")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runRendered(process, &flags, args) },
	}
	command.Flags().StringVarP(&flags.output, "output", "o", "", "the directory that holds a directory for each application")
	command.Flags().BoolVar(&flags.check, "check", false, "write nothing, and fail where something would be written")
	command.Flags().BoolVar(&flags.force, "force", false, "write over files that somebody else changed or wrote")
	command.Flags().BoolVar(&flags.prune, "prune", false, "remove what was written for applications that are not named")
	addFailOn(command, &flags.failOn)
	addRemote(command, &flags.remote)
	return command
}

func runRendered(process *Process, flags *renderedFlags, args []string) error {
	if flags.output == "" {
		return usageError{errors.New("--output is missing: the directory that holds a directory for each application")}
	}
	applications, err := namedApplications(args)
	if err != nil {
		return err
	}
	if err := apart(applications, flags.output); err != nil {
		return err
	}
	apps, err := buildApplications(process, flags, applications)
	if err != nil {
		return err
	}
	target := rendered.New(flags.output)
	target.Force, target.Prune = flags.force, flags.prune
	if flags.check {
		plan, err := target.Look(apps)
		if err != nil {
			return err
		}
		return reportChecked(process, target, plan)
	}
	plan, err := target.Write(apps)
	if plan != nil {
		reportWritten(process, plan)
	}
	if err == nil && len(plan.Refused()) > 0 {
		return errFindings
	}
	return err
}
