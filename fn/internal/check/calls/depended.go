package calls

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// depended finds callers that are listed one by one and say themselves that they do not call, or call another port. Whoever
// says nothing of their calls may call anybody, and a whole namespace is a permission for whoever needs it. A default for many
// Services is right where the caller calls one of them.
func (c *checker) depended() {
	var order []diag.Source
	first, right := map[diag.Source]diag.Finding{}, map[diag.Source]bool{}
	for _, to := range c.ends {
		for _, caller := range listedFor(to) {
			at := caller.Origin.At
			from := c.silent(to, caller)
			if from == nil {
				right[at] = true
			} else if _, said := first[at]; !said {
				first[at], order = c.undepended(to, from, caller), append(order, at)
			}
		}
	}
	for _, at := range order {
		if !right[at] {
			c.report(first[at])
		}
	}
}

// listedFor are the entries of a Service that list somebody who could say with dependsOn that it calls.
func listedFor(to *end) []*spec.Caller {
	var listed []*spec.Caller
	for i := range to.callers {
		if caller := &to.callers[i]; to.service != nil && caller.Why == spec.Listed && caller.Gateway == nil {
			listed = append(listed, caller)
		}
	}
	return listed
}

// silent returns an end that an entry names and that says whom it calls without a word of the callee; nil where one of those
// that are named does, or may.
func (c *checker) silent(to *end, caller *spec.Caller) (found *end) {
	for _, from := range c.meant(caller) {
		if slices.ContainsFunc(from.templates, func(w *facts.Workload) bool { return slices.Contains(to.templates, w) }) {
			return nil // Pods that call each other need no other word for it.
		}
		port, known, depends := dependsOn(from, to, caller)
		if _, outside := c.outside(from); !known || depends || outside || c.refused[pair{from, to}] {
			return nil // Without a sidecar there is none that would have to know the callee.
		}
		if found == nil || port != "" {
			found = from
		}
	}
	return found
}

// meant are the ends that an entry names. A service account stands for all whose pods run as it.
func (c *checker) meant(caller *spec.Caller) []*end {
	if e := c.beyond[caller.Beyond]; e != nil {
		return []*end{e}
	}
	var out []*end
	for _, workload := range caller.Workloads {
		for _, e := range c.speakers[workload] {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
		if len(c.speakers[workload]) == 0 {
			out = append(out, &end{kind: workload.Kind, name: workload.Name, namespace: workload.Namespace, templates: []*facts.Workload{workload}})
		}
	}
	if len(out) > 0 || len(caller.Accounts) == 0 {
		return out
	}
	for _, e := range c.others {
		if slices.ContainsFunc(c.accounts(e), func(account facts.Account) bool { return slices.Contains(caller.Accounts, account) }) {
			out = append(out, e)
		}
	}
	return out
}

// dependsOn reports whether an end says that it calls a Service on a port that an entry permits. Known is false where it does
// not say whom it calls. Another port is named where it calls the Service only there.
func dependsOn(from, to *end, caller *spec.Caller) (other string, known, depends bool) {
	ports, known := portsCalled(from, to)
	for _, port := range ports {
		if port == "" || takesPort(caller, func(key string) bool { return to.port(key) == to.port(port) }) {
			return "", known, true
		}
		other = port
	}
	return other, known, false
}

// portsCalled are the ports of a Service that an end says it calls, "" for all of them. Known is false where it does not say
// whom it calls.
func portsCalled(from, to *end) (ports []string, known bool) {
	if from.said != nil {
		for i := range from.said.Calls {
			if call := &from.said.Calls[i]; call.Service == to.service {
				ports = append(ports, call.Port)
			}
		}
		return ports, from.said.Calls != nil
	}
	if from.beyond == nil {
		return nil, false
	}
	for i := range from.beyond.DependsOn {
		if call := &from.beyond.DependsOn[i]; calls(call, from, to) {
			ports = append(ports, portOf(call))
		}
	}
	return ports, from.beyond.DependsOn != nil
}

// calls reports whether a dependency of a catalogue is one on a Service of the build.
func calls(call *v1alpha1.Dependency, from, to *end) bool {
	name, namespace, ok := called(call, from.namespace)
	return ok && to.service.Named(name) && (to.namespace == namespace || slices.Contains(to.service.PreviousNamespaces, namespace))
}

func (c *checker) undepended(to, from *end, caller *spec.Caller) diag.Finding {
	other, _, _ := dependsOn(from, to, caller)
	word := to.as(from.namespace)
	if len(caller.Ports) == 1 && len(to.service.Ports) > 1 {
		word += ":" + caller.Ports[0]
	}
	finding := diag.Finding{
		Code: diag.NotDepended, Severity: diag.Warning, Source: caller.Origin.At,
		Message: fmt.Sprintf("%s may call %s, and its own dependsOn does not name that", from.full(), to),
		Because: []string{"the sidecar of a caller knows only what its dependsOn names; other calls pass it by, or are refused"},
		Related: []diag.Source{from.dependsOnAt()},
		Try:     fmt.Sprintf("add %s to dependsOn of %s, or remove the caller here", word, from.full()),
	}
	if other != "" {
		finding.Message = fmt.Sprintf("%s may call %s, and its own dependsOn names only another port, %s", from.full(), to, other)
		finding.Because = nil // The sidecar knows the Service with all of its ports.
		finding.Try = fmt.Sprintf("the same port at both ends: ports: [%s] here, or %s there", other, word)
	}
	if c.spec.Scope.Sidecars == "none" {
		finding.Severity, finding.Because = diag.Info, nil // The sidecar knows of everything all the same.
	}
	return finding
}
