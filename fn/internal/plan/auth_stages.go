package plan

import (
	"fmt"
	"maps"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// holdAuth takes out what waits for the stage of authorization. On a Service that is exposed that is an error where the
// application wrote it: it would believe guarded what anybody can reach.
func (p *planner) holdAuth(workload *spec.Workload, identity *facts.Identity, exposed []diag.Source) {
	auth, origin := workload.Settings.Auth, workload.Origins.Within("auth")
	if auth == nil || auth.Off() || workload.Stage.Permits(v1alpha1.StageAuthorize) {
		return
	}
	why := fmt.Sprintf("it waits for stage %s, and this is %s", v1alpha1.StageAuthorize, workload.Stage.Name)
	if asks(auth) && len(exposed) > 0 && origin.Layer >= spec.MeshDefaults {
		p.report(diag.Finding{
			Code: diag.AuthWaits, Source: origin.At,
			Message: fmt.Sprintf("auth has no effect before stage %s, and %s %q is exposed at stage %s: everybody outside would be let in",
				v1alpha1.StageAuthorize, identity.Kind, identity.Name, workload.Stage.Name),
			Related: append([]diag.Source{workload.Stage.At}, exposed...),
			Try:     "auth below expose, which holds at the gateway from any stage, or stage authorize for the Service",
		})
	} else {
		why = p.await("auth", v1alpha1.StageAuthorize, workload.Stage, identity, origin)
	}
	p.skipOn(identity, "auth", why, origin)
	workload.Settings.Auth, workload.Origins = nil, maps.Clone(workload.Origins)
	maps.DeleteFunc(workload.Origins, func(path string, _ spec.Origin) bool { return path == "auth" || strings.HasPrefix(path, "auth.") })
}

// asks reports whether anything is asked of calls.
func asks(auth *v1alpha1.Auth) bool {
	return auth.ExtAuthz != nil || auth.JWT != nil && !auth.JWT.Off()
}

// exposures are the places where an entry makes a Service reachable from outside.
func exposures(service *spec.Service) []diag.Source {
	if len(service.Expose) == 0 {
		return nil
	}
	return []diag.Source{service.At("expose")}
}
