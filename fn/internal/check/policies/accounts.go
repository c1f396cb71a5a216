package policies

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// account reports a ServiceAccount that its namespace does not have, and returns the value when the build cannot know.
func (c *checker) account(policy *authorizationPolicy, from value, namespace, name string) []value {
	known := c.accountsIn(namespace)
	if slices.Contains(known, name) {
		return nil
	}
	nearest, misspelled := diag.Nearest(name, known)
	if len(known) == 0 || !misspelled && c.moreIn(namespace) {
		return []value{{strings.TrimPrefix(namespace+"/"+name, "/"), from.field}}
	}
	finding := diag.Finding{
		Code: diag.UnknownServiceAccount, Severity: diag.Warning, Source: policy.At(from.field),
		Message: fmt.Sprintf("no workload of %s has ServiceAccount %q, which %s speaks of", cluster.InNamespace(namespace), name, policy.Resource),
		Because: []string{"the ServiceAccounts there: " + diag.OneOf(known)},
	}
	if misspelled {
		finding.Proposed = strings.TrimSuffix(from.text, name) + nearest
		finding.Try = finding.Proposed
	}
	c.report(finding)
	return nil
}

// moreIn reports whether a namespace has workloads that are installed from elsewhere: Istio's own, or those of a gateway.
func (c *checker) moreIn(namespace string) bool {
	return namespace == c.Istio.RootNamespace || slices.ContainsFunc(c.GatewaysElsewhere(), func(gateway *cluster.Object[*networking.Gateway]) bool {
		return gateway.Namespace == namespace
	})
}

// accountsIn lists the ServiceAccounts that exist in a namespace or that its workloads use, nothing when the build has none of
// its workloads.
func (c *checker) accountsIn(namespace string) []string {
	if names, known := c.accounts[namespace]; known {
		return names
	}
	var names []string
	for _, account := range c.Facts.ServiceAccounts {
		if account.Namespace == namespace {
			names = append(names, account.Name)
		}
	}
	for _, pod := range c.Pods {
		if pod.Namespace == namespace && pod.Account != "" {
			names = append(names, pod.Account)
		}
	}
	names = append(names, c.accountsOutside(namespace)...)
	names = append(names, c.MadeAccounts(namespace)...)
	if len(names) > 0 || c.Holds(namespace) {
		names = append(names, "default") // Every namespace has it.
	}
	slices.Sort(names)
	c.accounts[namespace] = slices.Compact(names)
	return c.accounts[namespace]
}

// accountsOutside lists the ServiceAccounts of machines outside Kubernetes.
func (c *checker) accountsOutside(namespace string) []string {
	var names []string
	for _, group := range c.WorkloadGroups {
		if account := group.Spec.GetTemplate().GetServiceAccount(); group.Namespace == namespace && account != "" {
			names = append(names, account)
		}
	}
	for _, entry := range c.WorkloadEntries {
		if account := entry.Spec.GetServiceAccount(); entry.Namespace == namespace && account != "" {
			names = append(names, account)
		}
	}
	return names
}

// accountsElsewhere says which identities the build cannot know, in one finding for the policy.
func (c *checker) accountsElsewhere(policy *authorizationPolicy, unknown []value) {
	if len(unknown) == 0 {
		return
	}
	var names []string
	unknown = slices.DeleteFunc(unknown, func(account value) bool { return c.Vouched[account.text] })
	if len(unknown) == 0 {
		return
	}
	for _, account := range unknown {
		if !slices.Contains(names, account.text) {
			names = append(names, account.text)
		}
	}
	c.report(diag.Finding{
		Code: diag.UnknownServiceAccount, Severity: diag.Info, Source: policy.At(unknown[0].field),
		Message: fmt.Sprintf("not checked: whether there is a ServiceAccount %s, which %s speaks of; the build would have to contain the workloads of its namespace",
			quoted(names), policy.Resource),
	})
}
