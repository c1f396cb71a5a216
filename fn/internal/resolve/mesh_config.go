package resolve

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// meshConfig refuses facts about the mesh that Istio would not take either.
func (r *resolver) meshConfig(profile *spec.Document[v1alpha1.MeshProfile], config *v1alpha1.MeshConfig) {
	at := func(field string) string { return "spec.istio.meshConfig." + field }
	r.exportTo(config.DefaultServiceExportTo, func(i int) diag.Source { return profile.At(diag.At(at("defaultServiceExportTo"), i)) })
	r.exportTo(config.DefaultVirtualServiceExportTo, func(i int) diag.Source { return profile.At(diag.At(at("defaultVirtualServiceExportTo"), i)) })
	r.exportTo(config.DefaultDestinationRuleExportTo, func(i int) diag.Source { return profile.At(diag.At(at("defaultDestinationRuleExportTo"), i)) })
	for i := range config.DiscoverySelectors {
		for j, rule := range config.DiscoverySelectors[i].MatchExpressions {
			compared := rule.Operator == "In" || rule.Operator == "NotIn"
			if compared == (len(rule.Values) > 0) {
				continue
			}
			finding := diag.Finding{
				Code: diag.BadValue, Source: profile.At(diag.At(diag.At(at("discoverySelectors"), i)+".matchExpressions", j)),
				Message: fmt.Sprintf("operator %s compares with no values", rule.Operator), Try: "operator: In, or remove values",
			}
			if compared {
				finding.Message = fmt.Sprintf("operator %s needs values to compare with", rule.Operator)
				finding.Try = "values: [enabled], or operator: Exists"
			}
			r.report(finding)
		}
	}
}

func (r *resolver) exportTo(list []string, at func(int) diag.Source) {
	for i, to := range list {
		if slices.Contains([]string{"*", ".", "~"}, to) || len(validation.IsDNS1123Label(to)) == 0 {
			continue
		}
		r.report(diag.Finding{
			Code: diag.BadValue, Source: at(i),
			Message: fmt.Sprintf("%q is no namespace; allowed: the name of one, \"*\" for all, \".\" for that of the object, \"~\" for none", to),
		})
	}
}
