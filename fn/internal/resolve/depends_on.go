package resolve

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// dependsOn finds what pods call.
func (r *resolver) dependsOn(pods *spec.Workload) {
	if pods.Settings.DependsOn == nil {
		return
	}
	pods.Calls = []spec.Dependency{}
	origin := pods.Origins.Of("dependsOn")
	from := r.placeOf(pods)
	for i := range pods.Settings.DependsOn {
		if call, ok := r.dependency(from, &pods.Settings.DependsOn[i], origin.Entry(i)); ok {
			pods.Calls = append(pods.Calls, call)
		}
	}
}

// dependency finds what one entry means.
func (r *resolver) dependency(from place, in *v1alpha1.Dependency, origin spec.Origin) (spec.Dependency, bool) {
	out := spec.Dependency{Methods: in.Methods, Paths: in.Paths, Origin: origin}
	if in.Port != nil {
		out.Port = string(*in.Port)
	}
	word, external, ok := r.dependencyName(from, in, origin.At)
	if out.Text = word; !ok {
		return out, false
	}
	if external {
		return r.dependsOnExternal(from, word, out)
	}
	var others []string
	if from.mesh != nil && in.Named != "" {
		others = externalNames(from.mesh)
	}
	found := r.serviceCalled(from, word, origin.At, others...)
	out.Service, out.Beyond, out.Name, out.Namespace = found.service, found.beyond, found.name, found.space
	if out.Namespace == "" && out.Service == nil {
		return out, false
	}
	return out, r.dependencyPort(&out)
}

// dependencyName is the name that an entry gives, and whether it is that of an external host.
func (r *resolver) dependencyName(from place, in *v1alpha1.Dependency, at diag.Source) (word string, external, ok bool) {
	given := map[string]bool{"service": in.Service != nil, "external": in.External != nil}
	switch {
	case in.Named == "" && !r.exactlyOne(at, given, "service", "external"):
		return "", false, false
	case in.Service != nil:
		return *in.Service, false, true
	case in.External != nil:
		return *in.External, true, true
	}
	external = from.mesh != nil && r.externalOf(from.owner, in.Named) != nil
	if external && r.hasService(from, in.Named) {
		r.refuseTwoMeanings(at, in.Named, "a Service", "an entry of external", fmt.Sprintf("{service: %[1]s} or {external: %[1]s}", in.Named))
		return "", false, false
	}
	return in.Named, external, true
}

func (r *resolver) dependsOnExternal(from place, name string, out spec.Dependency) (spec.Dependency, bool) {
	out.External = r.externalOf(from.owner, name)
	switch {
	case out.External == nil:
		known := []string{}
		if from.mesh != nil {
			known = externalNames(from.mesh)
		}
		finding := diag.Finding{
			Code: diag.UnknownName, Source: out.Origin.At,
			Message: fmt.Sprintf("external has no entry %q; it has: %s", name, diag.OneOf(known)),
			Try:     fmt.Sprintf("external: {%s: {url: https://…}}", name),
		}
		if len(known) == 0 {
			finding.Message = fmt.Sprintf("external has no entry %q, and no other", name)
		}
		if nearest, ok := diag.Nearest(name, known); ok {
			finding.Try, finding.Proposed = "did you mean "+nearest+"?", nearest
		}
		r.report(finding)
		return out, false
	case out.Port != "" || len(out.Methods)+len(out.Paths) > 0:
		r.report(diag.Finding{
			Code: diag.BadValue, Source: out.Origin.At,
			Message: fmt.Sprintf("%q is outside the mesh, where nobody guards ports, methods and paths", name),
			Try:     name,
		})
		return out, false
	}
	return out, true
}

// dependencyPort holds a port against the ports of the Service.
func (r *resolver) dependencyPort(out *spec.Dependency) bool {
	if out.Port == "" {
		return true
	}
	var known []string
	switch {
	case out.Service != nil:
		if out.Service.Port(out.Port) != nil {
			return true
		}
		known = out.Service.PortKeys()
	case out.Beyond != nil:
		if cataloguePort(out.Beyond, out.Port) != nil {
			return true
		}
		known = cataloguePorts(out.Beyond)
	default:
		return true
	}
	r.unknownPort(out.Origin.At, out.Text, out.Port, known)
	return false
}

func (r *resolver) unknownPort(at diag.Source, service, port string, known []string) {
	finding := diag.Finding{
		Code: diag.UnknownName, Source: at,
		Message: fmt.Sprintf("Service %q has no port %q; it has: %s", service, port, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("Service %q has no ports", service)
	}
	if nearest, ok := diag.Nearest(port, known); ok {
		finding.Try = "did you mean " + nearest + "?"
	}
	r.report(finding)
}
