package transition

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type policy = cluster.Object[*security.AuthorizationPolicy]

// dryRun keeps a policy from refusing anything.
// https://istio.io/latest/docs/reference/config/annotations/#SecurityDryRun
const dryRun = "istio.io/dry-run"

// ownDomain stands for the trust domain of the mesh in every policy.
const ownDomain = "cluster.local"

// refusedBy is a policy that certainly refuses a caller on a port of some pods, whatever it asks for; nil where there may be a
// request that is let in. Rules about requests, tokens and addresses are taken to let somebody in.
// https://istio.io/latest/docs/concepts/security/#implicit-enablement
func refusedBy(v *cluster.View, pod *cluster.Pod, who identity, port uint32) *policy {
	var allow *policy
	for _, one := range v.AuthorizationPolicies {
		if one.Annotations[dryRun] == "true" || !selects(v, one, pod) {
			continue
		}
		of := &judge{who: who, port: port, domain: v.Istio.TrustDomain, namespace: one.Namespace}
		switch one.Spec.GetAction() {
		case security.AuthorizationPolicy_DENY:
			if slices.ContainsFunc(one.Spec.GetRules(), of.certainly) {
				return one
			}
		case security.AuthorizationPolicy_ALLOW:
			if slices.ContainsFunc(one.Spec.GetRules(), of.maybe) {
				return refusedByOthers(v, pod, of)
			}
			allow = one
		case security.AuthorizationPolicy_AUDIT, security.AuthorizationPolicy_CUSTOM:
		}
	}
	return allow
}

// refusedByOthers is a policy that denies what another one allows.
func refusedByOthers(v *cluster.View, pod *cluster.Pod, of *judge) *policy {
	for _, one := range v.AuthorizationPolicies {
		deny := one.Spec.GetAction() == security.AuthorizationPolicy_DENY && one.Annotations[dryRun] != "true" && selects(v, one, pod)
		if deny && slices.ContainsFunc(one.Spec.GetRules(), (&judge{of.who, of.port, of.domain, one.Namespace}).certainly) {
			return one
		}
	}
	return nil
}

func selects(v *cluster.View, one *policy, pod *cluster.Pod) bool {
	if len(one.Spec.GetTargetRefs()) > 0 || one.Spec.GetTargetRef() != nil {
		return false // It is for waypoints and gateways.
	}
	labels := one.Spec.GetSelector().GetMatchLabels()
	return (one.Namespace == pod.Namespace || one.Namespace == v.Istio.RootNamespace) && (len(labels) == 0 || facts.Matches(labels, pod.Labels))
}

// judge asks whether a rule is about a caller.
type judge struct {
	who       identity
	port      uint32
	domain    string
	namespace string // of the policy
}

// maybe reports whether some request of the caller may match a rule.
func (j *judge) maybe(rule *security.Rule) bool {
	from := len(rule.GetFrom()) == 0 || slices.ContainsFunc(rule.GetFrom(), func(f *security.Rule_From) bool { return j.source(f.GetSource()) })
	to := len(rule.GetTo()) == 0 || slices.ContainsFunc(rule.GetTo(), func(t *security.Rule_To) bool { return j.takesPort(t.GetOperation().GetPorts()) })
	return from && to && !slices.ContainsFunc(rule.GetWhen(), j.excludes)
}

// source reports whether a caller may be meant. What says who is not meant is no certain answer.
func (j *judge) source(source *security.Source) bool {
	lists := [][]string{source.GetPrincipals(), source.GetNamespaces(), source.GetServiceAccounts()}
	are := []func(string) bool{j.principal, j.inNamespace, j.isAccount}
	for i, list := range lists {
		if len(list) > 0 && (!j.who.proxy || !slices.ContainsFunc(list, are[i])) {
			return false
		}
	}
	return j.who.proxy || len(source.GetTrustDomains()) == 0
}

// excludes reports whether a condition is about another caller.
func (j *judge) excludes(condition *security.Condition) bool {
	is := map[string]func(string) bool{"source.principal": j.principal, "source.namespace": j.inNamespace, "source.serviceAccount": j.isAccount}[condition.GetKey()]
	if is == nil || len(condition.GetValues()) == 0 {
		return false
	}
	return !j.who.proxy || !slices.ContainsFunc(condition.GetValues(), is)
}

// certainly reports whether every request of the caller matches a rule.
func (j *judge) certainly(rule *security.Rule) bool {
	named := func(f *security.Rule_From) bool {
		s := f.GetSource()
		more := len(s.GetNotPrincipals()) + len(s.GetNotNamespaces()) + len(s.GetNotServiceAccounts()) + len(s.GetRequestPrincipals()) +
			len(s.GetNotRequestPrincipals()) + len(s.GetIpBlocks()) + len(s.GetNotIpBlocks()) + len(s.GetRemoteIpBlocks()) +
			len(s.GetNotRemoteIpBlocks()) + len(s.GetTrustDomains()) + len(s.GetNotTrustDomains())
		return more == 0 && j.source(s)
	}
	all := func(t *security.Rule_To) bool {
		o := t.GetOperation()
		more := len(o.GetHosts()) + len(o.GetNotHosts()) + len(o.GetMethods()) + len(o.GetNotMethods()) + len(o.GetPaths()) + len(o.GetNotPaths()) + len(o.GetNotPorts())
		return more == 0 && j.takesPort(o.GetPorts())
	}
	return len(rule.GetWhen()) == 0 && (len(rule.GetFrom()) == 0 || slices.ContainsFunc(rule.GetFrom(), named)) &&
		(len(rule.GetTo()) == 0 || slices.ContainsFunc(rule.GetTo(), all))
}

func (j *judge) takesPort(ports []string) bool {
	return len(ports) == 0 || slices.Contains(ports, strconv.FormatUint(uint64(j.port), 10))
}

// principal takes cluster.local for the mesh's own trust domain, as Istio does, and any where the profile does not say which it
// is.
func (j *judge) principal(pattern string) bool {
	account := "/ns/" + j.who.account.Namespace + "/sa/" + j.who.account.Name
	domain, _, whole := strings.Cut(pattern, "/ns/")
	if j.domain == "" && whole && !strings.Contains(domain, "*") {
		return matches(pattern, domain+account)
	}
	return matches(pattern, cmp.Or(j.domain, ownDomain)+account) || matches(pattern, ownDomain+account)
}

func (j *judge) inNamespace(pattern string) bool { return matches(pattern, j.who.account.Namespace) }

func (j *judge) isAccount(pattern string) bool {
	if !strings.Contains(pattern, "/") {
		pattern = j.namespace + "/" + pattern
	}
	return pattern == j.who.account.String()
}

// matches compares a value with a pattern of a rule: exact, *, prefix* or *suffix.
// https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
func matches(pattern, value string) bool {
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(value, suffix)
	}
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(value, prefix)
	}
	return pattern == value
}
