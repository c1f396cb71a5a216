package routing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// unchecked collects what one object names and no build can know everything about: hosts, or gateways.
type unchecked struct {
	names []string
	field string // of the first one
}

func (u *unchecked) add(name, field string) {
	if u.field == "" {
		u.field = field
	}
	if !slices.Contains(u.names, name) {
		u.names = append(u.names, name)
	}
}

func (c *checker) notChecked(object *cluster.Meta, code diag.Code, unknown *unchecked) {
	if len(unknown.names) == 0 || c.Unread("ServiceEntry") {
		return
	}
	c.report(diag.Finding{
		Code: code, Severity: diag.Info, Source: object.At(unknown.field),
		Message: fmt.Sprintf("not checked: whether %s of %s is in the mesh; the build has no Service or ServiceEntry of that name",
			strings.Join(unknown.names, ", "), object.Resource),
		Try: "add the Services or ServiceEntries to the build to have ports and subsets checked too",
	})
}

// unknownDestination says what is known of a host that the build does not have.
func (c *checker) unknownDestination(vs *virtualService, to destination, host *cluster.Host, unknown *unchecked) {
	place := vs.At(diag.Join(to.field, "host"))
	switch {
	case host.Meant != nil:
		c.report(diag.Finding{
			Code: diag.DestinationNotCompleted, Source: place,
			Message: fmt.Sprintf("%q is no host of the mesh, so calls that take this route of %s fail with 503: Istio does not complete a name with a dot",
				to.GetHost(), vs.Resource),
			Because: []string{notCompleted},
			Related: []diag.Source{host.Meant.Source("metadata.name")},
			Try:     "host: " + c.fullName(host), Proposed: c.fullName(host),
		})
	case c.expected(host):
		c.report(c.missing(diag.Finding{
			Code: diag.UnknownDestination, Severity: diag.Warning, Source: place,
			Message: fmt.Sprintf("%s sends calls to %q, and the build has no such Service%s: they fail with 503 unless it comes from elsewhere",
				vs.Resource, to.GetHost(), inNamespace(host.Namespace)),
		}, host))
	case !c.arrivesLater(host):
		unknown.add(to.GetHost(), diag.Join(to.field, "host"))
	}
}

const notCompleted = "only names without a dot are completed, with the namespace of the object they stand in: " +
	"https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination"

// fullName is what a name such as web.shop has to be.
func (c *checker) fullName(host *cluster.Host) string {
	return c.host(host.Meant.Name, host.Meant.Namespace).Full
}

// expected reports whether the build has Services of the namespace, so that this one should be among them.
func (c *checker) expected(host *cluster.Host) bool {
	return ofService(host) && len(c.ServicesIn(host.Namespace)) > 0 && !c.arrivesLater(host)
}

// ofService reports whether a name is that of a Service. Its namespace may not be written yet.
func ofService(host *cluster.Host) bool { return host.Namespace != "" || host.Full != host.Text }

// inNamespace is the namespace for a message, where there is one.
func inNamespace(namespace string) string {
	if namespace == "" {
		return ""
	}
	return fmt.Sprintf(" in namespace %q", namespace)
}

// arrivesLater reports whether the build has a Service of that name whose namespace is given to it later, or something that a
// controller makes such a Service of.
func (c *checker) arrivesLater(host *cluster.Host) bool {
	short, _, _ := strings.Cut(host.Full, ".")
	return c.MadeHost(host) || host.Namespace != "" && slices.Contains(c.ServicesIn(""), short)
}

// missing completes a finding about a Service that should be there with the name that was probably meant.
func (c *checker) missing(finding diag.Finding, host *cluster.Host) diag.Finding {
	known := c.ServicesIn(host.Namespace)
	finding.Because = []string{fmt.Sprintf("Services of the build%s: %s", inNamespace(host.Namespace), diag.OneOf(known))}
	short, rest, _ := strings.Cut(host.Full, ".")
	nearest, ok := diag.Nearest(short, known)
	if !ok {
		finding.Try = "name a Service of the build, or add this one to it"
		return finding
	}
	if strings.Contains(host.Text, ".") {
		nearest += "." + rest
	}
	finding.Try, finding.Proposed = "host: "+nearest, nearest
	return finding
}

// routeHosts finds names with a dot among the hosts that a VirtualService holds for inside the mesh. Calls by the other
// names of the Service do not take its routes.
func (c *checker) routeHosts() {
	for _, vs := range c.VirtualServices {
		if !inMesh(vs) {
			continue
		}
		for i, text := range vs.Spec.Hosts {
			host := c.host(text, vs.Namespace)
			if host.Meant == nil || host.Known() {
				continue
			}
			c.report(diag.Finding{
				Code: diag.RouteHostNotCompleted, Severity: diag.Warning, Source: vs.At(diag.At("spec.hosts", i)),
				Message: fmt.Sprintf("the routes of %s do not hold for Service %s/%s: Istio takes %q for a host of its own",
					vs.Resource, host.Meant.Namespace, host.Meant.Name, text),
				Because: []string{notCompleted},
				Related: []diag.Source{host.Meant.Source("metadata.name")},
				Try:     c.fullName(host) + " instead", Proposed: c.fullName(host),
			})
		}
	}
}
