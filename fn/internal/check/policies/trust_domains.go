package policies

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// localDomain stands in rules for the trust domain of the mesh, whatever that is.
// https://github.com/istio/istio/blob/master/pilot/pkg/security/trustdomain/bundle.go
const localDomain = "cluster.local"

// ownDomain reports whether a trust domain is that of the mesh, or counts as such.
func (c *checker) ownDomain(domain string) bool {
	return slices.Contains([]string{localDomain, "*", c.Istio.TrustDomain}, domain) || slices.Contains(c.aliases(), domain)
}

// aliases are further trust domains that count as the mesh's own.
func (c *checker) aliases() []string {
	var names []string
	for _, name := range c.Istio.Mesh.TrustDomainAliases {
		names = append(names, string(name))
	}
	return names
}

// foreign reports trust domains that the mesh does not have, as far as the profile says which ones it has.
func (c *checker) foreign(policy *authorizationPolicy, domains []value) {
	if len(domains) == 0 {
		return
	}
	var names []string
	for _, domain := range domains {
		if !slices.Contains(names, domain.text) {
			names = append(names, domain.text)
		}
	}
	finding := diag.Finding{
		Code: diag.UnknownTrustDomain, Severity: diag.Info, Source: policy.At(domains[0].field),
		Message: fmt.Sprintf("not checked: whether the mesh has or trusts trust domain %s, which %s speaks of; no build says so", quoted(names), policy.Resource),
		Try:     "cluster.local for workloads of this mesh, whatever its trust domain is",
	}
	if own := c.Istio.TrustDomain; own != "" {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("the mesh does not have trust domain %s, which %s speaks of, so no caller ever matches", quoted(names), policy.Resource)
		finding.Because = []string{"its trust domains are: " + diag.OneOf(append([]string{own}, c.aliases()...))}
		finding.Related = []diag.Source{c.Istio.At("trustDomain")}
	}
	c.report(finding)
}
