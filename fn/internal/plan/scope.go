package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Scope is what the proxies of some pods know of: those of workloads with labels, or of a whole namespace.
type Scope struct {
	Name      string            `json:"name" from:"Object:metadata.name,Whole"`
	Namespace string            `json:"namespace,omitempty" from:"Object:metadata.namespace"`
	Owner     string            `json:"owner" from:"Mesh"`
	Selector  map[string]string `json:"selector,omitempty" from:"Labels"` // nil for the whole namespace
	Parts     []ScopePart       `json:"parts"`
	Outbound  Value[string]     `json:"outbound,omitzero"` // what happens to other calls, where that is not what the mesh has

	From   spec.Origin  `json:"-"`
	Mesh   diag.Source  `json:"-"` // the name of the owner
	Object spec.Located `json:"-"` // fields of the workload
	Labels spec.Located `json:"-"` // those of its pods
	Whole  diag.Source  `json:"-"` // where the profile asks for one scope per namespace
}

// ScopePart is what one workload needs.
type ScopePart struct {
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	Namespace string  `json:"namespace,omitempty"`
	Knows     []Known `json:"knows"`

	From spec.Origin `json:"-"`
}

// Known is a host that proxies know: a Service, or a host outside of Kubernetes.
type Known struct {
	Service   string `json:"service,omitempty"`
	Namespace string `json:"namespace,omitempty"` // of the Service
	Host      string `json:"host,omitempty"`
	// In is the namespace of what is known: of the Service, of the entry for an outside host, or of routes that somebody
	// keeps for the host elsewhere.
	In string `json:"in"`

	Rank int         `json:"-"` // its place among all that the proxies know
	From spec.Origin `json:"-"`
}

// nowhere is a namespace that is none: proxies that know of nothing have to know of something there.
const nowhere = "~"

// wholeNamespace is the name of what is for all pods of a namespace, as in the documents of Istio.
const wholeNamespace = "default"

// The words of `scope.sidecars`.
const (
	scopeNone      = "none"
	scopeNamespace = "namespace"
)

// scoping gathers what workloads need until all of them are known.
type scoping struct {
	wanted  []*scoped
	sidecar map[*facts.Workload]Value[bool]
	kept    map[*facts.Workload]bool // whose scope the user keeps by hand
}

// scoped is a workload that says what it calls.
type scoped struct {
	workload *facts.Workload
	selector map[string]string
	parts    []ScopePart
	owner    spec.Owner
	from     spec.Origin
}

// scope notes what the pods of a workload need. Several Services of one workload need all of it together; where only some
// of them say something, that is what is known.
func (p *planner) scope(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) {
	p.scoping.sidecar[workload] = sidecar
	one := &scoped{workload: workload}
	var calls []spec.Dependency
	for _, settings := range asked {
		if settings.Calls == nil || !settings.Stage.Permits(v1alpha1.StageObserve) {
			continue
		}
		calls = append(calls, settings.Calls...)
		if said := settings.Origins.Of("dependsOn"); said.Layer > one.from.Layer {
			one.from, one.owner = said, settings.Owner
		}
	}
	if one.from.Layer == spec.Unset || !p.canBeScoped(workload, sidecar, one.from) {
		return
	}
	knows := p.peers(workload, one.from)
	calls = append(calls, p.spec.Scope.Always...)
	for i := range calls {
		knows = append(knows, p.known(&calls[i], workload.Namespace)...)
	}
	if len(knows) == 0 {
		knows = []Known{{Host: everyone, In: nowhere, From: one.from}}
	}
	one.parts = []ScopePart{{Kind: workload.Kind, Name: workload.Name, Namespace: workload.Namespace, Knows: knows, From: one.from}}
	p.scoping.wanted = append(p.scoping.wanted, one)
}

