package check

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// names finds generated objects that would overwrite something: another generated one, or one of the user's.
func names(v *cluster.View, set *manifest.Set) diag.List {
	findings := sameName(set)
	byHand := map[diag.Resource]*item.Item{}
	for _, it := range v.Items {
		byHand[unversioned(it.Resource())] = it
	}
	for _, object := range v.Objects() {
		if object.ByHand() {
			continue
		}
		if other := byHand[unversioned(object.Resource)]; other != nil {
			findings = append(findings, nameTaken(v, object, other))
		}
	}
	return findings
}

// unversioned is what tells objects of the cluster apart: they are the same in every version of their API.
func unversioned(r diag.Resource) diag.Resource {
	r.APIVersion, _, _ = strings.Cut(r.APIVersion, "/")
	return r
}

// sameName finds generated objects that would overwrite each other, such as those of a-b.example.com and a.b.example.com.
func sameName(set *manifest.Set) diag.List {
	var findings diag.List
	first := map[diag.Resource]*manifest.Object{}
	for i := range set.Objects {
		object := &set.Objects[i]
		other, taken := first[object.Resource]
		if !taken {
			first[object.Resource] = object
			continue
		}
		if slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Source == object.From }) {
			continue // The Gateway and the VirtualService of a host have the same name.
		}
		findings = append(findings, diag.Finding{
			Code: diag.NameTaken, Source: object.From,
			Message: fmt.Sprintf("this needs a %s %q, and so does something else in the build", object.Resource.Kind, object.Resource.Name),
			Because: []string{"the name is made of the name of the Service or workload, or of the gateway and the host with dashes for dots"},
			Related: []diag.Source{other.From},
			Try:     "keep one of the two, or give one of them another host",
		})
	}
	return findings
}

// nameTaken refuses to overwrite what is not ours. It may also be ours, of a Mesh that has another name now.
func nameTaken(v *cluster.View, object *cluster.Any, other *item.Item) diag.Finding {
	finding := diag.Finding{
		Code: diag.NameTaken, Source: object.At("metadata.name"),
		Message: fmt.Sprintf("the build already has a %s %q that is not generated, and this one would overwrite it", other.Kind(), other.Name()),
		Related: []diag.Source{other.Source("metadata.name")},
		Try:     "give yours another name",
	}
	if sameHost(v, object, other) || samePods(v, object, other) {
		finding.Try = keepOwn(object)
	}
	if source, ok := other.Annotation(v1alpha1.SourceAnnotation); ok {
		finding.Message = fmt.Sprintf("the build already has a %s %q, generated from Mesh %q, which is not in this build", other.Kind(), other.Name(), source)
		finding.Try = "remove it, if that Mesh is gone or has another name now"
	}
	return finding
}

// sameHost reports whether an object of the user's is for a host of a generated one too. One that cannot be read is not.
func sameHost(v *cluster.View, object *cluster.Any, other *item.Item) bool {
	for _, theirs := range v.Objects() {
		if theirs.Item == other {
			hosts := hostsOf(v, theirs)
			return slices.ContainsFunc(hostsOf(v, object), func(host string) bool { return slices.Contains(hosts, host) })
		}
	}
	return false
}

// samePods reports whether an object of the user's is for pods of a generated one too.
func samePods(v *cluster.View, object *cluster.Any, other *item.Item) bool {
	for _, theirs := range v.Objects() {
		if theirs.Item != other || object.Kind != "Telemetry" && object.Kind != "Sidecar" {
			continue
		}
		pods := v.Reach(cluster.AttachmentOf(theirs.Meta)).Pods
		return slices.ContainsFunc(v.Reach(cluster.AttachmentOf(object.Meta)).Pods, func(pod *cluster.Pod) bool { return slices.Contains(pods, pod) })
	}
	return false
}

// hostsOf lists the full names of the hosts that an object routes or opens.
func hostsOf(v *cluster.View, object *cluster.Any) []string {
	var hosts []string
	switch spec := object.Message().(type) {
	case *networking.VirtualService:
		hosts = slices.Clone(spec.Hosts)
	case *networking.DestinationRule:
		hosts = []string{spec.Host}
	case *networking.Gateway:
		for _, server := range spec.Servers {
			hosts = append(hosts, server.GetHosts()...)
		}
		return hosts
	}
	for i, host := range hosts {
		resolved := v.Resolve(host, object.Namespace)
		hosts[i] = resolved.Full
	}
	return hosts
}

// keepOwn says how to choose between the two.
func keepOwn(object *cluster.Any) string {
	spec, isRoute := object.Message().(*networking.VirtualService)
	if object.Kind == "Gateway" || isRoute && len(spec.Gateways) > 0 {
		return "remove yours, or the host from expose"
	}
	if object.Kind == "Telemetry" {
		return "remove yours, or write telemetry: false, or manage: {Telemetry: false} for a Service, to keep it"
	}
	if object.Kind == "Sidecar" {
		return "remove yours, or write manage: {Sidecar: false} for the Service whose pods it is for, to keep it"
	}
	return fmt.Sprintf("remove yours, or write manage: {%s: false} for the Service to keep it", object.Kind)
}
