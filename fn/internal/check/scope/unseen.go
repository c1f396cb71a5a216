package scope

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// unseen finds objects that are only for their own namespace, and that no Sidecar there imports: nobody has them. What a
// VirtualService sends calls to comes with it and needs no import.
// https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/
func (c *checker) unseen() {
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		private := only(cluster.Visible(vs.Spec.ExportTo, vs.Namespace), vs.Namespace)
		var names []string
		for _, host := range vs.Spec.Hosts {
			resolved := c.Resolve(host, vs.Namespace)
			private = private || resolved.Service != nil && resolved.Namespace != vs.Namespace
			names = append(names, resolved.Full)
		}
		if private {
			c.unimported(vs.Meta, names, true)
		}
	}
	for _, entry := range c.ServiceEntries {
		if only(cluster.Visible(entry.Spec.ExportTo, entry.Namespace), entry.Namespace) {
			c.unimported(entry.Meta, entry.Spec.Hosts, false)
		}
	}
}

func only(visible cluster.Visibility, namespace string) bool {
	return !visible.Everywhere && len(visible.Namespaces) == 1 && visible.Namespaces[0] == namespace
}

// unimported reports an object if every workload of its namespace has a Sidecar and none of them imports it.
func (c *checker) unimported(object *cluster.Meta, names []string, both bool) {
	if object.Namespace == c.Istio.RootNamespace {
		return
	}
	scopes := c.scopes(object.Namespace)
	if len(scopes) == 0 {
		return
	}
	var related []diag.Source
	for _, s := range scopes {
		for _, name := range names {
			if brings(s, object.Namespace, name, both) {
				return
			}
		}
		related = append(related, s.At("spec.egress"))
	}
	c.report(diag.Finding{
		Code: diag.NotImported, Severity: diag.Warning, Source: object.At("spec.hosts"),
		Message: fmt.Sprintf("no Sidecar of the namespace imports %s, so no proxy there has %s", diag.OneOf(names), object.Resource),
		Because: []string{"a Sidecar imports a VirtualService or ServiceEntry by the namespace of that object, and its host"},
		Related: related,
		Try:     fmt.Sprintf("./%s under egress hosts of the Sidecar", names[0]),
	})
}

// scopes are the Sidecars that the workloads of a namespace have, nothing when some of them may have none.
func (c *checker) scopes(namespace string) []*sidecar {
	var own, root []*sidecar
	whole := false
	for _, s := range c.Sidecars {
		everyone := len(s.Spec.GetWorkloadSelector().GetLabels()) == 0
		switch {
		case s.Namespace == namespace:
			own = append(own, s)
			whole = whole || everyone
		case s.Namespace == c.Istio.RootNamespace && everyone:
			root = append(root, s)
		}
	}
	switch {
	case whole:
		return own
	case len(root) > 0 && namespace != "":
		return append(own, c.inherited(root[0], namespace))
	}
	return nil
}

// inherited is the Sidecar of the root namespace as the workloads of another one have it: its dot stands for theirs.
func (c *checker) inherited(root *sidecar, namespace string) *sidecar {
	meta := *root.Meta
	meta.Namespace = namespace
	return &sidecar{Meta: &meta, Spec: root.Spec}
}

// inMesh reports whether a VirtualService holds for callers inside the mesh.
func inMesh(vs *virtualService) bool {
	return len(vs.Spec.Gateways) == 0 || slices.Contains(vs.Spec.Gateways, "mesh")
}