// canBeScoped reports whether the pods have proxies that read a scope, and that this program decides about.
func (p *planner) canBeScoped(workload *facts.Workload, sidecar Value[bool], from spec.Origin) bool {
	var why string
	switch {
	case p.spec.Scope.Sidecars == scopeNone:
		why = "scope.sidecars of the profile is none, so its sidecars know of everything"
	case p.withoutSidecar(workload, sidecar):
		why = "its pods get no sidecar that could know less than everything"
	case workload.Gateway():
		why = "its pods are a gateway, which knows what its routes need"
	case p.scoping.kept[workload]:
		why = "manage keeps the Sidecar in your own hands"
	default:
		return true
	}
	p.skipForPods(workload, "dependsOn", why, from)
	return false
}

// scopes decides which scopes there are, once every workload has said what it needs.
func (p *planner) scopes() {
	byNamespace := map[string][]*scoped{}
	for _, one := range p.scoping.wanted {
		byNamespace[one.workload.Namespace] = append(byNamespace[one.workload.Namespace], one)
	}
	for _, namespace := range slices.Sorted(maps.Keys(byNamespace)) {
		wanted := byNamespace[namespace]
		if p.wholeScope(namespace, wanted) {
			p.out.Scopes = append(p.out.Scopes, p.scopeOfNamespace(namespace, wanted))
			continue
		}
		for _, one := range p.apart(wanted) {
			p.out.Scopes = append(p.out.Scopes, p.scopeOf(one))
		}
	}
}

// scopeOf is the scope of the pods of one workload.
func (p *planner) scopeOf(one *scoped) Scope {
	return Scope{
		Name: p.workloadName(one.workload), Namespace: one.workload.Namespace, Owner: one.owner.String(), Selector: one.selector,
		Parts: p.rank(one.parts), Outbound: p.outbound(), From: one.from, Mesh: one.owner.At,
		Object: one.workload.Source, Labels: labelsOf(one.workload),
	}
}

// scopeOfNamespace is one scope for all pods of a namespace.
func (p *planner) scopeOfNamespace(namespace string, wanted []*scoped) Scope {
	first := wanted[0]
	out := Scope{
		Name: wholeNamespace, Namespace: namespace, Owner: first.owner.String(), Outbound: p.outbound(),
		From: first.from, Mesh: first.owner.At, Whole: p.spec.Scope.At("sidecars"),
	}
	for _, one := range wanted {
		out.Parts = append(out.Parts, one.parts...)
	}
	out.Parts = p.rank(out.Parts)
	out.Object = func(field string) diag.Source {
		if field == "metadata.name" { // The name is that of the choice, which Whole holds the place of.
			return diag.Source{}
		}
		return first.workload.Source(field)
	}
	return out
}

// outbound is what happens to calls to hosts that proxies do not know.
func (p *planner) outbound() Value[string] {
	if p.spec.Scope.Outbound == "" {
		return Value[string]{}
	}
	const setting = "scope.outboundTrafficPolicy"
	return Value[string]{p.spec.Scope.Outbound, spec.Origin{Layer: spec.ProfileDefaults, Setting: setting, At: p.spec.Scope.At("outboundTrafficPolicy")}}
}

// rank puts what the parts of a scope know in one order, each once per part.
func (p *planner) rank(parts []ScopePart) []ScopePart {
	var texts []string
	for i := range parts {
		for j := range parts[i].Knows {
			texts = append(texts, p.textOf(&parts[i].Knows[j]))
		}
	}
	slices.Sort(texts)
	for i := range parts {
		knows := parts[i].Knows
		for j := range knows {
			knows[j].Rank, _ = slices.BinarySearch(texts, p.textOf(&knows[j]))
		}
		slices.SortStableFunc(knows, func(a, b Known) int { return cmp.Compare(a.Rank, b.Rank) })
		parts[i].Knows = slices.CompactFunc(knows, func(a, b Known) bool { return a.Rank == b.Rank })
	}
	return parts
}

// textOf is what is known by its full name.
func (p *planner) textOf(known *Known) string {
	if known.Service == "" {
		return known.In + "/" + known.Host
	}
	return fmt.Sprintf("%s/%s.%s.svc.%s", known.In, known.Service, known.Namespace, p.spec.Istio.ClusterDomain)
}

// Nothing reports whether this stands for knowing nothing.
func (k *Known) Nothing() bool { return k.In == nowhere }
