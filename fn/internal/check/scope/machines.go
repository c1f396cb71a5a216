package scope

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// machines checks WorkloadGroups and WorkloadEntries.
// https://istio.io/latest/docs/reference/config/networking/workload-group/
func (c *checker) machines() {
	first := map[string]*cluster.Meta{}
	for _, group := range c.WorkloadGroups {
		c.account(group.Meta, group.Spec.GetTemplate().GetServiceAccount(), "spec.template.serviceAccount")
		labels := group.Spec.GetMetadata().GetLabels()
		if len(labels) == 0 {
			continue
		}
		key := group.Namespace + " " + cluster.LabelText(labels)
		if before := first[key]; before != nil {
			c.report(diag.Finding{
				Code: diag.GroupsAlike, Severity: diag.Warning, Source: group.At("spec.metadata.labels"),
				Message: fmt.Sprintf("%s gives its machines the same labels %s: nothing tells the two groups apart", before.Resource, cluster.LabelText(labels)),
				Related: []diag.Source{before.At("spec.metadata.labels")},
				Try:     "a label that only this group has",
			})
			continue
		}
		first[key] = group.Meta
	}
	for _, entry := range c.WorkloadEntries {
		c.account(entry.Meta, entry.Spec.GetServiceAccount(), "spec.serviceAccount")
	}
}

// account looks for the ServiceAccount that a machine has its identity from.
func (c *checker) account(object *cluster.Meta, name, field string) {
	if name == "" || name == "default" {
		return
	}
	var names []string
	for _, account := range c.Facts.ServiceAccounts {
		if account.Namespace != object.Namespace {
			continue
		}
		if account.Name == name {
			return
		}
		names = append(names, account.Name)
	}
	finding := diag.Finding{
		Code: diag.MachineNoAccount, Severity: diag.Info, Source: object.At(field),
		Message: fmt.Sprintf("not checked: whether ServiceAccount %q exists; the build has no ServiceAccount in the namespace of %s", name, object.Resource),
	}
	if len(names) > 0 {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("the build has no ServiceAccount %q in the namespace of %s; it has: %s", name, object.Resource, diag.OneOf(names))
		if near, ok := diag.Nearest(name, names); ok {
			finding.Try, finding.Proposed = near, near
		}
	}
	c.report(finding)
}
