package services

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// selectors finds Services that select nothing, in namespaces whose workloads the build has.
func (c *checker) selectors() {
	inNamespace := map[string][]*facts.Workload{}
	for _, workload := range c.Facts.Workloads {
		inNamespace[workload.Namespace] = append(inNamespace[workload.Namespace], workload)
	}
	for _, service := range c.Facts.Services {
		workloads := inNamespace[service.Namespace]
		if len(service.Selector) == 0 || len(service.Workloads) > 0 || len(workloads) == 0 || service.ExternalName != "" {
			continue
		}
		c.selectsNothing(service, workloads)
	}
}

// selectsNothing warns where the selector almost fits. The pods of another one may well be made by a controller, whose
// object is not a workload.
func (c *checker) selectsNothing(service *facts.Service, workloads []*facts.Workload) {
	finding := diag.Finding{
		Code: diag.SelectsNothing, Severity: diag.Info, Source: service.Source("spec.selector"),
		Message: fmt.Sprintf("not checked: Service %q selects no workload of this build", service.Name),
		Try:     "build it together with its workload, or correct the selector",
	}
	if workload, key := closest(service.Selector, workloads); workload != nil {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("Service %q selects no workload of this build: it asks for %s: %s, and the pods of %s %q, which come closest, have %s",
			service.Name, key, service.Selector[key], workload.Kind, workload.Name, labelText(key, workload.Labels))
		finding.Source = service.Source(diag.Join("spec.selector", key))
		finding.Related = []diag.Source{workload.Source(workload.MetadataField("labels", key))}
		finding.Try = "correct the selector, or the labels of the pod template"
		if value, ok := workload.Labels[key]; ok {
			finding.Try, finding.Proposed = key+": "+value, value
		}
	}
	c.report(finding)
}

func labelText(key string, labels map[string]string) string {
	if value, ok := labels[key]; ok {
		return key + ": " + value
	}
	return "no label " + key
}

// closest returns the workload that misses the selector by one label, which it spells differently or does not have.
func closest(selector map[string]string, workloads []*facts.Workload) (best *facts.Workload, key string) {
	for _, workload := range workloads {
		missed := slices.Sorted(maps.Keys(selector))
		missed = slices.DeleteFunc(missed, func(key string) bool { return facts.Matches(map[string]string{key: selector[key]}, workload.Labels) })
		if len(missed) != 1 {
			continue
		}
		value, has := workload.Labels[missed[0]]
		_, similar := diag.Nearest(selector[missed[0]], []string{value})
		if has && similar {
			return workload, missed[0]
		}
		if len(selector) > 1 && best == nil {
			best, key = workload, missed[0]
		}
	}
	return best, key
}
