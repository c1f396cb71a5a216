package calls

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// plain finds callers that are known by name and have no sidecar, where the callee refuses calls without mutual TLS or
// without an identity. It says so once for two ends: at the dependency, at the entry of the callers, or where neither can be
// changed here, where it is said that the callee refuses them.
func (c *checker) plain() {
	said := map[pair]bool{}
	c.plainDependencies(said, (*edge).ours)
	c.plainCallers(said)
	c.plainDependencies(said, func(e *edge) bool { return !e.ours() })
}

func (c *checker) plainDependencies(said map[pair]bool, among func(*edge) bool) {
	for _, e := range c.edges {
		at, outside := c.outside(e.from)
		if !among(e) || !outside || said[pair{e.from, e.to}] {
			continue
		}
		var ports []string
		if e.port != "" {
			ports = []string{e.port}
		}
		if refusal := c.refusal(e.to, ports); refusal != nil {
			said[pair{e.from, e.to}] = true
			c.refusePlain(e.from, e.to, refusal, e.at, at)
		}
	}
}

func (c *checker) plainCallers(said map[pair]bool) {
	shared := map[diag.Source]bool{} // entries that many Services have as a default
	for _, to := range c.ends {
		for i := range to.callers {
			caller := &to.callers[i]
			at := caller.Origin.At
			if caller.Why != spec.Listed && caller.Why != spec.Always || caller.Gateway != nil || shared[at] {
				continue
			}
			from, where := c.allOutside(c.meant(caller))
			if from == nil || from == to || said[pair{from, to}] {
				continue
			}
			if refusal := c.refusal(to, caller.Ports); refusal != nil {
				said[pair{from, to}], shared[at] = true, !caller.Origin.Explicit()
				c.refusePlain(from, to, refusal, at, where)
			}
		}
	}
}

// allOutside returns the first of some ends when none of them has a sidecar: who calls as an account that several share is
// not known.
func (c *checker) allOutside(ends []*end) (first *end, at diag.Source) {
	for _, e := range ends {
		where, outside := c.outside(e)
		if !outside {
			return nil, diag.Source{}
		}
		if first == nil {
			first, at = e, where
		}
	}
	return first, at
}

// refusal is why calls without mutual TLS and identity fail.
type refusal struct {
	why  string
	port string
	at   diag.Source
	// What the callee could do about it, "" where that is not known here. Opens says that it could let everybody call the port.
	try   string
	opens bool
}

// refusal says why a callee refuses such calls: to one of the ports, or where none is given to all that it has.
func (c *checker) refusal(to *end, ports []string) *refusal {
	if to.beyond != nil {
		return refusalBeyond(to, ports)
	}
	for _, template := range to.templates {
		pod := c.PodOf(template)
		if pod.Gateway() || c.DataplaneOf(pod) != cluster.OwnProxy {
			continue
		}
		var first *refusal
		all := true
		for _, key := range orAll(ports, to) {
			found := c.refusalAt(to, pod, key)
			if all = all && found != nil; first == nil {
				first = found
			}
		}
		if first != nil && (all || len(ports) > 0) {
			return first
		}
	}
	return nil
}

// orAll are ports as they were written, or all those of a Service. The empty one stands for pods that no Service selects.
func orAll(ports []string, to *end) []string {
	switch {
	case len(ports) > 0:
		return ports
	case to.service != nil:
		return to.service.PortKeys()
	}
	return []string{""}
}

// refusalAt is the same for one port of some pods.
func (c *checker) refusalAt(to *end, pod *cluster.Pod, key string) *refusal {
	target, guarded := c.target(to, pod, key)
	if !guarded || to.opens(key) {
		return nil
	}
	if mode := c.MTLSOf(pod).Port(uint32(target)); mode.Mode == cluster.StrictMTLS { //nolint:gosec // It is a port.
		found := &refusal{why: mode.Who() + " says STRICT", port: key, at: mode.At()}
		switch {
		case mode.By == nil:
		case mode.By.ByHand():
			found.try = "mode: PERMISSIVE in " + mode.By.String()
		default:
			found.try, found.opens = "an earlier stage for "+to.full(), to.callers != nil
		}
		return found
	}
	if to.refuses() {
		return &refusal{why: "stage authorize refuses whoever has no identity", port: key, at: to.stage.At, opens: true}
	}
	return nil
}

// target is the port of the pods that a key means, and whether their sidecar sees calls to it.
func (c *checker) target(to *end, pod *cluster.Pod, key string) (number int32, guarded bool) {
	if port := to.servicePort(key); port != nil {
		if !port.Protocol.Proxied() {
			return 0, false
		}
		number, _ = pod.Target(port)
	} else if listed, ok := pod.Listed(key); ok {
		number = listed
	} else if parsed, err := strconv.ParseInt(key, 10, 32); err == nil {
		number = int32(parsed)
	}
	return number, !slices.Contains(facts.PortList(pod.Annotations[facts.ExcludeInboundPorts]), number)
}

// servicePort is a port of a Service of the build, nil for one that only its pods have.
func (e *end) servicePort(key string) *facts.Port {
	if e.service == nil {
		return nil
	}
	return e.service.Port(key)
}

// opens reports whether an end lets everybody call a port, with or without a sidecar.
func (e *end) opens(key string) bool {
	return slices.ContainsFunc(e.callers, func(caller spec.Caller) bool {
		return caller.Anyone && takesPort(&caller, func(open string) bool {
			return open == key || e.port(open) != 0 && e.port(open) == e.port(key)
		})
	})
}

// refusalBeyond is the same for a Service of a catalogue.
func refusalBeyond(to *end, ports []string) *refusal {
	strict := to.beyond.MTLS != nil && *to.beyond.MTLS == "STRICT"
	if !strict && (to.stage.Name == "" || !to.stage.Permits(v1alpha1.StageStrict)) {
		return nil
	}
	if len(ports) == 0 {
		for key := range to.ports {
			ports = append(ports, key)
		}
		slices.Sort(ports)
		if slices.ContainsFunc(ports, to.opens) {
			return nil
		}
	}
	for _, key := range ports {
		if !to.opens(key) {
			return &refusal{why: "its MeshCatalog says that it accepts mutual TLS only", port: key, at: to.at("")}
		}
	}
	return nil
}

func (c *checker) refusePlain(from, to *end, refusal *refusal, at, outside diag.Source) {
	finding := diag.Finding{
		Code: diag.CallerWithoutMTLS, Source: at,
		Message: fmt.Sprintf("%s has no sidecar, and %s, which it calls, refuses calls without mutual TLS", from.full(), to.full()),
		Because: []string{refusal.why},
		Related: places(at, outside, to.callersAt(), refusal.at),
		Try:     "sidecar: true for " + from.full(),
	}
	if from.beyond != nil && at.Resource == outside.Resource { // A catalogue is changed elsewhere.
		finding.Source, finding.Related = refusal.at, places(refusal.at, at, outside, to.callersAt())
	}
	switch {
	case refusal.opens && refusal.port != "":
		finding.Try += fmt.Sprintf(", or {plainText: true, ports: [%s]} among the callers of %s, which lets everybody call them", refusal.port, to.full())
	case refusal.try != "":
		finding.Try += ", or " + refusal.try
	}
	c.report(finding)
}

// places are those that take part beside one, each once.
func places(beside diag.Source, list ...diag.Source) []diag.Source {
	var out []diag.Source
	for _, at := range list {
		if at != beside && at != (diag.Source{}) && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}
