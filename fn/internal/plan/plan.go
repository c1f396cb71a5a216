// Package plan decides: it turns resolved settings into what will happen to pods and calls, with one decided value per
// question. It speaks of pods, services, routes, splits and entries, not of the kinds of any mesh, so that a renderer
// has nothing left to decide.
package plan

import (
	"github.com/google/cel-go/cel"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Plan is what will happen.
type Plan struct {
	Naming     Naming      `json:"naming"`
	Namespaces []Namespace `json:"namespaces,omitempty"`
	Pods       []Pod       `json:"pods,omitempty"`
	Scopes     []Scope     `json:"scopes,omitempty"`
	Services   []Service   `json:"services,omitempty"`
	Entries    []Entry     `json:"entries,omitempty"`
	External   []External  `json:"external,omitempty"`
	Leaving    []Leaving   `json:"leaving,omitempty"`
	Patches    []Patch     `json:"patches,omitempty"`
	Skipped    []Skipped   `json:"skipped,omitempty"`
}

// Patch changes one generated object after rendering.
type Patch struct {
	Kind  string         `json:"kind"`
	Name  string         `json:"name"`
	Owner string         `json:"owner"`
	Merge map[string]any `json:"merge"`
	From  diag.Source    `json:"-"`
	Field spec.Located   `json:"-"`
}

// Build decides everything the documents left open.
func Build(in *spec.Spec, build *facts.Facts) (*Plan, diag.List) {
	p := newPlanner(in, build)
	p.checkNaming()
	p.namespaces()
	p.spec = p.atStage(in)
	p.pods()
	p.calls()
	if waits(in) {
		p.planAhead(in, build)
	}
	p.patches()
	return p.out, p.findings
}

func newPlanner(in *spec.Spec, build *facts.Facts) *planner {
	naming := Naming{
		ClusterDomain: in.Istio.ClusterDomain, Full: in.Istio.FullHostnames,
		DomainFrom: in.Istio.DomainFrom, FullFrom: in.Istio.HostnamesFrom,
	}
	return &planner{
		spec: in, facts: build, out: &Plan{Naming: naming},
		keptTelemetry: map[*facts.Workload]*spec.Service{}, keptTransport: map[*facts.Workload]*spec.Service{},
		keptAuthorization: map[*facts.Workload]*spec.Service{},
		scoping:           scoping{sidecar: map[*facts.Workload]Value[bool]{}, kept: map[*facts.Workload]bool{}},
	}
}

// calls plans what happens to calls, inside the mesh, from outside and to the outside.
func (p *planner) calls() {
	for i := range p.spec.Services {
		p.service(&p.spec.Services[i])
	}
	p.entries()
	p.externals()
}

type planner struct {
	spec     *spec.Spec
	facts    *facts.Facts
	out      *Plan
	findings diag.List
	ahead    bool              // it plans what waits for a later stage, to find what is wrong with it
	shared   map[[2]string]int // how many workloads have a namespace and name

	toldMTLS    []string         // namespaces of which it was said what they accept
	heard       *heard           // who does not say whom it calls, nil before somebody asks
	toldCallers []*spec.Workload // of whose callers it was said that nobody speaks for them
	cel         *cel.Env         // to read expressions, made when there is one

	// By whose manage the user keeps the Telemetry of a workload, its PeerAuthentication or its AuthorizationPolicy.
	keptTelemetry, keptTransport, keptAuthorization map[*facts.Workload]*spec.Service

	scoping scoping // what the sidecars of workloads are to know
}

func (p *planner) report(finding diag.Finding) { p.findings = append(p.findings, finding) }
