package cli

import (
	"bytes"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/krm"
)

// functionCommand is the function under a name, for the program itself: a build runs it with a report to read.
func functionCommand(process *Process) *cobra.Command {
	var report string
	var why, listed, whole, catalog bool
	var about string
	var samples substitutes
	command := &cobra.Command{
		Use: "function", Short: "Be a KRM function: a ResourceList on standard input, the expanded one on standard output",
		Hidden: true, Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error {
			write := func(outcome *krm.Outcome) ([]byte, error) {
				return krm.NewReport(outcome.Items, outcome.Output, outcome.Findings, krm.Asked{Why: whyAbout(why, listed, about), Catalog: catalog})
			}
			if whole {
				write = func(outcome *krm.Outcome) ([]byte, error) { return krm.Whole(outcome.Items, outcome.Findings) }
			}
			return runFunction(process, report, samples, write)
		},
	}
	command.Flags().StringVar(&report, "report", "", "write findings and the plan to this file instead of standard error")
	command.Flags().BoolVar(&why, "why", false, "report where everything comes from, too")
	command.Flags().BoolVar(&listed, "listed", false, "but not what it became")
	command.Flags().BoolVar(&whole, "whole", false, "report every document instead")
	command.Flags().BoolVar(&catalog, "catalog", false, "report what others have to know of the build, too")
	addSubstitute(command, &samples)
	command.Flags().StringVar(&about, "about", "", "only for this Service, workload or object")
	return command
}

// runFunction prints findings on standard error, because hosts such as kustomize show nothing else, and fails on an error,
// because they accept the output of anything that does not.
func runFunction(process *Process, report string, samples substitutes, describe func(*krm.Outcome) ([]byte, error)) error {
	var out bytes.Buffer
	outcome, err := krm.Run(process.Stdin, &out, samples)
	if err != nil {
		return err
	}
	if report == "" {
		printFindings(process, outcome.Findings, nil)
	} else if err := writeReport(report, outcome, describe); err != nil {
		return err
	}
	if _, err := process.Stdout.Write(out.Bytes()); err != nil {
		return fmt.Errorf("cannot write the output: %w", err)
	}
	if outcome.Findings.HasErrors() {
		return errFindings
	}
	return nil
}

// whyAbout asks for an explanation of what a word on the command line means, or of everything.
func whyAbout(why, listed bool, word string) *krm.Why {
	switch {
	case !why:
		return nil
	case listed:
		return krm.Listed()
	case word == "":
		return &krm.Why{}
	}
	return &krm.Why{About: func(object diag.Resource) bool { return named(object, word, true) }}
}

func writeReport(path string, outcome *krm.Outcome, describe func(*krm.Outcome) ([]byte, error)) error {
	text, err := describe(outcome)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}
