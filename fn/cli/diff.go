package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/compare"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type diffFlags struct {
	remote, anyChange     bool
	format, failOn, title string
	namespace             string
	sides                 sideFlags
}

func diffCommand(process *Process) *cobra.Command {
	var flags diffFlags
	command := &cobra.Command{
		Use: "diff OLD NEW", Short: "Say what changes for whom between two builds, and whether the way there is safe",
		Long: `Build OLD and NEW, and say what is different: for each Service and workload in the words of the spec, who is affected most
first, then object by object. Each of the two may be right and the way from one to the other still break calls: a version or
Service that is removed while routes of OLD lead to it, mutual TLS that becomes strict before a caller has its sidecar, a Job
whose template cannot change. What is unsafe is an error, and says in which steps it is safe.

OLD and NEW are directories with a kustomization, or plain manifests; or revisions of them, as git writes it: REV:PATH from the
root of the repository, REV:./PATH from the working directory, REV: for the root itself. What exists as a path is that path.
A directory is taken as it is, with what is not committed. --merge-base takes OLD where its branch and that of NEW parted, so
that a branch that is behind does not show the changes of the other one backwards. Nothing is fetched for a revision.
/dev/null is a build with nothing in it: an application that is new, or gone. A directory that only one of two revisions has
is taken for that, too.

Several applications of one cluster make one report, since callers may be in other directories: --dir names each below OLD
and NEW. With --over, OLD and NEW are two versions of a MeshProfile, each a file, or a directory as it is listed under
transformers: each application is built with the one and with the other in the place of its own. An application that does
not build is listed with its findings, and the others are compared.

The exit code is 0 where the way is safe, and 1 where it is not; with --exit-code it is 1 for any difference.`,
		Example: `  # What does my branch change?
  meshfn diff origin/main:overlays/prod overlays/prod --merge-base

  # And for several applications of a repository.
  meshfn diff origin/main: . --dir shop/overlays/prod --dir billing/overlays/prod

  # What would the next version of the platform's rules mean for whom?
  meshfn diff v3:mesh mesh --over ../shop --over ../billing

  meshfn diff rendered/before rendered/after --format markdown`,
		Args: exactly(2, "OLD and NEW"),
		RunE: func(_ *cobra.Command, args []string) error { return runDiff(process, &flags, args[0], args[1]) },
	}
	command.Flags().StringVar(&flags.format, "format", "text", "text, markdown, json or sarif")
	command.Flags().BoolVar(&flags.anyChange, "exit-code", false, "exit with 1 for any difference, not only for an unsafe one")
	command.Flags().StringVar(&flags.title, "title", "", "with markdown: what tells this comment apart from others of the pull request, such as prod")
	addFailOn(command, &flags.failOn)
	addRemote(command, &flags.remote)
	addSides(command, &flags.sides)
	addNamespace(command, &flags.namespace)
	return command
}

func runDiff(process *Process, flags *diffFlags, from, to string) error {
	if err := flags.check(); err != nil {
		return err
	}
	groups, texts, broken, err := diffSides(process, flags, from, to)
	if err != nil {
		return err
	}
	comparison := compareAll(groups, broken)
	failed, err := severe(comparison.Findings, flags.failOn)
	if err != nil {
		return err
	}
	if err := printComparison(process, flags, comparison, texts); err != nil {
		return err
	}
	if failed || flags.anyChange && !comparison.Same() {
		return errFindings
	}
	return nil
}

// check refuses what would only be found after both sides are built.
func (f *diffFlags) check() error {
	if formats := []string{"text", "markdown", "json", "sarif"}; !slices.Contains(formats, f.format) {
		return usageError{fmt.Errorf("--format is %q; allowed: %s", f.format, strings.Join(formats, ", "))}
	}
	if f.title != "" && f.format != "markdown" {
		return usageError{fmt.Errorf("--title is for --format markdown, and the format is %s", f.format)}
	}
	_, err := severe(nil, f.failOn)
	return err
}

func printComparison(process *Process, flags *diffFlags, c *compare.Comparison, texts map[string][]byte) error {
	var err error
	switch flags.format {
	case "markdown":
		err = compare.Comment{Title: flags.title}.Markdown(process.Stdout, c)
	case "json":
		err = compare.JSON(process.Stdout, c)
	case "sarif":
		err = diag.SARIF(process.Stdout, c.Findings, programVersion())
	default:
		err = compare.Text(process.Stdout, c, linesOf(texts))
	}
	if err != nil {
		return fmt.Errorf("cannot write the comparison: %w", err)
	}
	return nil
}

// textsOf are the files of both sides, by shown path.
func textsOf(sides ...map[string][]byte) map[string][]byte {
	all := map[string][]byte{}
	for _, texts := range sides {
		maps.Copy(all, texts)
	}
	return all
}
