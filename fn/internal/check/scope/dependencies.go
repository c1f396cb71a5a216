package scope

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// dependencies finds what pods say that they call and what the Sidecar that is kept by hand for them leaves out.
func (c *checker) dependencies() {
	if c.Spec == nil {
		return
	}
	for i := range c.Spec.Services {
		c.dependenciesOf(&c.Spec.Services[i].Workload)
	}
	for i := range c.Spec.Workloads {
		c.dependenciesOf(&c.Spec.Workloads[i])
	}
}

func (c *checker) dependenciesOf(said *spec.Workload) {
	for i := range said.Calls {
		call := &said.Calls[i]
		for _, template := range said.Templates {
			pod := c.PodOf(template)
			s, written := c.scopeOf(pod)
			if s == nil || !s.ByHand() || c.Injection(pod).Sidecar == facts.No {
				continue
			}
			if host, namespace := c.hostOf(call); host != "" && !c.reaches(s, namespace, host) {
				c.hidden(written, pod, call, namespace+"/"+host)
				break
			}
		}
	}
}

// scopeOf is the Sidecar that Istio takes for pods: one that selects them, else that of their namespace, else that of the
// mesh, which is read as one of their namespace. Written is the object as it is.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar
func (c *checker) scopeOf(pod *cluster.Pod) (s, written *sidecar) {
	var whole, root *sidecar
	for _, s := range c.Sidecars {
		labels := s.Spec.GetWorkloadSelector().GetLabels()
		switch {
		case s.Namespace == pod.Namespace && facts.Matches(labels, pod.Labels):
			return s, s
		case len(labels) > 0:
		case s.Namespace == pod.Namespace && whole == nil:
			whole = s
		case s.Namespace == c.Istio.RootNamespace && root == nil:
			root = s
		}
	}
	switch {
	case whole != nil:
		return whole, whole
	case root != nil:
		return c.inherited(root, pod.Namespace), root
	}
	return nil, nil
}

// hostOf is the host that a dependency means, and the namespace from which a Sidecar imports it; none where that is not known.
func (c *checker) hostOf(call *spec.Dependency) (host, namespace string) {
	if call.External == nil {
		if call.Namespace == "" {
			return "", ""
		}
		return call.Host() + ".svc." + c.Istio.ClusterDomain, call.Namespace
	}
	if call.External.Entry == nil {
		return "", ""
	}
	for _, entry := range c.ServiceEntries {
		if entry.Namespace == call.External.Namespace && slices.Contains(entry.Spec.Hosts, call.External.Entry.URL.Host) {
			return call.External.Entry.URL.Host, entry.Namespace
		}
	}
	return "", ""
}

// reaches reports whether a Sidecar brings a host: by an import, or as what a VirtualService leads to that it imports.
func (c *checker) reaches(s *sidecar, namespace, host string) bool {
	if brings(s, namespace, host, false) {
		return true
	}
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) || !cluster.Visible(vs.Spec.ExportTo, vs.Namespace).In(s.Namespace) {
			continue
		}
		leads := slices.ContainsFunc(destinationsOf(vs), func(to destination) bool { return c.Resolve(to.host, vs.Namespace).Full == host })
		if leads && slices.ContainsFunc(vs.Spec.Hosts, func(name string) bool {
			return brings(s, vs.Namespace, c.Resolve(name, vs.Namespace).Full, true)
		}) {
			return true
		}
	}
	return false
}

func (c *checker) hidden(s *sidecar, pod *cluster.Pod, call *spec.Dependency, entry string) {
	name := strings.TrimSuffix(call.Text+":"+call.Port, ":")
	try := fmt.Sprintf("add %s to the hosts of the Sidecar", entry)
	if s.Namespace == pod.Namespace {
		try += ", remove the Sidecar"
	}
	c.report(diag.Finding{
		Code: diag.DependencyHidden, Severity: diag.Warning, Source: call.Origin.At,
		Message: fmt.Sprintf("%s %q calls %s, which its sidecar does not know: %s, kept by hand, does not import it", pod.Kind, pod.Name, name, s.Resource),
		Related: []diag.Source{s.At("spec.egress")},
		Try:     try + ", or remove the dependency here",
	})
}
