package transition

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// services finds Services, or ports of them, that go or change while what runs still calls them.
func (c *checker) services() {
	for _, before := range c.old.Facts.Services {
		after := c.now.Service(before.Name, before.Namespace)
		switch {
		case after != nil:
			c.ports(before, after)
			c.selector(before, after)
		case !c.stillKnown(before):
			c.serviceGone(before)
		}
	}
}

// stillKnown reports whether something else of NEW has the host of a Service: a controller makes it, or a ServiceEntry has it.
func (c *checker) stillKnown(before *facts.Service) bool {
	host := c.now.Resolve(before.Name+"."+before.Namespace+".svc."+c.now.Istio.ClusterDomain, before.Namespace)
	return len(host.Entries) > 0 || c.now.MadeService(before.Name, before.Namespace)
}

// users are the routes and callers of OLD that something of a Service is needed for, and that NEW has not given up.
func (c *checker) users(service *facts.Service, routed func(*destination) bool, called func(*call) bool) (who []string, where []diag.Source) {
	add := func(name string, at diag.Source) {
		if !slices.Contains(who, name) {
			who, where = append(who, name), append(where, at)
		}
	}
	for _, d := range c.routesBefore {
		if d.leadsTo(service) && !d.own(c.old) && routed(d) && c.stillAsked(d) {
			add(d.meta.String(), routeAt(c.from, d))
		}
	}
	for _, one := range c.calls {
		if one.was && one.stays() && called(one) {
			add(one.subject, one.dependsOnBefore)
		}
	}
	return who, some(where)
}

// stillAsked reports whether what a route of OLD is for is still there in NEW, so that calls come to it on the way.
func (c *checker) stillAsked(d *destination) bool {
	for _, host := range d.hosts(c.old) {
		resolved := c.now.Resolve(host, d.vs.Namespace)
		if resolved.Known() {
			return true
		}
		for _, vs := range c.now.VirtualServices {
			if slices.Contains(hostsOf(c.now, vs), host) {
				return true
			}
		}
	}
	return d.vs == nil && slices.ContainsFunc(c.now.Routes(), func(route *cluster.Route) bool { return route.Resource == d.meta.Resource })
}

func (c *checker) serviceGone(service *facts.Service) {
	all := func(*destination) bool { return true }
	who, where := c.users(service, all, func(one *call) bool { return one.name == service.Name && one.in == service.Namespace })
	if len(who) == 0 {
		return
	}
	c.report(diag.Finding{
		Code: diag.ServiceGone, Source: c.from.Located(service.Source("metadata.name")),
		Message: fmt.Sprintf("%s is removed while %s of the old build still sends it calls: they fail from then on until the new one runs everywhere", subjectOf(service), diag.OneOf(who)),
		Because: []string{"a Service is gone at once, and pods that run go on calling it until they are replaced"},
		Related: where,
		Try: steps(
			"keep the Service, and take it out of dependsOn, routes and code of "+diag.OneOf(who),
			"once those pods are replaced, remove the Service",
		),
	})
}

// ports compares the ports of a Service.
func (c *checker) ports(before, after *facts.Service) {
	for i := range before.Ports {
		port := &before.Ports[i]
		at := slices.IndexFunc(after.Ports, func(p facts.Port) bool {
			return p.Number == port.Number && facts.Transport(p.Transport) == facts.Transport(port.Transport)
		})
		if at < 0 {
			c.portGone(before, after, port)
			continue
		}
		c.protocol(before, after, port, &after.Ports[at])
		c.targetPort(before, after, port, &after.Ports[at])
	}
}

func (c *checker) portGone(before, after *facts.Service, port *facts.Port) {
	only := len(before.Ports) == 1
	who, where := c.users(before,
		func(d *destination) bool { return d.port == uint32(port.Number) || d.port == 0 && only }, //nolint:gosec // It is a port.
		func(one *call) bool { return (one.port != "" || only) && one.to(before, port) })
	if len(who) == 0 {
		return
	}
	c.report(diag.Finding{
		Code: diag.PortGone, Source: c.to.Located(after.Source("spec.ports")),
		Message: fmt.Sprintf("port %d of %s is removed while %s of the old build still sends calls there: they fail from then on until the new one runs everywhere",
			port.Number, subjectOf(before), diag.OneOf(who)),
		Because: []string{"a port is gone at once, and pods that run go on calling it until they are replaced"},
		Related: append([]diag.Source{c.from.Located(before.Source(port.Field))}, where...),
		Try: steps(
			fmt.Sprintf("keep port %d beside the new ones; two ports can have the same targetPort", port.Number),
			"once nobody calls it any more, remove it",
		),
	})
}

