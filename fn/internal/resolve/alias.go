package resolve

import (
	"fmt"
	"reflect"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// refuseAlias says that settings for an ExternalName Service have nothing to act on: it is a DNS alias, and calls go to
// the host it names. A default passes it by.
func (r *resolver) refuseAlias(service *facts.Service, entry *v1alpha1.Service, at spec.Located) {
	if reflect.ValueOf(*entry).IsZero() {
		return
	}
	r.report(diag.Finding{
		Code: diag.ExternalAlias, Source: at(""),
		Message: fmt.Sprintf("Service %q is an ExternalName alias of %s: it has no pods, and mesh settings on it have no effect",
			service.Name, service.ExternalName),
		Related: []diag.Source{service.Source("spec.externalName")},
		Try:     "remove the entry",
	})
}

// refusePortless says that traffic settings of a Service without ports have nothing to act on: Istio makes no route and no
// cluster for it.
func (r *resolver) refusePortless(service *facts.Service, settings v1alpha1.TrafficSettings, at spec.Located) {
	_, origins := mergeLayers(r, []trafficLayer{{layer{name: spec.OwnEntry, at: at}, settings}})
	for _, setting := range origins.Settings() {
		r.report(diag.Finding{
			Code: diag.WrongProtocol, Source: at(setting),
			Message: fmt.Sprintf("%s has no effect on Service %q, which has no ports", setting, service.Name),
			Related: []diag.Source{service.Source("spec")},
			Try:     "add the ports to the Service, or remove " + setting,
		})
	}
}
