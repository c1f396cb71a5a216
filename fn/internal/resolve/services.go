package resolve

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// claim is one Mesh's entry for a Service.
type claim struct {
	mesh  *mesh
	key   string
	entry *v1alpha1.Service
}

func (c claim) path() string { return diag.Join("spec.services", c.key) }

// services gives every Service to the Mesh that lists it or, in a namespace with one Mesh, to that one.
func (r *resolver) services() {
	claims := map[*facts.Service]claim{}
	for _, m := range r.meshes {
		for _, key := range slices.Sorted(maps.Keys(m.Value.Spec.Services)) {
			service, ok := r.findService(m, key)
			if !ok {
				continue
			}
			mine := claim{m, key, m.Value.Spec.Services[key]}
			if other, taken := claims[service]; taken {
				r.claimedTwice(service, other, mine)
				continue
			}
			claims[service] = mine
		}
	}
	for _, service := range r.facts.Services {
		if mine, ok := claims[service]; ok {
			r.service(service, mine)
		} else if m := r.covering(service.Namespace, &service.Identity); m != nil {
			r.service(service, claim{mesh: m})
		}
	}
}

// findService matches an entry's key with the one Service of the Mesh's namespace that it means.
func (r *resolver) findService(m *mesh, key string) (*facts.Service, bool) {
	var found []*facts.Service
	var known []string
	for _, service := range r.facts.Services {
		if service.Namespace != m.namespace {
			continue
		}
		known = append(append(known, service.Name), service.PreviousNames...)
		if service.Named(key) {
			found = append(found, service)
		}
	}
	source := m.At(diag.Join("spec.services", key))
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		finding := r.beside(unknownName(source, "Service", key, m.namespace, known), m)
		if workload := r.alone(m.namespace, key); workload != nil {
			finding.Try, finding.Proposed = fmt.Sprintf("workloads: {%s/%s: …}, which no Service selects", workload.Kind, key), ""
		}
		r.report(finding)
	default:
		r.report(diag.Finding{
			Code: diag.AmbiguousName, Source: source,
			Message: fmt.Sprintf("%q means several Services of the build, by their names now and before an overlay renamed them", key),
			Related: []diag.Source{found[0].Source("metadata.name"), found[1].Source("metadata.name")},
			Try:     "use the final name: " + found[0].Name + " or " + found[1].Name,
		})
	}
	return nil, false
}

// unknownName says that the build has nothing of that name, and what was probably meant.
func unknownName(source diag.Source, kind, key, namespace string, known []string) diag.Finding {
	finding := diag.Finding{
		Code: diag.UnknownName, Source: source,
		Message: fmt.Sprintf("%s %q is not in the build", kind, key),
	}
	if namespace != "" {
		finding.Message += fmt.Sprintf(" in namespace %q", namespace)
	}
	if len(known) == 0 {
		finding.Message += ", which has none there"
		finding.Try = "add it to the resources of the build, or remove the entry"
		return finding
	}
	finding.Message += "; it has: " + diag.OneOf(known)
	if nearest, ok := diag.Nearest(key, known); ok {
		finding.Try = "did you mean " + nearest + "?"
		finding.Proposed = nearest
	}
	return finding
}

func (r *resolver) claimedTwice(service *facts.Service, first, second claim) {
	r.report(diag.Finding{
		Code: diag.ClaimedTwice, Source: second.mesh.At(second.path()),
		Message: fmt.Sprintf("Service %q is listed twice: by Mesh %q as %q and by Mesh %q as %q",
			service.Name, first.mesh.owner(), first.key, second.mesh.owner(), second.key),
		Related: []diag.Source{first.mesh.At(first.path())},
		Try:     "keep one of the two entries",
	})
}

