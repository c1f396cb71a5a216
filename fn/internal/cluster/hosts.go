package cluster

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Host is a host name as Istio reads it in an object of some namespace.
type Host struct {
	Text      string         // as it is written
	Full      string         // service.namespace.svc.domain for a Service, else the name itself
	Namespace string         // of the Service that it names, "" for another name
	Service   *facts.Service // that Service, nil when the build does not have it

	// Entries are the ServiceEntries of the build that bring the host into the mesh, wherever they are visible.
	Entries []*Object[*networking.ServiceEntry]
	// Meant is the Service of the build that a name such as web.shop means to a person. Istio completes only names
	// without a dot, so to Istio it is a host of its own.
	Meant *facts.Service
}

// Wild reports whether the host stands for many.
func (h *Host) Wild() bool { return strings.HasPrefix(h.Text, "*") }

// Known reports whether the build has what the host names.
func (h *Host) Known() bool { return h.Service != nil || len(h.Entries) > 0 }

// Resolve says what a host names in an object of a namespace: a name without a dot is completed with the namespace of the
// object, and not with that of the caller; everything else is taken as it is.
// https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination
func (v *View) Resolve(host, namespace string) Host {
	out := Host{Text: host, Full: host}
	suffix := ".svc." + v.Istio.ClusterDomain
	name, in, short := host, namespace, host != "" && !strings.Contains(host, ".") && host != "*"
	if !short {
		inner, full := strings.CutSuffix(host, suffix)
		name, in, full = cutName(inner, full)
		short = full
	}
	if short {
		out.Namespace, out.Full = in, name+"."+in+suffix
		out.Service = v.Service(name, in)
	} else if name, in, ok := cutName(strings.TrimSuffix(host, ".svc"), true); ok {
		out.Meant = v.Service(name, in)
	}
	out.Entries = v.entriesFor(out.Full)
	return out
}

// cutName takes service.namespace apart.
func cutName(text string, possible bool) (name, namespace string, ok bool) {
	name, namespace, ok = strings.Cut(text, ".")
	ok = ok && possible && !strings.Contains(namespace, ".") && !strings.HasPrefix(name, "*")
	return name, namespace, ok
}

// Service returns a Service of the build, or nil.
func (v *View) Service(name, namespace string) *facts.Service {
	return v.known.services[named{namespace, name}]
}

// ServicesIn lists the names of the build's Services in a namespace.
func (v *View) ServicesIn(namespace string) []string {
	return slices.Clone(v.known.servicesIn[namespace])
}

// Covers reports whether a wildcard such as *.example.com, or * alone, takes in a host.
func Covers(wildcard, host string) bool {
	suffix, wild := strings.CutPrefix(wildcard, "*")
	return wild && strings.HasSuffix(host, suffix)
}
