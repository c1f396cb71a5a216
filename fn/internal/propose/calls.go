package propose

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// findCalls finds whom each workload calls, by the addresses that its containers are given.
func (p *proposer) findCalls() {
	for _, workload := range p.facts.Workloads {
		e, m := p.entryOf(workload), p.mesh(workload.Namespace)
		texts, unread := p.texts(workload)
		for _, what := range unread {
			note(&m.open, fmt.Sprintf("%s: %s", p.whose(workload), what))
		}
		for _, t := range texts {
			at := cause{workload: p.whose(workload), file: p.in.File(workload.Item), source: t.source, name: t.shown}
			for _, a := range addresses(t) {
				p.call(workload, e, p.match(workload, t, a), a, at)
			}
		}
	}
}

// whose is a workload as people know it.
func (p *proposer) whose(workload *facts.Workload) string {
	return workload.Kind + "/" + p.nameOf(workload)
}

// call notes what an address means.
func (p *proposer) call(workload *facts.Workload, e *entry, f found, a address, at cause) {
	m := p.mesh(workload.Namespace)
	switch {
	case f.problem != "":
		if one := (doubt{a.host, f.problem, at}); len(m.doubts) < most && !slices.Contains(m.doubts, one) {
			m.doubts = append(m.doubts, one)
		}
	case f.service != nil:
		if slices.Contains(f.service.Workloads, workload) || slices.Contains(e.workloads, workload) && f.service == e.service {
			return // Itself.
		}
		if f.renamed {
			addCause(m.renamed, fmt.Sprintf("nobody answers to %s, as the Service is %s.%s by now", a.host, f.service.Name, f.service.Namespace), at)
		}
		p.callService(workload, e, f.service, a.port, at)
	case f.elsewhere != "":
		addCause(e.calls, f.elsewhere, at)
	case f.external != nil && len(m.external) >= most:
		note(&m.open, fmt.Sprintf("more than %d hosts outside; the others are left out", most))
	case f.external != nil:
		outside := m.give(f.external)
		outside.from.add(at)
		addCause(e.calls, outside.name, at)
	}
}

// callService notes a call to a Service of the build. One of another namespace has a Mesh of its own, where its callers are
// listed.
func (p *proposer) callService(workload *facts.Workload, e *entry, service *facts.Service, port int, at cause) {
	name := p.keyOf(service)
	if service.Namespace != workload.Namespace {
		name += "." + service.Namespace
		callee := p.mesh(service.Namespace).entries[p.keyOf(service)]
		addCause(callee.callers, p.callerOf(workload, e), at)
	}
	if port != 0 && len(service.Ports) > 0 {
		switch listed := service.Port(strconv.Itoa(port)); {
		case listed == nil:
			note(&p.mesh(workload.Namespace).look, fmt.Sprintf("%s calls port %d of %s, which the Service does not have", at, port, name))
		case len(service.Ports) > 1:
			name += ":" + listed.Key()
		}
	}
	addCause(e.calls, name, at)
}

// callerOf is how another namespace names the pods of a workload.
func (p *proposer) callerOf(workload *facts.Workload, e *entry) string {
	if workload.Namespace == "" {
		return e.key
	}
	return e.key + "." + workload.Namespace
}

// most is how many of a kind are proposed or listed, which is also what dependsOn takes.
const most = 256

// note adds a remark once, as long as somebody may read it.
func note(to *[]string, remark string) {
	if len(*to) < most && !slices.Contains(*to, remark) {
		*to = append(*to, remark)
	}
}

// findDoubts turns doubts into remarks, without those that another address clears up.
func (p *proposer) findDoubts() {
	for _, m := range p.meshes {
		for _, d := range m.doubts {
			cleared := false
			for _, outside := range m.external {
				cleared = cleared || outside.host == d.host
			}
			if !cleared {
				note(&m.open, fmt.Sprintf("%s (%s): %s", d.host, d.at, d.why))
			}
		}
		for _, what := range slices.Sorted(keys(m.renamed)) {
			note(&m.look, what+": "+m.renamed[what].String())
		}
	}
}
