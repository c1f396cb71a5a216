package policies

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// authorizers finds CUSTOM policies for a provider that the mesh does not have.
// https://github.com/istio/istio/blob/master/pilot/pkg/security/authz/builder/extauthz.go
func (c *checker) authorizers(policy *authorizationPolicy) {
	provider := policy.Spec.GetProvider()
	if provider == nil || c.HasProvider(provider.GetName()) {
		return
	}
	finding := diag.Finding{
		Code: diag.UnknownAuthorizer, Source: policy.At("spec.provider.name"),
		Message: fmt.Sprintf("the mesh has no provider %q, so every call that %s takes in is refused; it has: %s",
			provider.GetName(), policy.Resource, diag.OneOf(c.Providers())),
		Related: []diag.Source{c.Istio.At("meshConfig.extensionProviders")},
	}
	if nearest, ok := diag.Nearest(provider.GetName(), c.Providers()); ok {
		finding.Try, finding.Proposed = "name: "+nearest, nearest
	}
	c.report(finding)
}
