package calls

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// unguarded finds callers that are listed where no sidecar would turn anybody else away. Pods without a sidecar are refused
// by the plan. A default for many may miss some of them.
func (c *checker) unguarded() {
	for _, to := range c.ends {
		if to.callers == nil || !to.said.Origins.Of("callers").Explicit() {
			continue
		}
		switch {
		case len(to.templates) == 0:
			c.unguardedService(to)
		case to.service != nil && len(to.service.Ports) > 0:
			c.unguardedPorts(to)
		}
	}
}

// unguardedService is about a Service whose pods are elsewhere, if there are any.
func (c *checker) unguardedService(to *end) {
	c.reportUnguarded(to, diag.Finding{
		Source:  to.callersAt(),
		Message: fmt.Sprintf("callers have nothing to act on: %s selects no workload of this build, whose sidecars would refuse everybody else", to),
		Related: []diag.Source{to.service.Source("spec.selector")},
		Try:     "write them where the workload is built, or correct the Service's selector",
	})
}

// openPort is a port that no sidecar sees calls to.
type openPort struct {
	key, why string
	at       diag.Source
	udp      bool
}

// openPorts are those of a Service, by their keys.
func (c *checker) openPorts(to *end) map[string]openPort {
	open := map[string]openPort{}
	for i := range to.service.Ports {
		port := &to.service.Ports[i]
		if !port.Protocol.Proxied() {
			open[port.Key()] = openPort{port.Key(), "is UDP, which sidecars leave alone", to.service.Source(port.Field), true}
			continue
		}
		for _, template := range to.templates {
			pod := c.PodOf(template)
			if _, guarded := c.target(to, pod, port.Key()); !guarded {
				open[port.Key()] = openPort{port.Key(), "is kept from the sidecar", pod.AnnotationAt(facts.ExcludeInboundPorts), false}
				break
			}
		}
	}
	return open
}

// unguardedPorts says it once for a list that guards nothing, else for each entry, and for what is left open beside.
func (c *checker) unguardedPorts(to *end) {
	open := c.openPorts(to)
	if len(open) == 0 {
		return
	}
	if len(open) == len(to.service.Ports) {
		first := open[to.service.Ports[0].Key()]
		c.reportUnguarded(to, diag.Finding{
			Source:  to.callersAt(),
			Message: fmt.Sprintf("callers have no effect on %s: %s, so everybody may call", to, portWords(open, to)),
			Related: []diag.Source{first.at},
			Try:     first.try("remove callers"),
		})
		return
	}
	wide := false
	for i := range to.callers {
		caller := &to.callers[i]
		if caller.Why != spec.Listed || caller.Anyone {
			continue
		}
		wide = wide || len(caller.Ports) == 0
		if port, all := onlyOpen(caller, open, to); all {
			c.reportUnguarded(to, diag.Finding{
				Source:  caller.Origin.At,
				Message: fmt.Sprintf("the permission of %s has no effect: port %s of %s %s, so everybody may call it", caller.Text, port.key, to, port.why),
				Related: []diag.Source{port.at},
				Try:     port.try("remove the entry"),
			})
		}
	}
	if wide && to.refuses() {
		c.openBeside(to, open)
	}
}

// onlyOpen reports whether an entry is for ports only that are kept from the sidecar. Those that nobody can guard are refused
// by the plan.
func onlyOpen(caller *spec.Caller, open map[string]openPort, to *end) (first openPort, all bool) {
	for _, key := range caller.Ports {
		port, found := open[to.service.Port(key).Key()]
		if !found || port.udp {
			return port, false
		}
		if first.key == "" {
			first = port
		}
	}
	return first, len(caller.Ports) > 0
}

// openBeside warns of UDP ports that callers for the whole Service do not guard. Ports that are kept from the sidecar have
// findings of their own.
func (c *checker) openBeside(to *end, open map[string]openPort) {
	for i := range to.service.Ports {
		port := open[to.service.Ports[i].Key()]
		if !port.udp {
			continue
		}
		c.report(diag.Finding{
			Code: diag.CallersUnchecked, Severity: diag.Warning, Source: to.callersAt(),
			Message: fmt.Sprintf("everybody may call port %s of %s, whoever is listed: it %s", port.key, to, port.why),
			Related: []diag.Source{port.at},
			Try:     "ports in each entry, which shows that only those are guarded, and a NetworkPolicy for this one",
		})
		return
	}
}

func (p openPort) try(remove string) string {
	if p.udp {
		return remove + ", and guard the port by a NetworkPolicy"
	}
	return "let the sidecar see the port, or " + remove
}

// portWords says why each port of a Service is open.
func portWords(open map[string]openPort, to *end) string {
	keys := to.service.PortKeys()
	if slices.ContainsFunc(keys, func(key string) bool { return open[key].why != open[keys[0]].why }) {
		return "its ports are UDP or kept from the sidecar"
	}
	if len(keys) == 1 {
		return fmt.Sprintf("port %s %s", keys[0], open[keys[0]].why)
	}
	return fmt.Sprintf("each of its ports %s", open[keys[0]].why)
}

// reportUnguarded is an error where somebody counts on it, and before that worth knowing.
func (c *checker) reportUnguarded(to *end, finding diag.Finding) {
	finding.Code, finding.Severity = diag.CallersUnchecked, diag.Info
	if to.refuses() {
		finding.Severity = diag.Error
		finding.Related = places(finding.Source, append(finding.Related, to.stage.At)...)
	}
	c.report(finding)
}
