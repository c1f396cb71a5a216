// Package calls checks whether both ends of a call say the same: who depends on whom, who lets whom in, and what the pods of
// both ends can do in the finished build. A finding stands at one end and points at the other, with what either could change.
package calls

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Check reports where the ends of calls do not agree.
func Check(v *cluster.View) diag.List {
	if v.Spec == nil {
		return nil
	}
	c := &checker{
		View: v, spec: v.Spec, services: map[*facts.Service]*end{}, speakers: map[*facts.Workload][]*end{}, beyond: map[string]*end{},
		refused: map[pair]bool{},
	}
	c.listEnds()
	c.listDependencies()
	c.permitted()
	c.depended()
	c.plain()
	c.unguarded()
	c.unreached()
	c.multiplied()
	c.crossed()
	c.repeated()
	return c.findings
}

type checker struct {
	*cluster.View
	spec     *spec.Spec
	ends     []*end                     // of the build, Services before other workloads
	others   []*end                     // of catalogues, by name
	services map[*facts.Service]*end    // those of the build
	speakers map[*facts.Workload][]*end // whose settings are for some pods
	beyond   map[string]*end            // those of catalogues, by name.namespace or Kind/name.namespace
	edges    []*edge                    // in the order of the callers
	refused  map[pair]bool              // of which it was said that the callee does not permit what the caller says
	findings diag.List
}

// pair is two ends, the caller first.
type pair [2]*end

func (c *checker) report(finding diag.Finding) { c.findings = append(c.findings, finding) }