// covering returns the Mesh that covers what no Mesh lists: the only one of the namespace. Where there are several,
// nobody does, and that is said.
func (r *resolver) covering(namespace string, object *facts.Identity) *mesh {
	var there *mesh
	for _, m := range r.meshes {
		if m.namespace != namespace {
			continue
		}
		if m.only {
			return m
		}
		there = m
	}
	if there != nil {
		r.report(diag.Finding{
			Code: diag.NotCovered, Severity: diag.Info, Source: object.Source("metadata.name"),
			Message: fmt.Sprintf("%s %q is listed by none of the Meshes of its namespace, so nothing is generated for it", object.Kind, object.Name),
			Because: []string{"a Mesh covers what it does not list only where it is the only one of its namespace"},
		})
	}
	return nil
}

// service resolves one Service: the settings of its pods, and those of each port.
func (r *resolver) service(service *facts.Service, c claim) {
	out := spec.Service{Facts: service, Owner: c.mesh.owner(), At: c.mesh.below("spec"), Listed: c.entry != nil}
	entry := c.entry
	if entry == nil {
		entry = &v1alpha1.Service{}
	} else {
		out.At = c.mesh.below(c.path())
	}
	if service.ExternalName != "" {
		r.refuseAlias(service, entry, out.At)
		return
	}
	if len(service.Ports) == 0 {
		r.refusePortless(service, entry.TrafficSettings, out.At)
	}
	out.Versions, out.Expose = entry.Versions, entry.Expose
	out.AtGate = r.exposeAuth(service, entry.Expose, out.At)
	if entry.Manage != nil {
		out.Manage = *entry.Manage
	}
	out.Stage = r.serviceStage(c.mesh, service)
	out.Workload = r.podSettings(c.mesh, service.Workloads, entry.WorkloadSettings, out.At)
	out.Workload.Stage = out.Stage
	r.podLimits(c.mesh.namespace, &out.Workload)

	ports := r.matchPorts(service, entry, out.At)
	for i := range service.Ports {
		port := &service.Ports[i]
		layers := traffic(r.defaults(c.mesh))
		layers = append(layers, trafficLayer{layer{name: spec.OwnEntry, at: out.At}, entry.TrafficSettings})
		if key, ok := ports[port]; ok {
			at := c.mesh.below(diag.Join(c.path()+".ports", key))
			layers = append(layers, trafficLayer{layer{name: spec.PortEntry, at: at}, entry.Ports[key].TrafficSettings})
		}
		settings, origins := mergeLayers(r, layers)
		out.Ports = append(out.Ports, spec.Port{Facts: port, Traffic: settings, Origins: origins})
		r.portLimits(&out, &out.Ports[i])
	}
	r.out.Services = append(r.out.Services, out)
}

// matchPorts matches the keys of `ports` with the Service's ports.
func (r *resolver) matchPorts(service *facts.Service, entry *v1alpha1.Service, at spec.Located) map[*facts.Port]string {
	matched := map[*facts.Port]string{}
	for _, key := range slices.Sorted(maps.Keys(entry.Ports)) {
		port := service.Port(key)
		source := at(diag.Join("ports", key))
		switch {
		case port == nil:
			finding := unknownName(source, "port", key, "", service.PortKeys())
			finding.Message = fmt.Sprintf("Service %q has no port %q; it has%s", service.Name, key, portsOf(service))
			if len(service.Ports) == 0 {
				finding.Try = "add the port to the Service, or remove the entry"
			}
			r.report(finding)
		case matched[port] != "":
			r.report(diag.Finding{
				Code: diag.ClaimedTwice, Source: source,
				Message: fmt.Sprintf("port %q of Service %q is listed twice, as %q and as %q", port.Key(), service.Name, matched[port], key),
				Related: []diag.Source{at(diag.Join("ports", matched[port]))},
				Try:     "keep one of the two entries",
			})
		default:
			matched[port] = key
		}
	}
	return matched
}

func portsOf(service *facts.Service) string {
	if len(service.Ports) == 0 {
		return " none"
	}
	return ": " + diag.OneOf(service.PortKeys())
}
