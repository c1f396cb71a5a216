package resolve

import (
	"reflect"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// exposeAuth expands the presets in what an entry asks of calls at gateways. There are no layers for it; the limits of the
// profile for tokens hold there too.
func (r *resolver) exposeAuth(service *facts.Service, expose map[string]*v1alpha1.Expose, at spec.Located) map[string]spec.GatewayAuth {
	out := map[string]spec.GatewayAuth{}
	for name, entry := range expose {
		if entry == nil || entry.Auth == nil {
			continue
		}
		auth := spec.GatewayAuth{Path: diag.Join("expose", name) + ".auth"}
		m := newMerger(r.presets, r.report)
		m.merge(reflect.ValueOf(&auth.Tokens).Elem(), reflect.ValueOf(*entry.Auth), auth.Path, layer{name: spec.OwnEntry, at: at})
		auth.Origins = m.origins
		out[name] = auth

		settings := v1alpha1.WorkloadSettings{AuthSetting: v1alpha1.AuthSetting{Auth: &v1alpha1.Auth{Tokens: auth.Tokens}}}
		origins := spec.Origins{}
		for path, origin := range auth.Origins {
			origins["auth"+strings.TrimPrefix(path, auth.Path)] = origin
		}
		r.keepLimits(r.out.Rules.In(service.Namespace), settings, origins)
	}
	return out
}
