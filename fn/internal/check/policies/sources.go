package policies

import (
	"fmt"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type authorizationPolicy = cluster.Object[*security.AuthorizationPolicy]

// value is one entry of a list in a rule, and where it stands.
type value struct {
	text  string
	field string
}

// valuesOf lists the entries of a list.
func valuesOf(field string, texts []string) []value {
	out := make([]value, 0, len(texts))
	for i, text := range texts {
		out = append(out, value{text, diag.At(field, i)})
	}
	return out
}

// eachSource calls a function for every source of a policy with its field path.
func eachSource(policy *authorizationPolicy, visit func(source *security.Source, field string)) {
	for i, rule := range policy.Spec.GetRules() {
		for j, from := range rule.GetFrom() {
			visit(from.GetSource(), diag.At("spec.rules", i)+diag.At(".from", j)+".source")
		}
	}
}

// eachCondition calls a function for every condition of a policy with its field path.
func eachCondition(policy *authorizationPolicy, visit func(condition *security.Condition, field string)) {
	for i, rule := range policy.Spec.GetRules() {
		for j, condition := range rule.GetWhen() {
			visit(condition, diag.At("spec.rules", i)+diag.At(".when", j))
		}
	}
}

// sources checks who the rules speak of.
func (c *checker) sources(policy *authorizationPolicy) {
	var namespaces, principals, accounts []value
	eachSource(policy, func(source *security.Source, field string) {
		namespaces = slices.Concat(namespaces, valuesOf(field+".namespaces", source.GetNamespaces()), valuesOf(field+".notNamespaces", source.GetNotNamespaces()))
		principals = slices.Concat(principals, valuesOf(field+".principals", source.GetPrincipals()), valuesOf(field+".notPrincipals", source.GetNotPrincipals()))
		accounts = slices.Concat(accounts, valuesOf(field+".serviceAccounts", source.GetServiceAccounts()),
			valuesOf(field+".notServiceAccounts", source.GetNotServiceAccounts()))
	})
	eachCondition(policy, func(condition *security.Condition, field string) {
		values := slices.Concat(valuesOf(field+".values", condition.GetValues()), valuesOf(field+".notValues", condition.GetNotValues()))
		switch condition.GetKey() {
		case "source.namespace":
			namespaces = append(namespaces, values...)
		case "source.principal":
			principals = append(principals, values...)
		case "source.serviceAccount":
			accounts = append(accounts, values...)
		}
	})
	c.sourceNamespaces(policy, namespaces)
	c.principals(policy, principals)
	var unknown []value
	for _, account := range accounts {
		namespace, name, found := strings.Cut(account.text, "/")
		if !found {
			namespace, name = policy.Namespace, account.text
		}
		unknown = append(unknown, c.account(policy, account, namespace, name)...)
	}
	c.accountsElsewhere(policy, unknown)
}

// sourceNamespaces says which namespaces nobody here knows. A build holds a part of a mesh, so a misspelled one can only be
// pointed out.
func (c *checker) sourceNamespaces(policy *authorizationPolicy, values []value) {
	var unknown []string
	var at value
	for _, value := range values {
		if slices.ContainsFunc(c.namespaces, func(name string) bool { return matches(value.text, name) }) || value.text == "*" {
			continue
		}
		if len(unknown) == 0 {
			at = value
		}
		if !slices.Contains(unknown, value.text) {
			unknown = append(unknown, value.text)
		}
	}
	if len(unknown) == 0 {
		return
	}
	finding := diag.Finding{
		Code: diag.PolicyNamespace, Severity: diag.Info, Source: policy.At(at.field),
		Message: fmt.Sprintf("not checked: whether there is a namespace %s, which %s speaks of; the build would have to contain something of it",
			quoted(unknown), policy.Resource),
	}
	for _, name := range unknown {
		if nearest, ok := diag.Nearest(name, c.namespaces); ok && nearest != "" {
			finding.Try = fmt.Sprintf("%s, if %s was meant", nearest, name)
			break
		}
	}
	c.report(finding)
}

// principals checks identities: trust-domain/ns/namespace/sa/service-account.
func (c *checker) principals(policy *authorizationPolicy, values []value) {
	var foreign, elsewhere []value
	for _, principal := range values {
		if plain, ok := strings.CutPrefix(principal.text, "spiffe://"); ok {
			c.report(diag.Finding{
				Code: diag.PrincipalForm, Source: policy.At(principal.field),
				Message: fmt.Sprintf("principal %q never matches: Istio adds spiffe:// itself", principal.text),
				Try:     plain, Proposed: plain,
			})
			continue
		}
		domain, namespace, account, ok := identity(principal.text)
		switch {
		case ok:
			if !c.ownDomain(domain) {
				foreign = append(foreign, value{domain, principal.field})
				continue
			}
			elsewhere = append(elsewhere, c.account(policy, principal, namespace, account)...)
		case !wild(principal.text):
			c.report(c.badPrincipal(policy, principal))
		}
	}
	c.foreign(policy, foreign)
	c.accountsElsewhere(policy, elsewhere)
}

// identity takes a principal apart, when it names one ServiceAccount.
func identity(principal string) (domain, namespace, account string, ok bool) {
	domain, rest, ok := strings.Cut(principal, "/ns/")
	namespace, account, found := strings.Cut(rest, "/sa/")
	plain := !strings.ContainsAny(namespace+account, "*/")
	return domain, namespace, account, ok && found && plain && domain != "" && namespace != "" && account != ""
}

func (c *checker) badPrincipal(policy *authorizationPolicy, principal value) diag.Finding {
	finding := diag.Finding{
		Code: diag.PrincipalForm, Severity: diag.Warning, Source: policy.At(principal.field),
		Message: fmt.Sprintf("principal %q is no identity of a workload, so the rule does not match one; allowed: trust-domain/ns/namespace/sa/service-account",
			principal.text),
	}
	if parts := strings.Split(principal.text, "/"); len(parts) <= 2 {
		namespace := policy.Namespace
		if len(parts) == 2 {
			namespace = parts[0]
		}
		if namespace != "" {
			finding.Proposed = fmt.Sprintf("cluster.local/ns/%s/sa/%s", namespace, parts[len(parts)-1])
			finding.Try = finding.Proposed
		}
	}
	return finding
}
