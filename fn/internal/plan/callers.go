package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// holdCallers says that who may call waits for its stage. On a Service that is exposed that is a warning and no error: the
// gateway is let in at every stage, so callers guard nothing against the outside, and a Mesh that is written for the last
// stage can go through the earlier ones with its namespace.
func (p *planner) holdCallers(settings *spec.Workload, identity *facts.Identity, expose map[string]*v1alpha1.Expose) {
	if settings.Callers == nil || settings.Stage.Permits(v1alpha1.StageAuthorize) {
		return
	}
	origin := settings.Origins.Of("callers")
	opens := slices.ContainsFunc(settings.Callers, func(c spec.Caller) bool { return c.Anyone && c.Why == spec.Listed })
	if opens && len(expose) == 0 && settings.Stage.Permits(v1alpha1.StageStrict) {
		p.report(diag.Finding{
			Code: diag.AheadOfStage, Severity: diag.Info, Source: origin.At,
			Message: fmt.Sprintf("callers refuses nobody before stage authorize, but for plain text, which the ports of plainText take and others do not: %s %q is at stage %s",
				identity.Kind, identity.Name, settings.Stage.Name),
			Related: []diag.Source{settings.Stage.At},
		})
		return
	}
	if len(expose) == 0 || origin.Layer < spec.MeshDefaults {
		why := p.await("callers", v1alpha1.StageAuthorize, settings.Stage, identity, origin)
		p.skipOn(identity, "callers", why, origin)
		return
	}
	p.skipOn(identity, "callers", fmt.Sprintf("it waits for stage %s, and this is %s", v1alpha1.StageAuthorize, settings.Stage.Name), origin)
	p.report(diag.Finding{
		Code: diag.CallersWait, Severity: diag.Warning, Source: origin.At,
		Message: fmt.Sprintf("callers refuses nobody before stage authorize, and Service %q, which is exposed, is at stage %s", identity.Name, settings.Stage.Name),
		Because: []string{"until then every workload of the mesh may call it, and the gateway in any case"},
		Related: []diag.Source{settings.Stage.At},
		Try:     "the stage authorize, once the callers have sidecars; auth is what guards against calls from outside",
	})
}
