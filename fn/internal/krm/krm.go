// Package krm is the function door: a ResourceList comes in, a ResourceList goes out, as the KRM Functions Specification
// says. https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
package krm

import (
	"fmt"
	"io"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// MaxInput bounds what is read from a host. A thousand Services with their workloads take about 4 MiB.
const MaxInput = 512 << 20

// Outcome is what a run found, and what it had to look at.
type Outcome struct {
	Findings diag.List
	Output   *expand.Output
	Items    []*item.Item // as they came, the function's own configuration included
}

// Run reads a ResourceList, expands it and writes it back with the findings as results. With an error among the findings
// the items leave as they came, so that no host takes a partial output for a good one. The samples are what variables are taken
// to be, whatever the documents say; hosts have none.
func Run(stdin io.Reader, stdout io.Writer, samples map[string]string) (*Outcome, error) {
	data, err := io.ReadAll(io.LimitReader(stdin, MaxInput+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the ResourceList: %w", err)
	}
	if len(data) > MaxInput {
		return &Outcome{Findings: diag.List{{
			Code: diag.TooLarge, Message: fmt.Sprintf("the ResourceList is larger than %d MiB", MaxInput>>20),
			Try: "split the build",
		}}}, nil
	}
	list, findings := item.ParseResourceList(data)
	if list == nil || findings.HasErrors() {
		return &Outcome{Findings: findings}, nil
	}
	if finding := earlierRun(list); finding != nil {
		return refuse(list, stdout, *finding)
	}
	out, found, err := expand.Run(expand.Input{Items: list.Items, Config: list.FunctionConfig, Place: place, Samples: samples})
	if err != nil {
		return nil, err
	}
	findings = append(findings, found...)
	items := out.Items
	if items == nil {
		items = list.Items
	}
	results, err := results(findings)
	if err != nil {
		return nil, err
	}
	if err := list.Write(stdout, items, results); err != nil && findings.HasErrors() {
		return &Outcome{Findings: findings}, nil // An item that cannot even be named cannot be handed back.
	} else if err != nil {
		return nil, fmt.Errorf("cannot write the ResourceList: %w", err)
	}
	outcome := &Outcome{Findings: findings, Output: out, Items: list.Items}
	if list.FunctionConfig != nil {
		outcome.Items = append(slices.Clone(list.Items), list.FunctionConfig)
	}
	return outcome, nil
}

// refuse hands the items back as they came, with the finding that keeps them from being expanded.
func refuse(list *item.ResourceList, stdout io.Writer, finding diag.Finding) (*Outcome, error) {
	findings := diag.List{finding}
	results, err := results(findings)
	if err != nil {
		return nil, err
	}
	if err := list.Write(stdout, list.Items, results); err != nil {
		return nil, fmt.Errorf("cannot write the ResourceList: %w", err)
	}
	return &Outcome{Findings: findings, Items: list.Items}, nil
}
