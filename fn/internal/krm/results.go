package krm

import (
	"fmt"
	"strings"

	"github.com/GoogleContainerTools/kpt-functions-sdk/go/fn"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// results writes findings as the results of a KRM function, or nothing when there are none.
func results(findings diag.List) ([]byte, error) {
	if len(findings) == 0 {
		return nil, nil
	}
	converted := make(fn.Results, 0, len(findings))
	directory := diag.NewDirectory()
	for _, finding := range findings {
		converted = append(converted, result(finding, directory[finding.Code].Also))
	}
	text, err := yaml.Marshal(converted)
	if err != nil {
		return nil, fmt.Errorf("cannot write the results: %w", err)
	}
	return text, nil
}

func result(f diag.Finding, also []string) *fn.Result {
	parts := append([]string{f.BesideField()}, f.Details()...)
	out := &fn.Result{
		Message: printable(parts), Severity: severity(f.Severity), Tags: map[string]string{"code": string(f.Code)},
	}
	if len(also) > 0 {
		out.Tags["also"] = strings.Join(also, " ")
	}
	if resource := f.Source.Resource; resource.Kind != "" {
		out.ResourceRef = &fn.ResourceRef{
			APIVersion: resource.APIVersion, Kind: resource.Kind, Name: resource.Name, Namespace: resource.Namespace,
		}
	}
	if f.Source.Field != "" {
		out.Field = &fn.Field{Path: f.Source.Field}
		if f.Proposed != "" {
			out.Field.ProposedValue = f.Proposed
		}
	}
	if f.Source.File != "" {
		out.File = &fn.File{Path: f.Source.File, Index: f.Source.Index}
	}
	return out
}

// printable is for hosts that print messages as they are, as kpt does.
func printable(parts []string) string {
	lines := strings.Split(strings.Join(parts, "; "), "\n")
	for i, line := range lines {
		lines[i] = diag.Printable(line)
	}
	return strings.Join(lines, "\n")
}

func severity(s diag.Severity) fn.Severity {
	switch s {
	case diag.Warning:
		return fn.Warning
	case diag.Info:
		return fn.Info
	case diag.Error:
	}
	return fn.Error
}
