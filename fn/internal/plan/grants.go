package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// grant lets one caller in: an account, a namespace, or everybody where it has neither.
type grant struct {
	Account   facts.Account
	Namespace string
	Ports     []int32 // none for all
	Methods   []string
	Paths     []string
	asked     []spec.Origin
}

// grants lists whom the pods of a workload let in, by what each of its Services says. A Service that says nothing stays open
// on its ports.
func (p *planner) grants(workload *facts.Workload, asked []*spec.Workload) []grant {
	var all []grant
	open, closed := map[int32]*spec.Service{}, map[int32]*spec.Service{}
	for _, settings := range asked {
		service := p.serviceOf(settings)
		switch {
		case service == nil:
		case settings.Callers == nil:
			notePorts(open, workload, service)
			all = append(all, openPorts(workload, service)...)
		default:
			notePorts(closed, workload, service)
		}
		for i := range settings.Callers {
			all = append(all, p.grantsOf(workload, service, &settings.Callers[i])...)
		}
	}
	p.refuseHalfOpen(workload, open, closed)
	return append(all, p.probeGrants(workload, all)...)
}

// notePorts notes the ports of the pods that a Service leads to.
func notePorts(to map[int32]*spec.Service, workload *facts.Workload, service *spec.Service) {
	for i := range service.Facts.Ports {
		if port := &service.Facts.Ports[i]; port.Protocol.Proxied() {
			if number, ok := workload.Target(port); ok {
				to[number] = service
			}
		}
	}
}

// serviceOf is the Service whose pods some settings are for, nil for a workload of its own.
func (p *planner) serviceOf(settings *spec.Workload) *spec.Service {
	for i := range p.spec.Services {
		if &p.spec.Services[i].Workload == settings {
			return &p.spec.Services[i]
		}
	}
	return nil
}

// openPorts lets everybody in on the ports of a Service that does not say who may call.
func openPorts(workload *facts.Workload, service *spec.Service) []grant {
	var all []grant
	for i := range service.Facts.Ports {
		port := &service.Facts.Ports[i]
		number, ok := workload.Target(port)
		if !ok || !port.Protocol.Proxied() {
			continue
		}
		all = append(all, grant{Ports: []int32{number}, asked: []spec.Origin{{
			Layer: spec.BuiltIn, Note: fmt.Sprintf("Service %q does not say who may call", service.Facts.Name),
		}}})
	}
	return all
}

// refuseHalfOpen refuses a port that one Service opens to everybody and another one does not.
func (p *planner) refuseHalfOpen(workload *facts.Workload, open, closed map[int32]*spec.Service) {
	for _, number := range slices.Sorted(maps.Keys(closed)) {
		service, other := closed[number], open[number]
		if other == nil {
			continue
		}
		origin := service.Workload.Origins.Of("callers")
		p.report(diag.Finding{
			Code: diag.CallersConflict, Source: origin.At,
			Message: fmt.Sprintf("Services %q and %q both lead to port %d of %s %q, and only the first one says who may call",
				service.Facts.Name, other.Facts.Name, number, workload.Kind, workload.Name),
			Related: []diag.Source{other.At("")},
			Try:     fmt.Sprintf("services: {%s: {callers: […]}} too; who is listed for one may then call the port by both", other.Facts.Written()),
		})
	}
}

// grantsOf is what one entry of the callers permits, one grant per account.
func (p *planner) grantsOf(workload *facts.Workload, service *spec.Service, caller *spec.Caller) []grant {
	ports, all := p.portsFor(workload, service, caller)
	if len(ports) == 0 && !all {
		return nil
	}
	one := grant{Ports: ports, Paths: p.policyPaths(caller.Paths, caller.Origin.At), asked: []spec.Origin{caller.Origin}}
	for _, method := range caller.Methods {
		one.Methods = append(one.Methods, string(method))
	}
	for _, list := range []*[]string{&one.Methods, &one.Paths} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if len(caller.Paths) > 0 && len(one.Paths) == 0 { // None of them can be written, which must not become all of them.
		return nil
	}
	switch {
	case caller.Anyone:
		return []grant{one}
	case caller.Namespace != "":
		one.Namespace = caller.Namespace
		return []grant{one}
	}
	var out []grant
	for _, account := range caller.Accounts {
		one.Account = account
		out = append(out, one)
	}
	return out
}

