package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/explain"
)

type explainFlags struct {
	dir    string
	remote bool
	plan   bool
	format string
}

func explainCommand(process *Process) *cobra.Command {
	var flags explainFlags
	command := &cobra.Command{
		Use: "explain [SERVICE|KIND/NAME [FIELD]]", Short: "Say for every setting what it is, which layer set it, and where",
		Long: `Say for every setting of every Service and workload what it is, which layer set it, and where.

With --plan, print what was decided from the settings: pods, routes, policies and entries, before they become Istio
objects.`,
		Example: `  meshfn explain --dir examples/quickstart
  meshfn explain web timeout --dir examples/quickstart
  meshfn explain --plan --dir examples/quickstart`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usageError{fmt.Errorf("it takes a Service and a field, and %d arguments were given", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(process, &flags, args) },
	}
	command.Flags().StringVarP(&flags.dir, "dir", "d", ".", "the kustomization, or the manifests (FILE, DIR or -)")
	addRemote(command, &flags.remote)
	command.Flags().BoolVar(&flags.plan, "plan", false, "print the plan")
	command.Flags().StringVar(&flags.format, "format", "text", "text or json; the plan is YAML or json")
	return command
}

func runExplain(process *Process, flags *explainFlags, args []string) error {
	if flags.format != "text" && flags.format != "json" {
		return usageError{fmt.Errorf("--format is %q; allowed: text, json", flags.format)}
	}
	result, err := fromEither(process, flags.dir, flags.remote)
	if err != nil {
		return err
	}
	if result.findings.HasErrors() {
		printFindings(process, result.findings, result.texts)
		return errFindings
	}
	if flags.plan {
		return printPlan(process, result.plan, flags.format)
	}
	lines, err := chosen(result.explanation, args)
	if err != nil {
		return err
	}
	if flags.format == "json" {
		encoder := json.NewEncoder(process.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(lines)
	}
	return explain.Text(process.Stdout, lines)
}

func printPlan(process *Process, plan json.RawMessage, format string) error {
	if plan == nil {
		return errors.New("there is no plan: nothing ran meshfn")
	}
	text := append(slices.Clone([]byte(plan)), '\n')
	if format == "text" {
		var err error
		if text, err = yaml.JSONToYAML(plan); err != nil {
			return fmt.Errorf("cannot print the plan: %w", err)
		}
	}
	_, err := process.Stdout.Write(text)
	return err
}

// chosen keeps the lines of one Service or workload, and of one field and what is below it.
func chosen(lines []explain.Line, args []string) ([]explain.Line, error) {
	if len(args) == 0 {
		return lines, nil
	}
	var subjects []string
	var found []explain.Line
	for _, line := range lines {
		if !slices.Contains(subjects, line.Subject) {
			subjects = append(subjects, line.Subject)
		}
		if !names(line.Subject, args[0]) && !slices.Contains(line.Former, args[0]) {
			continue
		}
		if len(args) < 2 || line.Field == args[1] || strings.HasPrefix(line.Field, args[1]+".") {
			found = append(found, line)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	if len(args) == 2 && slices.ContainsFunc(subjects, func(s string) bool { return names(s, args[0]) }) {
		return nil, usageError{fmt.Errorf("%s has no setting %q; without a field, all its settings are shown", args[0], args[1])}
	}
	return nil, usageError{fmt.Errorf("%q has no settings here; there are: %s", args[0], strings.Join(subjects, ", "))}
}

// names reports whether a word on the command line means a subject such as `Service shop/web`: web, shop/web,
// Service/web.
func names(subject, word string) bool {
	kind, name, _ := strings.Cut(subject, " ")
	short := name[strings.LastIndex(name, "/")+1:]
	return word == name || word == short || word == kind+"/"+short
}
