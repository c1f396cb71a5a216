package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Authorization is who may call the pods of a workload. Everybody else is refused.
type Authorization struct {
	Name        string            `json:"name" from:"Object:metadata.name"`
	Owner       string            `json:"owner" from:"Mesh"`
	Selector    map[string]string `json:"selector" from:"Labels,From"`
	TrustDomain Value[string]     `json:"trustDomain"`
	DryRun      Value[bool]       `json:"dryRun,omitzero"` // only say what would be refused
	Permissions []Permission      `json:"permissions,omitempty"`
	From        spec.Origin       `json:"-"`
	Mesh        diag.Source       `json:"-"` // the name of the owner
	Object      spec.Located      `json:"-"` // fields of the workload
	Labels      spec.Located      `json:"-"` // those of its pods

	named []permitted
}

// Permission lets callers in: those with one of the accounts or from one of the namespaces, and everybody where there are
// neither. It is for all ports where it has none.
type Permission struct {
	Accounts   []string      `json:"accounts,omitempty" from:"Asked"` // namespace/name
	Namespaces []string      `json:"namespaces,omitempty" from:"Asked"`
	Ports      []int32       `json:"ports,omitempty" from:"Asked"` // of the pods
	Methods    []string      `json:"methods,omitempty" from:"Asked"`
	Paths      []string      `json:"paths,omitempty" from:"Asked"` // as a policy has them: exact, or with * behind them
	Asked      []spec.Origin `json:"-"`
}

// localDomain is what Istio takes for the trust domain of the mesh, whatever that is called, in every policy.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/security/trustdomain/bundle.go
const localDomain = "cluster.local"

// authorization decides who may call the pods of a workload. What is wrong with it is said at every stage, and it holds from
// the stage authorize on.
func (p *planner) authorization(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) *Authorization {
	var out Authorization
	for _, settings := range asked {
		if settings.Callers != nil {
			if origin := settings.Origins.Of("callers"); origin.Layer > out.From.Layer {
				out.From, out.Owner, out.Mesh = origin, settings.Owner.String(), settings.Owner.At
			}
		}
	}
	out.DryRun = dryRun(asked, p.disagreement(diag.CallersConflict, workload))
	if out.From.Layer == spec.Unset || !p.sameOwner(workload, asked, out.From) {
		return nil
	}
	if service := p.keptAuthorization[workload]; service != nil {
		if out.From.Explicit() {
			p.refuseManaged(service, "AuthorizationPolicy", "callers", out.From.At)
		} else {
			p.skipForPods(workload, "callers", "manage keeps the AuthorizationPolicy in your own hands", out.From)
		}
		return nil
	}
	grants := p.grants(workload, asked)
	if !asked[0].Stage.Permits(v1alpha1.StageAuthorize) || !p.refusesCallers(workload, sidecar, out.From) {
		return nil
	}
	out.Permissions, out.named = permissions(grants), named(asked)
	out.TrustDomain = p.trustDomain()
	return p.attachAuthorization(workload, &out)
}

// sameOwner refuses pods of which two Meshes speak, where one of them says who may call. There is one policy for all, and who
// adds a Service that leads to the pods of others would open them: nobody lets themselves in elsewhere.
func (p *planner) sameOwner(workload *facts.Workload, asked []*spec.Workload, from spec.Origin) bool {
	for _, other := range asked[1:] {
		if other.Owner == asked[0].Owner {
			continue
		}
		p.report(diag.Finding{
			Code: diag.CallersConflict, Source: from.At,
			Message: fmt.Sprintf("Meshes %q and %q both speak of the pods of %s %q, and only one of them can say who may call",
				asked[0].Owner, other.Owner, workload.Kind, workload.Name),
			Related: []diag.Source{asked[0].Owner.At, other.Owner.At, workload.Source("metadata.name")},
			Try:     "all Services of these pods in one Mesh, or callers in neither",
		})
		return false
	}
	return true
}

