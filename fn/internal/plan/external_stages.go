package plan

import (
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// holdExternal takes out what has to wait of hosts outside the mesh: all of them before stage observe, and before
// resilience their settings of calls. That a host is known, and TLS to it, waits no longer: the application's calls to
// http:// would fail.
func (p *planner) holdExternal(in []spec.External) []spec.External {
	out := slices.Clone(in)
	for i := range out {
		e := &out[i]
		identity := &facts.Identity{Kind: spec.ServiceEntry, Name: e.ObjectName(), Namespace: e.Namespace}
		if !e.Stage.Permits(v1alpha1.StageObserve) {
			origin := spec.Origin{Layer: spec.OwnEntry, Setting: "url", At: e.At("")}
			why := p.await("external", v1alpha1.StageObserve, e.Stage, identity, origin)
			for _, setting := range append(e.Origins.Settings(), "url", "tls", "addresses") {
				p.skipOn(identity, setting, why, origin)
			}
			continue
		}
		if e.Stage.Permits(v1alpha1.StageResilience) {
			continue
		}
		for _, setting := range e.Origins.Settings() {
			origin := e.Origins.Within(setting)
			if setting != "retries" && turnedOff(&spec.Port{Traffic: e.Traffic}, setting) {
				continue
			}
			why := p.await(setting, v1alpha1.StageResilience, e.Stage, identity, origin)
			p.skipOn(identity, setting, why, origin)
		}
		e.Traffic = v1alpha1.TrafficSettings{RetriesSetting: v1alpha1.RetriesSetting{Retries: &v1alpha1.Retries{}}}
		e.Origins = spec.Origins{}
	}
	return out
}
