package calls

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// unreached finds settings of calls that no proxy will ever carry out: every caller is known, and none of them has one.
func (c *checker) unreached() {
	var routed map[*facts.Service]bool // made when first needed
	for _, to := range c.ends {
		if to.settings == nil || len(to.settings.Expose) > 0 || !to.stage.Permits(v1alpha1.StageResilience) {
			continue
		}
		words, at := explicitTraffic(to.settings)
		if words == nil {
			continue
		}
		who, known := c.knownCallers(to)
		if !known {
			continue
		}
		if routed == nil {
			routed = c.routedElsewhere()
		}
		if routed[to.service] {
			continue
		}
		finding := diag.Finding{
			Code: diag.CallsUnreached, Severity: diag.Warning, Source: at,
			Message: fmt.Sprintf("%s has settings for the sidecars of its callers (%s), and nobody may call it", to, diag.OneOf(words)),
			Related: places(at, to.callersAt()),
			Try:     "remove the setting, or list who calls",
		}
		if who != nil {
			where, _ := c.outside(who)
			finding.Message = fmt.Sprintf("%s has settings for the sidecars of its callers (%s), and none of these has one", to, diag.OneOf(words))
			finding.Related = places(at, to.callersAt(), where)
			finding.Try = fmt.Sprintf("sidecar: true for %s, or remove the setting", who.full())
		} else if to.callers == nil {
			finding.Message = fmt.Sprintf("%s has settings for the sidecars of its callers (%s), and nobody depends on it", to, diag.OneOf(words))
			finding.Try = "remove the setting, or say who calls with dependsOn"
		}
		c.report(finding)
	}
}

// explicitTraffic lists the settings of calls that were written for a Service or its ports, and the place of the first.
func explicitTraffic(service *spec.Service) (words []string, at diag.Source) {
	for i := range service.Ports {
		port := &service.Ports[i]
		for _, setting := range port.Origins.Settings() {
			origin := port.Origins.Within(setting)
			none := origin.Note == "false" || setting == "timeout" && time.Duration(*port.Traffic.Timeout) == 0
			if !origin.Explicit() || none || slices.Contains(words, setting) {
				continue
			}
			if words == nil {
				at = origin.At
			}
			words = append(words, setting)
		}
	}
	return words, at
}

// knownCallers reports whether every caller of a Service is known and has no sidecar, and returns one of them if there are any.
func (c *checker) knownCallers(to *end) (one *end, known bool) {
	if stated := to.said.Settings.CallersComplete; stated != nil && !*stated {
		return nil, false
	}
	if to.callers == nil {
		return c.dependents(to)
	}
	if to.said.CallersStated().Layer == spec.Unset {
		return nil, false
	}
	for i := range to.callers {
		caller := &to.callers[i]
		if caller.Anyone || caller.Namespace != "" || caller.Gateway != nil {
			return nil, false
		}
		ends := c.meant(caller)
		first, _ := c.allOutside(ends)
		if first == nil {
			return nil, false
		}
		one = first
	}
	return one, true
}

// dependents is the same where everybody in the cluster says whom they call.
func (c *checker) dependents(to *end) (one *end, known bool) {
	if !c.spec.Catalog.Complete {
		return nil, false
	}
	for _, workload := range c.Facts.Workloads {
		if !slices.ContainsFunc(c.speakers[workload], func(e *end) bool { return e.said.Calls != nil }) {
			return nil, false
		}
	}
	if slices.ContainsFunc(c.others, func(e *end) bool { return e.beyond.DependsOn == nil }) {
		return nil, false
	}
	for _, e := range c.edges {
		if e.to != to {
			continue
		}
		if _, outside := c.outside(e.from); !outside {
			return nil, false
		}
		one = e.from
	}
	return one, true
}

// routedElsewhere are the Services that get calls through a gateway, or by the routes of another host.
func (c *checker) routedElsewhere() map[*facts.Service]bool {
	found := map[*facts.Service]bool{}
	for _, vs := range c.VirtualServices {
		own := c.hostsInMesh(vs)
		for _, host := range destinations(vs.Spec) {
			if service := c.Resolve(host, vs.Namespace).Service; !own[service] {
				found[service] = true
			}
		}
	}
	for _, route := range c.Routes() {
		for i := range route.Spec.Rules {
			for j := range route.Spec.Rules[i].Backends {
				backend := &route.Spec.Rules[i].Backends[j]
				found[c.Facts.Referred(cmp.Or(backend.Namespace, route.Namespace), backend.Name)] = true
			}
		}
	}
	return found
}

// hostsInMesh are the Services of a VirtualService's hosts, where it is for callers inside the mesh only.
func (c *checker) hostsInMesh(vs *virtualService) map[*facts.Service]bool {
	own := map[*facts.Service]bool{}
	if inMesh(vs) && len(vs.Spec.GetGateways()) < 2 {
		for _, host := range vs.Spec.GetHosts() {
			own[c.Resolve(host, vs.Namespace).Service] = true
		}
	}
	return own
}

// destinations lists the hosts that a VirtualService sends calls to, copies of calls included.
func destinations(vs *networking.VirtualService) []string {
	var hosts []string
	for _, route := range vs.GetHttp() {
		for _, to := range route.GetRoute() {
			hosts = append(hosts, to.GetDestination().GetHost())
		}
		hosts = append(hosts, route.GetMirror().GetHost())
		for _, to := range route.GetMirrors() {
			hosts = append(hosts, to.GetDestination().GetHost())
		}
	}
	for _, route := range vs.GetTls() {
		for _, to := range route.GetRoute() {
			hosts = append(hosts, to.GetDestination().GetHost())
		}
	}
	for _, route := range vs.GetTcp() {
		for _, to := range route.GetRoute() {
			hosts = append(hosts, to.GetDestination().GetHost())
		}
	}
	return hosts
}
