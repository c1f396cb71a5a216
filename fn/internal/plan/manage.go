package plan

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// byHand reports whether manage keeps objects of a kind in the user's own hands.
func byHand(managed *bool) bool { return managed != nil && !*managed }

// keepByHand notes for which pods the user keeps objects.
func (p *planner) keepByHand(service *spec.Service) {
	for _, template := range service.Workload.Templates {
		if byHand(service.Manage.Telemetry) {
			p.keptTelemetry[template] = service
		}
		if byHand(service.Manage.PeerAuthentication) {
			p.keptTransport[template] = service
		}
		if byHand(service.Manage.AuthorizationPolicy) {
			p.keptAuthorization[template] = service
		}
	}
}

// respectManage takes out what the user keeps in their own hands, and refuses settings that would need it.
func (p *planner) respectManage(in *spec.Service, out *Service) {
	if byHand(in.Manage.VirtualService) {
		p.refuseUnmanaged(in, "VirtualService", "timeout", "retries")
		p.skipUnmanaged(in, "VirtualService", "timeout", "retries")
		for i := range out.Ports {
			out.Ports[i].Routes = nil
		}
	}
	if byHand(in.Manage.DestinationRule) {
		p.refuseUnmanaged(in, "DestinationRule", "circuitBreaker", "outlierDetection", "loadBalancer")
		p.skipUnmanaged(in, "DestinationRule", "circuitBreaker", "outlierDetection", "loadBalancer")
		if len(in.Versions) > 0 {
			p.refuseManaged(in, "DestinationRule", "versions", in.At("versions"))
		}
		out.Splits, out.StreamIdleTimeout = nil, Value[v1alpha1.Duration]{}
		for i := range out.Ports {
			out.Ports[i].Policy = Policy{}
		}
	}
}

func (p *planner) refuseUnmanaged(in *spec.Service, kind string, settings ...string) {
	for _, setting := range settings {
		for i := range in.Ports {
			// To have no retries needs the VirtualService too, because Istio adds its own to yours.
			if setting != "retries" && turnedOff(&in.Ports[i], setting) {
				continue
			}
			if origin := in.Ports[i].Origins.Within(setting); origin.Explicit() {
				p.refuseManaged(in, kind, setting, origin.At)
				break
			}
		}
	}
}

// skipUnmanaged notes the defaults that an object in the user's own hands leaves without effect.
func (p *planner) skipUnmanaged(in *spec.Service, kind string, settings ...string) {
	for i := range in.Ports {
		for _, setting := range settings {
			if origin := in.Ports[i].Origins.Within(setting); origin.Layer != spec.Unset && !origin.Explicit() {
				p.skip(in, &in.Ports[i], setting, "manage keeps the "+kind+" in your own hands", origin)
			}
		}
	}
}

func (p *planner) refuseManaged(in *spec.Service, kind, setting string, at diag.Source) {
	p.report(diag.Finding{
		Code: diag.NotManaged, Source: at,
		Message: fmt.Sprintf("%s of Service %q needs the %s that manage keeps in your own hands", setting, in.Facts.Name, kind),
		Related: []diag.Source{in.At("manage." + kind)},
		Try:     fmt.Sprintf("remove manage.%s, or put %s into your own %s and remove it here", kind, setting, kind),
	})
}
