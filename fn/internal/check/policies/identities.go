package policies

import (
	"fmt"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// identities compares what a policy says about the identity of callers with whether they have one.
func (c *checker) identities(policy *authorizationPolicy) {
	positive, negative := identityFields(policy)
	if positive == "" && negative == "" {
		return
	}
	field := positive
	if field == "" {
		field = negative
	}
	all, some := c.accepted(policy)
	if all != nil {
		c.report(diag.Finding{
			Code: diag.IdentityWithoutMTLS, Source: policy.At(field),
			Message: fmt.Sprintf("%s speaks of the identity of callers, and they have none: mutual TLS is off for its workloads", policy.Resource),
			Because: []string{"mode DISABLE of " + all.Who()},
			Related: []diag.Source{all.At()},
			Try:     "mode: STRICT in the PeerAuthentication",
		})
		return
	}
	c.evaded(policy, positive, negative, some)
}

// accepted is the mode that turns mutual TLS off for everything the policy is for, nil when there is none, and some mode
// that lets callers without a certificate in.
func (c *checker) accepted(policy *authorizationPolicy) (off, lenient *cluster.MTLS) {
	var modes []cluster.MTLS
	for _, pod := range c.reach(policy.Meta).Pods {
		if c.DataplaneOf(pod) != cluster.Ambient {
			modes = append(modes, c.mode(pod))
		}
	}
	if len(modes) == 0 {
		modes = append(modes, c.NamespaceMTLS(policy.Namespace))
	}
	off = &modes[0]
	for i := range modes {
		if modes[i].Mode != cluster.DisableMTLS || len(modes[i].Ports) > 0 {
			off = nil
		}
		if modes[i].Mode == cluster.PermissiveMTLS {
			lenient = &modes[i]
		}
	}
	return off, lenient
}

// evaded reports a rule that PERMISSIVE makes meaningless: whoever leaves the certificate out has no identity.
func (c *checker) evaded(policy *authorizationPolicy, positive, negative string, mode *cluster.MTLS) {
	finding := diag.Finding{
		Code: diag.IdentityEvaded, Severity: diag.Warning, Try: "mode: STRICT in the PeerAuthentication",
	}
	switch {
	case mode == nil:
		return
	case policy.Spec.GetAction() == security.AuthorizationPolicy_DENY && positive != "":
		finding.Source = policy.At(positive)
		finding.Message = fmt.Sprintf("%s does not refuse callers without a certificate, whoever they are: they have no identity", policy.Resource)
	case policy.Spec.GetAction() == security.AuthorizationPolicy_ALLOW && negative != "":
		finding.Source = policy.At(negative)
		finding.Message = fmt.Sprintf("%s allows every caller without a certificate: it has no identity, so it is not the one that is left out", policy.Resource)
	default:
		return
	}
	finding.Because = []string{"mode PERMISSIVE of " + mode.Who()}
	finding.Related = []diag.Source{mode.At()}
	c.report(finding)
}

// identityFields finds the first field about identities, and the first about what they must not be.
func identityFields(policy *authorizationPolicy) (positive, negative string) {
	note := func(to *string, values []string, field string) {
		if len(values) > 0 && *to == "" {
			*to = field
		}
	}
	eachSource(policy, func(source *security.Source, field string) {
		note(&positive, source.GetPrincipals(), field+".principals")
		note(&positive, source.GetNamespaces(), field+".namespaces")
		note(&positive, source.GetServiceAccounts(), field+".serviceAccounts")
		note(&negative, source.GetNotPrincipals(), field+".notPrincipals")
		note(&negative, source.GetNotNamespaces(), field+".notNamespaces")
		note(&negative, source.GetNotServiceAccounts(), field+".notServiceAccounts")
	})
	eachCondition(policy, func(condition *security.Condition, field string) {
		if key := condition.GetKey(); strings.HasPrefix(key, "source.") && !strings.HasSuffix(key, "ip") {
			note(&positive, condition.GetValues(), field+".values")
			note(&negative, condition.GetNotValues(), field+".notValues")
		}
	})
	return positive, negative
}