// permissions puts grants together: the ports of one caller for the same, and then the callers of the same ports. The result
// is the same in whatever order the callers are listed.
func permissions(grants []grant) []Permission {
	byCaller := gather(grants, func(g *grant) any { return []any{g.Account, g.Namespace, g.Methods, g.Paths, len(g.Ports) == 0} })
	var merged []grant
	for _, group := range byCaller {
		one := group[0]
		one.Ports, one.asked = nil, nil
		for _, g := range group {
			one.Ports, one.asked = append(one.Ports, g.Ports...), append(one.asked, g.asked...)
		}
		slices.Sort(one.Ports)
		one.Ports = slices.Compact(one.Ports)
		merged = append(merged, one)
	}
	var out []Permission
	everybody := func(g *grant) bool { return g.Account == facts.Account{} && g.Namespace == "" }
	for _, group := range gather(merged, func(g *grant) any { return []any{g.Ports, g.Methods, g.Paths, everybody(g)} }) {
		one := Permission{Ports: group[0].Ports, Methods: group[0].Methods, Paths: group[0].Paths}
		for _, g := range group {
			switch {
			case g.Namespace != "":
				one.Namespaces = append(one.Namespaces, g.Namespace)
			case !everybody(&g):
				one.Accounts = append(one.Accounts, g.Account.String())
			}
			one.Asked = append(one.Asked, g.asked...)
		}
		slices.Sort(one.Namespaces)
		slices.Sort(one.Accounts)
		out = append(out, one)
	}
	return out
}

// gather groups grants that agree in something, sorted by that.
func gather(grants []grant, in func(*grant) any) [][]grant {
	groups := map[string][]grant{}
	var keys []string
	for i := range grants {
		text, err := json.Marshal(in(&grants[i]))
		if err != nil {
			continue
		}
		if _, known := groups[string(text)]; !known {
			keys = append(keys, string(text))
		}
		groups[string(text)] = append(groups[string(text)], grants[i])
	}
	slices.Sort(keys)
	out := make([][]grant, 0, len(keys))
	for _, key := range keys {
		out = append(out, groups[key])
	}
	return out
}

// plainPorts are the ports of the pods that somebody without a sidecar may call.
func (p *planner) plainPorts(workload *facts.Workload, asked []*spec.Workload) (ports []int32, from []spec.Origin) {
	quiet := *p // What is wrong with the ports is said where the callers are decided.
	for _, settings := range asked {
		for i := range settings.Callers {
			caller := &settings.Callers[i]
			if !caller.Anyone {
				continue
			}
			if open, _ := quiet.portsFor(workload, p.serviceOf(settings), caller); len(open) > 0 {
				ports, from = append(ports, open...), append(from, caller.Origin)
			}
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports), from
}

// permitted is a caller that was named, and by which accounts it is let in.
type permitted struct {
	accounts  []facts.Account
	workloads []*facts.Workload
	origin    spec.Origin
	text      string
}

// named lists the callers of a workload that were named as Services or workloads, or by `dependsOn`.
func named(asked []*spec.Workload) []permitted {
	var out []permitted
	for _, settings := range asked {
		for i := range settings.Callers {
			caller := &settings.Callers[i]
			if len(caller.Workloads) == 0 || caller.Gateway != nil || namesAccount(caller) {
				continue
			}
			out = append(out, permitted{caller.Accounts, caller.Workloads, caller.Origin, caller.Text})
		}
	}
	return out
}

// namesAccount reports whether the author of an entry meant the account itself, and so everybody who runs as it.
func namesAccount(caller *spec.Caller) bool {
	return len(caller.Accounts) == 1 && caller.Text == caller.Accounts[0].String()
}
