package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

type checkFlags struct {
	remote         bool
	format, failOn string
	samples        substitutes
	namespace      string
}

func checkCommand(process *Process) *cobra.Command {
	var flags checkFlags
	command := &cobra.Command{
		Use: "check DIR|FILE|-", Short: "Say what would go wrong in the mesh, and write nothing else",
		Long: `Say what would go wrong in the mesh: with what meshfn generates, and with the Istio objects that are kept by hand. It
takes a kustomization, or plain manifests, and needs neither a cluster nor a Mesh.

The findings go to standard output: as text for people, as json for other programs, as sarif for code scanning, as
github for the annotations of a pull request, or as gitlab for the Code Quality report of a merge request. Each code is
explained in docs/findings.md. An object that is wrong on purpose can say so in its annotation
galley.istio.io/analyze-suppress, by codes of meshfn, istioctl or Kiali: a finding about it is then only an info.

A value that is filled in after the build, such as ${DOMAIN}, is checked with what --substitute gives, or else with the
samples of the Mesh and the MeshProfile. Without either, what depends on it is not checked, and an info says so.`,
		Example: `  meshfn check overlays/prod
  meshfn check manifests/ --fail-on warning
  meshfn check overlays/prod --format sarif > meshfn.sarif
  helm template shop ./chart | meshfn check -
  meshfn check rendered/ --substitute DOMAIN=example.com`,
		Args: exactly(1, "a kustomization, a file or directory of manifests, or - for standard input"),
		RunE: func(_ *cobra.Command, args []string) error { return runCheck(process, &flags, args[0]) },
	}
	command.Flags().StringVar(&flags.format, "format", "text", "text, json, sarif, github or gitlab")
	addFailOn(command, &flags.failOn)
	addSubstitute(command, &flags.samples)
	addRemote(command, &flags.remote)
	addNamespace(command, &flags.namespace)
	return command
}

func runCheck(process *Process, flags *checkFlags, path string) error {
	result, err := fromEither(process, path, asked{remote: flags.remote, samples: flags.samples, namespace: flags.namespace})
	if err != nil {
		return err
	}
	if err := result.judge(); err != nil {
		return err
	}
	// Who only checks does not have to generate anything.
	findings := slices.DeleteFunc(result.findings.Sorted(), func(f diag.Finding) bool { return f.Code == diag.NoMesh })
	failed, err := severe(findings, flags.failOn)
	if err != nil {
		return err
	}
	if err := printAs(process.Stdout, flags.format, findings, result.texts); err != nil {
		return err
	}
	flags.samples.unused(process.Stderr, result.texts)
	counts := findings.Counts()
	_, _ = fmt.Fprintf(process.Stderr, "checked %s: %s, %s, %s\n", path,
		counted(counts.Errors, "error"), counted(counts.Warnings, "warning"), counted(counts.Infos, "info"))
	if failed {
		return errFindings
	}
	return nil
}

// printAs prints findings in one of the formats.
func printAs(w io.Writer, format string, findings diag.List, texts map[string][]byte) error {
	var err error
	switch format {
	case "text":
		err = diag.Text(w, findings, linesOf(texts))
	case "json":
		err = diag.JSON(w, findings)
	case "sarif":
		err = diag.SARIF(w, findings, programVersion())
	case "github":
		err = diag.GitHub(w, findings)
	case "gitlab":
		err = diag.GitLab(w, findings)
	default:
		return usageError{fmt.Errorf("--format is %q; allowed: text, json, sarif, github, gitlab", format)}
	}
	if err != nil {
		return fmt.Errorf("cannot write the findings: %w", err)
	}
	return nil
}
