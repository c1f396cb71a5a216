package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
)

type explainFlags struct {
	dir    string
	remote bool
	plan   bool
	format string

	namespace string
	samples   substitutes
}

func explainCommand(process *Process) *cobra.Command {
	var flags explainFlags
	command := &cobra.Command{
		Use:   "explain [SERVICE|KIND/NAME [FIELD]]",
		Short: "Say for every setting who set it, where, and what it became; and for every written field, why",
		Long: `Say for every setting of every Service and workload what it is, which layer set it and at which line, what that
overrode, why it is skipped where it does not hold, and which fields of which objects it became.

With a FIELD, the layers of that setting are a ladder, the highest first, with an arrow at the one that counts. A setting
that nobody gave has one too: it says what holds instead, and where the setting could be given.

With an object that is generated or edited, such as VirtualService/web or Deployment/web, it goes backwards: which line
of which document is the cause of each field. FIELD is then a path as it stands in the emitted YAML, and everything below
it is shown.

A name may carry its namespace: web, shop/web, Service/web, VirtualService/shop/web, VirtualService/web.shop.

With --plan, print what was decided from the settings: pods, routes, policies and entries, before they become Istio
objects. docs/explain.md describes the output, as text and as JSON.`,
		Example: `  meshfn explain --dir examples/quickstart
  meshfn explain web timeout --dir examples/quickstart
  meshfn explain VirtualService/web spec.http[0].timeout --dir examples/quickstart
  meshfn explain Deployment/web 'spec.template.metadata.labels[sidecar.istio.io/inject]' --dir examples/quickstart
  meshfn explain --plan --dir examples/quickstart`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usageError{fmt.Errorf("it takes a Service, workload or object and a field, and %d arguments were given", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(process, &flags, args) },
	}
	command.Flags().StringVarP(&flags.dir, "dir", "d", ".", "the kustomization, or the manifests (FILE, DIR or -)")
	addRemote(command, &flags.remote)
	addNamespace(command, &flags.namespace)
	addSubstitute(command, &flags.samples)
	command.Flags().BoolVar(&flags.plan, "plan", false, "print the plan")
	command.Flags().StringVar(&flags.format, "format", "text", "text or json; the plan is YAML or json")
	return command
}

func runExplain(process *Process, flags *explainFlags, args []string) error {
	if flags.format != "text" && flags.format != "json" {
		return usageError{fmt.Errorf("--format is %q; allowed: text, json", flags.format)}
	}
	how := asked{remote: flags.remote, namespace: flags.namespace, samples: flags.samples, why: !flags.plan}
	if len(args) > 0 {
		how.about = args[0]
	}
	result, err := fromEither(process, flags.dir, how)
	if err != nil {
		return err
	}
	flags.samples.unused(process.Stderr, result.texts)
	if result.findings.HasErrors() {
		printFindings(process, result.findings, result.texts)
		return errFindings
	}
	if flags.plan {
		return printPlan(process, result.plan, flags.format)
	}
	answer, err := choose(&result.explanation, args)
	if err != nil {
		return err
	}
	if flags.format == "json" {
		encoder := json.NewEncoder(process.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(answer.data())
	}
	plain := diag.NewPlain(process.Stdout)
	switch {
	case answer.fields != nil:
		err = result.explanation.Backwards(plain, answer.fields)
	case len(args) == 2:
		err = explain.Details(plain, answer.lines)
	default:
		err = explain.Text(plain, answer.lines)
	}
	return errors.Join(err, plain.Flush())
}

// data is what leaves as JSON.
func (a *answer) data() any {
	if a.fields == nil {
		return append([]explain.Line{}, a.lines...)
	}
	reasons := make([]explain.Reasons, 0, len(a.fields))
	for i := range a.fields {
		reasons = append(reasons, a.from.Reasons(&a.fields[i]))
	}
	return reasons
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