// family is what proxies do with a port: they read HTTP, they see the name in TLS, or they pass bytes on.
func family(protocol facts.Protocol) string {
	switch protocol {
	case facts.HTTP, facts.GRPC:
		return "HTTP"
	case facts.TLS:
		return "TLS"
	case facts.TCP:
		return "TCP"
	case facts.UDP, facts.Sniffed:
	}
	return ""
}

// protocol finds a port that changes from HTTP to bytes or back. Proxies of both ends learn of it at once.
func (c *checker) protocol(before, after *facts.Service, was, is *facts.Port) {
	old, now := family(was.Protocol), family(is.Protocol)
	if old == "" || now == "" || old == now || !c.meshed(before) {
		return
	}
	finding := diag.Finding{
		Code: diag.ProtocolChanged, Severity: diag.Warning, Source: c.to.Located(after.Source(is.Field)),
		Message: fmt.Sprintf("port %d of %s was %s to proxies and becomes %s at once, also for the pods that run: open connections are closed, and routes, retries and rules about requests of the old build end",
			is.Number, subjectOf(after), old, now),
		Because: []string{"proxies take the protocol of a port from its name or appProtocol, and there is one answer for all pods of a Service"},
		Related: []diag.Source{c.from.Located(before.Source(was.Field))},
		Try: steps(
			fmt.Sprintf("add a port with the protocol %s beside this one, and let callers change to it", now),
			"once nobody calls the old port any more, remove it",
		),
	}
	if now == "HTTP" {
		finding.Message = fmt.Sprintf("port %d of %s was %s to proxies and becomes HTTP at once, also for the pods that run: open connections are closed, and what is not HTTP is refused",
			is.Number, subjectOf(after), old)
	}
	c.report(finding)
}

// meshed reports whether a proxy has to do with calls to a Service in OLD, as far as the build shows.
func (c *checker) meshed(service *facts.Service) bool {
	for _, pod := range podsBehind(c.old, service) {
		if proxied(c.old, pod) {
			return true
		}
	}
	return slices.ContainsFunc(c.routesBefore, func(d *destination) bool { return d.host.Service == service })
}

// targetPort finds a port that leads to another one of the pods, where the pods that run do not listen.
func (c *checker) targetPort(before, after *facts.Service, was, is *facts.Port) {
	pods := podsBehind(c.old, before)
	var from, to int32
	for _, pod := range pods {
		old, found := pod.Target(was)
		if now, ok := pod.Target(is); !found || !pod.Lists(old) || ok && pod.Lists(now) {
			return // It works for these, or the template does not tell.
		}
		replaced := c.podsAfter[podName(pod)]
		if replaced == nil {
			return
		}
		now, ok := replaced.Target(is)
		if !ok || !replaced.Lists(now) {
			return
		}
		from, to = old, now
	}
	if len(pods) == 0 {
		return
	}
	finding := diag.Finding{
		Code: diag.TargetPortMoved, Source: c.to.Located(after.Source(is.Field + ".targetPort")),
		Message: fmt.Sprintf("port %d of %s leads to port %d of the pods at once, and those that run listen on %d: calls fail until new pods are ready",
			is.Number, subjectOf(after), to, from),
		Because: []string{"a number holds for all endpoints of a Service; a name is looked up in each pod"},
		Related: []diag.Source{c.from.Located(before.Source(was.Field))},
		Try: steps(
			fmt.Sprintf("give the port of the container a name, and leave the rest as it is: %d", from),
			"once all pods are replaced, make this name the targetPort of the Service",
			fmt.Sprintf("change the number behind the name to %d", to),
		),
	}
	if to == from {
		finding.Message = fmt.Sprintf("port %d of %s leads to the port %s of the pods at once, and those that run have none of that name: calls fail until new pods are ready",
			is.Number, subjectOf(after), is.TargetPort)
		finding.Try = steps("give the port of the container its name, and leave targetPort as it is", "once all pods are replaced, change targetPort")
	}
	c.report(finding)
}

// selector finds a Service that selects none of the pods that run.
func (c *checker) selector(before, after *facts.Service) {
	if len(before.Workloads) == 0 || len(after.Workloads) == 0 || len(c.old.SelectedIn(after.Namespace, after.Selector)) > 0 {
		return
	}
	c.report(diag.Finding{
		Code: diag.SelectorMoved, Source: c.to.Located(after.Source("spec.selector")),
		Message: fmt.Sprintf("%s selects %s, which no pod that runs has: every call fails until new pods are ready", subjectOf(after), cluster.LabelText(after.Selector)),
		Because: []string{"the endpoints of a Service change at once, and pods keep the labels that they were started with"},
		Related: []diag.Source{c.from.Located(before.Source("spec.selector")), c.to.Located(after.Workloads[0].Source(after.Workloads[0].MetadataField("labels")))},
		Try: steps(
			"add the workload or the labels that the new selector is for, and leave the selector as it is",
			"once those pods are ready, change the selector",
		),
	})
}
