// Package policies checks authentication and authorization.
package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{
		View: v, namespaces: namespacesOf(v),
		reached: map[*cluster.Meta]cluster.Reach{}, accounts: map[string][]string{}, modes: map[*cluster.Pod]cluster.MTLS{},
	}
	c.attachments()
	c.peers()
	for _, policy := range v.AuthorizationPolicies {
		c.sources(policy)
		c.operations(policy)
		c.ports(policy)
		c.denials(policy)
		c.identities(policy)
		c.authorizers(policy)
		c.everything(policy)
	}
	c.ambient()
	c.transport()
	c.plainCallers()
	c.coverage()
	c.widened()
	c.scrapes()
	c.tokens()
	c.withoutProxy()
	c.outsideCallers()
	return c.findings
}

type checker struct {
	*cluster.View
	namespaces []string // that there are, as far as the build knows
	findings   diag.List

	// What was asked before, because several checks ask it.
	reached  map[*cluster.Meta]cluster.Reach
	accounts map[string][]string // by namespace
	modes    map[*cluster.Pod]cluster.MTLS
}

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }

// namespacesOf lists the namespaces that the build has something of, and those that every mesh has, sorted.
func namespacesOf(v *cluster.View) []string {
	names := append(v.Facts.NamespacesInUse(), v.Istio.RootNamespace, "default", "kube-system")
	for _, namespace := range v.Facts.Namespaces {
		names = append(names, namespace.Name)
	}
	for _, object := range v.Objects() {
		names = append(names, object.Namespace)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// reach lists the pods that an object is for.
func (c *checker) reach(object *cluster.Meta) cluster.Reach {
	reach, known := c.reached[object]
	if !known {
		reach = c.Reach(cluster.AttachmentOf(object))
		c.reached[object] = reach
	}
	return reach
}

// mode is what the pods of a template accept.
func (c *checker) mode(pod *cluster.Pod) cluster.MTLS {
	mode, known := c.modes[pod]
	if !known {
		mode = c.MTLSOf(pod)
		c.modes[pod] = mode
	}
	return mode
}

// matches compares a value with a pattern of a rule: exact, *, prefix* or *suffix.
// https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
func matches(pattern, value string) bool {
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(value, suffix)
	}
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(value, prefix)
	}
	return pattern == value
}

func wild(pattern string) bool {
	return strings.HasPrefix(pattern, "*") || strings.HasSuffix(pattern, "*")
}

// quoted lists names for a message.
func quoted(names []string) string {
	out := make([]string, 0, len(names))
	for _, name := range names {
		out = append(out, fmt.Sprintf("%q", name))
	}
	return strings.Join(out, ", ")
}

// named lists workloads for a message.
func named(pods []*cluster.Pod) string {
	names := make([]string, 0, len(pods))
	for _, pod := range pods {
		names = append(names, pod.Kind+" "+pod.Name)
	}
	return diag.OneOf(names)
}

// placesOf are the places of some workloads, as many as a reader can use.
func placesOf(pods []*cluster.Pod) []diag.Source {
	const enough = 5
	var places []diag.Source
	for _, pod := range pods[:min(len(pods), enough)] {
		places = append(places, pod.Source("metadata.name"))
	}
	return places
}