// firm reports whether a setting that guards was written in a Mesh, where it may not be lost without a word. A default of the
// platform's is for many, and passes by those that cannot hold it.
func firm(origin spec.Origin) bool { return origin.Layer >= spec.MeshDefaults }

// refusesCallers reports whether the pods have what refuses a call.
func (p *planner) refusesCallers(workload *facts.Workload, sidecar Value[bool], from spec.Origin) bool {
	var why, try string
	switch {
	case workload.Gateway():
		why, try = "they are a gateway, which is there to be called from outside", "remove callers"
	case p.withoutSidecar(workload, sidecar):
		why, try = "they have no sidecar, which alone refuses calls", "sidecar: true, or remove callers, or an exception in the rollout: "+exceptionFor(workload)
	default:
		return true
	}
	if !firm(from) {
		p.skipForPods(workload, "callers", why, from)
		return false
	}
	p.report(diag.Finding{
		Code: diag.CallersUnguarded, Source: from.At,
		Message: fmt.Sprintf("the pods of %s %q let in everybody, whatever callers says: %s", workload.Kind, workload.Name, why),
		Related: []diag.Source{workload.Source("metadata.name")},
		Try:     try,
	})
	return false
}

// attachAuthorization names the policy of a workload and says which pods it is for.
func (p *planner) attachAuthorization(workload *facts.Workload, out *Authorization) *Authorization {
	labels, missing := ownSelector(workload)
	if missing == nil {
		out.Name, out.Selector = p.workloadName(workload), labels
		out.Object, out.Labels = workload.Source, labelsOf(workload)
		return out
	}
	if !firm(out.From) {
		p.skipForPods(workload, "callers", missing.why, out.From)
		return nil
	}
	p.report(diag.Finding{
		Code: diag.CallersUnselected, Source: out.From.At,
		Message: fmt.Sprintf("callers needs a policy for the pods of %s %q alone, and %s", workload.Kind, workload.Name, missing.why),
		Related: []diag.Source{workload.Source(missing.field)}, Try: missing.try,
	})
	return nil
}

// trustDomain is the first part of every identity in the mesh.
func (p *planner) trustDomain() Value[string] {
	if own := p.spec.Istio.TrustDomain; own != "" {
		return Value[string]{own, spec.Origin{Layer: spec.ProfileDefaults, At: p.spec.Istio.At("trustDomain")}}
	}
	return Value[string]{localDomain, spec.Origin{Layer: spec.BuiltIn, Note: "what Istio takes for the trust domain of the mesh, whatever that is called"}}
}

// shareAuthorization finds pods that the policy of another workload reaches too, by labels that both have. Two policies that
// allow the same are one; where they differ, each would let in the callers of the other.
func (p *planner) shareAuthorization() {
	has := func(pod *Pod) bool { return pod.Authorization != nil }
	p.eachShared(has, func(pod *Pod, workload *facts.Workload, other *Pod) {
		if other != nil && other.Authorization != nil && samePermissions(pod.Authorization, other.Authorization) {
			return
		}
		p.report(diag.Finding{
			Code: diag.CallersUnselected, Source: pod.Authorization.From.At,
			Message: fmt.Sprintf("the labels that select the pods of %s %q, %s, select those of %s %q too, which may be called by others",
				pod.Kind, pod.Name, labelText(pod.Authorization.Selector), workload.Kind, workload.Name),
			Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
			Try:     fmt.Sprintf("the same callers for both, or a label of their own for the pods of %q, in its selector too", pod.Name),
		})
	})
}

func samePermissions(a, b *Authorization) bool {
	return a.DryRun.V == b.DryRun.V && slices.EqualFunc(a.Permissions, b.Permissions, func(x, y Permission) bool {
		return slices.Equal(x.Accounts, y.Accounts) && slices.Equal(x.Namespaces, y.Namespaces) && slices.Equal(x.Ports, y.Ports) &&
			slices.Equal(x.Methods, y.Methods) && slices.Equal(x.Paths, y.Paths)
	})
}
