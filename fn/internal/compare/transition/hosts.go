package transition

import (
	"fmt"
	"slices"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// hosts finds hosts that gateways served and serve no longer, or elsewhere. What clients outside know of a host, its address
// above all, changes when DNS does, which takes as long as somebody remembers the old answer.
func (c *checker) hosts() {
	before, after := servedBy(c.old), servedBy(c.now)
	said := map[[2]string]bool{}
	for _, was := range before {
		same := func(s *served) bool { return s.takes(was.host) && s.samePods(was) }
		anywhere := func(s *served) bool { return s.takes(was.host) }
		samePort := func(s *served) bool { return same(s) && s.port() == was.port() }
		key := [2]string{was.host, was.selector}
		is := find(after, samePort)
		switch {
		case is != nil:
			c.served(was, is, after, said)
		case said[key]:
		case find(after, same) != nil:
			c.gatewayPortGone(was, find(after, same))
		case find(after, anywhere) != nil:
			said[key] = true
			is := find(after, anywhere)
			if find(before, func(s *served) bool { return s.takes(was.host) && s.samePods(is) }) != nil {
				c.gatewayLeft(was, is)
			} else {
				c.hostMoves(was, is)
			}
		default:
			said[key] = true
			c.hostGone(was)
		}
	}
}

// servedAt is where somebody says that a gateway serves a host.
func servedAt(c *checker, s *served, old bool) diag.Source {
	side := c.to
	if old {
		side = c.from
	}
	subject := subjectOf(nil)
	for _, d := range destinationsOf(side.View) {
		if d.vs == s.vs && d.host.Service != nil {
			subject = subjectOf(d.host.Service)
			break
		}
	}
	if _, generated := s.gateway.Annotations[sourceAnnotation]; !generated {
		return side.Located(s.gateway.At(s.field))
	}
	return written(side, s.gateway.Meta, s.field, subject, "expose")
}

func (c *checker) hostMoves(was, is *served) {
	c.report(diag.Finding{
		Code: diag.HostMoves, Source: servedAt(c, is, false),
		Message: fmt.Sprintf("%s moves from the gateway with the labels %s to the one with %s: clients that still have the old address are answered with 404, or not at all",
			was.host, was.selector, is.selector),
		Because: []string{"a gateway changes at once, and DNS when the last one has forgotten the old answer"},
		Related: []diag.Source{servedAt(c, was, true)},
		Try: steps(
			"serve the host at both gateways, with its certificate at both",
			"change DNS, and wait until the old gateway gets no calls for it",
			"remove it from the old gateway",
		),
	})
}

// gatewayLeft is about a host that another gateway served before too.
func (c *checker) gatewayLeft(was, is *served) {
	c.report(diag.Finding{
		Code: diag.HostGone, Severity: diag.Warning, Source: servedAt(c, was, true),
		Message: fmt.Sprintf("the gateway with the labels %s no longer serves %s, which the one with %s still does: clients that have the old address are answered with 404, or not at all",
			was.selector, was.host, is.selector),
		Related: []diag.Source{servedAt(c, is, false)},
		Try:     "nothing if DNS has changed and the gateway gets no more calls for it",
	})
}

func (c *checker) hostGone(was *served) {
	c.report(diag.Finding{
		Code: diag.HostGone, Severity: diag.Warning, Source: servedAt(c, was, true),
		Message: fmt.Sprintf("no gateway serves %s any more: clients are answered with 404, or not at all", was.host),
		Try:     "nothing if nobody calls it any more; Istio's metric istio_requests_total at the gateway shows that",
	})
}

func (c *checker) gatewayPortGone(was, is *served) {
	c.report(diag.Finding{
		Code: diag.GatewayPortGone, Severity: diag.Warning, Source: servedAt(c, is, false),
		Message: fmt.Sprintf("%s is no longer served on port %d: clients that call it there are answered with 404, or not at all", was.host, was.port()),
		Related: []diag.Source{servedAt(c, was, true)},
		Try:     "a server on that port with tls: {httpsRedirect: true}, if clients are to come by another port",
	})
}

// served compares how one host is served before and after.
func (c *checker) served(was, is *served, after []*served, said map[[2]string]bool) {
	c.gatewayReplaced(was, after, said)
	c.credential(was, is)
	c.paths(was, after, said)
}

// gatewayReplaced finds a Gateway object that no longer opens a host though the routes of OLD name it. What is removed and what is
// added does not come to a proxy at the same time.
func (c *checker) gatewayReplaced(was *served, after []*served, said map[[2]string]bool) {
	key := [2]string{was.host, "gateway " + was.gateway.String()}
	if said[key] || slices.ContainsFunc(c.now.Gateways, func(gateway *gateway) bool { return stillOpens(gateway, was) }) {
		return
	}
	is := find(after, func(s *served) bool { return s.takes(was.host) && s.samePods(was) && s.port() == was.port() })
	said[key] = true
	c.report(diag.Finding{
		Code: diag.GatewayReplaced, Source: servedAt(c, is, false),
		Message: fmt.Sprintf("%s opens %s in place of %s, which the routes of the old build name: until the new ones have arrived, clients are answered with 404",
			is.gateway.Resource, was.host, was.gateway.Resource),
		Because: []string{"some tools remove an object before they apply others; Argo CD does in the same wave"},
		Related: []diag.Source{servedAt(c, was, true)},
		Try: fmt.Sprintf("keep the name %s, which nobody outside sees: two Gateways for one host are no way, because Istio keeps only one of them",
			was.gateway.Name),
	})
}

// stillOpens reports whether a Gateway is the one of OLD and opens a host as that did.
func stillOpens(gateway *gateway, was *served) bool {
	if gateway.Namespace != was.gateway.Namespace || gateway.Name != was.gateway.Name {
		return false
	}
	return slices.ContainsFunc(gateway.Spec.GetServers(), func(server *networking.Server) bool {
		return server.GetPort().GetNumber() == was.port() && slices.ContainsFunc(server.GetHosts(), func(opened string) bool {
			return common(opened, was.host, gateway.Namespace, was.vs.Namespace) == was.host
		})
	})
}

// credential finds a certificate that may not be there yet when the gateway asks for it.
func (c *checker) credential(was, is *served) {
	before, after := was.server.GetTls().GetCredentialName(), is.server.GetTls().GetCredentialName()
	if after == "" || before == "" || before == after {
		return
	}
	for _, secret := range c.old.Facts.Secrets {
		if secret.Name == after {
			return
		}
	}
	for _, one := range servedBy(c.old) {
		if one.samePods(is) && one.server.GetTls().GetCredentialName() == after {
			return
		}
	}
	c.report(diag.Finding{
		Code: diag.CredentialMoves, Severity: diag.Warning, Source: c.to.Located(is.gateway.At(is.field + ".tls.credentialName")),
		Message: fmt.Sprintf("not known whether the certificate %q is there already: if not, connections to %s fail until it is", after, is.host),
		Because: []string{"the old build has no Secret of that name, and no server that uses it"},
		Related: []diag.Source{c.from.Located(was.gateway.At(was.field + ".tls.credentialName"))},
		Try:     steps("add the Secret, or what makes it, and keep "+before, "once it is there, change credentialName"),
	})
}
