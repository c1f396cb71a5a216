package resolve

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

const (
	perWorkload = "workload"
	byCallers   = "callers"
)

// scope reads what the profile says of the scope of sidecars.
func (r *resolver) scope() {
	r.out.Scope = spec.Scope{Sidecars: perWorkload}
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Scope == nil {
		return
	}
	in, out := profile.Value.Spec.Scope, &r.out.Scope
	out.At = below(profile, "spec.scope")
	if in.Sidecars != nil {
		out.Sidecars = *in.Sidecars
	}
	if in.OutboundTrafficPolicy != nil {
		out.Outbound = *in.OutboundTrafficPolicy
	}
	out.ByCaller = in.ExportTo != nil && *in.ExportTo == byCallers
	for i := range in.Always {
		origin := spec.Origin{Layer: spec.ProfileDefaults, Setting: "scope.always", At: out.At(diag.At("always", i))}
		if call, ok := r.dependency(place{}, &in.Always[i], origin); ok {
			out.Always = append(out.Always, call)
		}
	}
}

// alwaysCallers are those whom the profile lets in everywhere.
func (r *resolver) alwaysCallers() []spec.Caller {
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Access == nil {
		return nil
	}
	at := below(profile, "spec.access")
	var out []spec.Caller
	for i := range profile.Value.Spec.Access.Always {
		origin := spec.Origin{Layer: spec.ProfileDefaults, Setting: "access.always", At: at(diag.At("always", i))}
		if caller, ok := r.caller(place{}, &profile.Value.Spec.Access.Always[i], origin); ok {
			caller.Why = spec.Always
			out = append(out, caller)
		}
	}
	return out
}
