package istio

import (
	"regexp"
	"slices"
	"strings"

	config "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// authorizerPrefix marks rules that only decide whether an authorizer is asked.
const authorizerPrefix = "istio_ext_authz_"

// rules evaluates what Envoy's RBAC filter has.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/rbac/v3/rbac.proto
func (g *guarded) rules(rules, shadow *config.RBAC, prefix string) error {
	if shadow != nil {
		matched, err := g.matching(shadow)
		switch {
		case err != nil:
			return err
		case prefix == authorizerPrefix:
			g.matched = append(g.matched, matched...)
		case (len(matched) > 0) == (shadow.Action == config.RBAC_DENY):
			g.out["dryRun"] = "denied"
		}
	}
	if rules == nil {
		return nil
	}
	matched, err := g.matching(rules)
	if (len(matched) > 0) == (rules.Action == config.RBAC_DENY) {
		g.out["access"] = "denied"
	}
	return err
}

// matching lists the policies that take the call in.
func (g *guarded) matching(rules *config.RBAC) ([]string, error) {
	var found []string
	for name, policy := range rules.Policies {
		permitted, err := some(policy.Permissions, g.permission)
		if err != nil {
			return nil, err
		}
		principal, err := some(policy.Principals, g.principal)
		if err != nil {
			return nil, err
		}
		if permitted && principal {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found, nil
}

func some[T any](all []T, holds func(T) (bool, error)) (bool, error) {
	for _, one := range all {
		if ok, err := holds(one); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func every[T any](all []T, holds func(T) (bool, error)) (bool, error) {
	for _, one := range all {
		if ok, err := holds(one); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (g *guarded) permission(p *config.Permission) (bool, error) {
	switch rule := p.GetRule().(type) {
	case *config.Permission_AndRules:
		return every(rule.AndRules.Rules, g.permission)
	case *config.Permission_OrRules:
		return some(rule.OrRules.Rules, g.permission)
	case *config.Permission_NotRule:
		ok, err := g.permission(rule.NotRule)
		return !ok, err
	case *config.Permission_Any:
		return rule.Any, nil
	case *config.Permission_DestinationPort:
		return int(rule.DestinationPort) == g.port, nil
	case *config.Permission_Header:
		return g.header(rule.Header), nil
	case *config.Permission_UrlPath:
		return textHolds(rule.UrlPath.GetPath(), g.call.path), nil
	}
	return false, g.unknown(p.GetRule())
}

func (g *guarded) principal(p *config.Principal) (bool, error) {
	switch rule := p.GetIdentifier().(type) {
	case *config.Principal_AndIds:
		return every(rule.AndIds.Ids, g.principal)
	case *config.Principal_OrIds:
		return some(rule.OrIds.Ids, g.principal)
	case *config.Principal_NotId:
		ok, err := g.principal(rule.NotId)
		return !ok, err
	case *config.Principal_Any:
		return rule.Any, nil
	case *config.Principal_Metadata: // Istio still writes it.
		//nolint:staticcheck // It is what istiod gives to proxies.
		return claimHolds(rule.Metadata.Value, g.claim(rule.Metadata.Path)), nil
	}
	return false, g.unknown(p.GetIdentifier())
}

func (g *guarded) header(condition *route.HeaderMatcher) bool {
	value, ok := g.call.headers[condition.Name]
	switch condition.Name {
	case ":method":
		value, ok = g.call.method, true
	case ":authority":
		if !ok {
			value, ok = g.call.host, true
		}
	}
	if condition.GetPresentMatch() {
		return ok
	}
	return ok && textHolds(condition.GetStringMatch(), value)
}

// claim is what the filter that verified a token left about one of its claims. The first key is that of the whole.
func (g *guarded) claim(path []*matcher.MetadataMatcher_PathSegment) any {
	var value any = g.payload
	for _, segment := range path[1:] {
		fields, _ := value.(map[string]any)
		value = fields[segment.GetKey()]
	}
	return value
}

func claimHolds(match *matcher.ValueMatcher, value any) bool {
	switch kind := match.GetMatchPattern().(type) {
	case *matcher.ValueMatcher_StringMatch:
		text, ok := value.(string)
		return ok && textHolds(kind.StringMatch, text)
	case *matcher.ValueMatcher_ListMatch:
		list, _ := value.([]any)
		return slices.ContainsFunc(list, func(one any) bool { return claimHolds(kind.ListMatch.GetOneOf(), one) })
	case *matcher.ValueMatcher_OrMatch:
		return slices.ContainsFunc(kind.OrMatch.ValueMatchers, func(one *matcher.ValueMatcher) bool { return claimHolds(one, value) })
	}
	return false
}

func textHolds(match *matcher.StringMatcher, value string) bool {
	fold := func(text string) string {
		if match.GetIgnoreCase() {
			return strings.ToLower(text)
		}
		return text
	}
	switch kind := match.GetMatchPattern().(type) {
	case *matcher.StringMatcher_Exact:
		return fold(value) == fold(kind.Exact)
	case *matcher.StringMatcher_Prefix:
		return strings.HasPrefix(fold(value), fold(kind.Prefix))
	case *matcher.StringMatcher_Suffix:
		return strings.HasSuffix(fold(value), fold(kind.Suffix))
	case *matcher.StringMatcher_SafeRegex:
		return regexp.MustCompile("^(?:" + kind.SafeRegex.Regex + ")$").MatchString(value)
	}
	return false
}
