package istio

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// inboundCall is a call as the sidecar of the called pods sees it.
type inboundCall struct {
	principal    string // spiffe://…, "" for a caller without a certificate
	port         uint32 // of the pods
	http         bool
	method, path string

	host    string
	headers map[string]string
	claims  any // what the filter that verified a token left of it
}

// allows evaluates the rules of one filter as Envoy does.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/rbac/v3/rbac.proto
func (c *inboundCall) allows(rules *rbac.RBAC) (allowed bool, err error) {
	if rules == nil {
		return true, nil
	}
	matched, err := c.matching(rules)
	if err != nil {
		return false, err
	}
	switch rules.Action {
	case rbac.RBAC_ALLOW:
		return len(matched) > 0, nil
	case rbac.RBAC_DENY:
		return len(matched) == 0, nil
	case rbac.RBAC_LOG:
		return true, nil
	}
	return false, fmt.Errorf("unknown action %s", rules.Action)
}

// matching lists the policies that take the call in. What it does not know is an error, so that nothing that Istio may write
// one day is taken for a permission or a refusal.
func (c *inboundCall) matching(rules *rbac.RBAC) ([]string, error) {
	var matched []string
	for _, name := range slices.Sorted(maps.Keys(rules.Policies)) {
		policy := rules.Policies[name]
		if policy.Condition != nil || policy.CheckedCondition != nil {
			return nil, fmt.Errorf("policy %s has a condition, which this test cannot evaluate", name)
		}
		permitted, err := anyOf(policy.Permissions, c.permission)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", name, err)
		}
		identified, err := anyOf(policy.Principals, c.identity)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", name, err)
		}
		if permitted && identified {
			matched = append(matched, name)
		}
	}
	return matched, nil
}

// anyOf and allOf evaluate all of a list, so that nothing unknown hides behind something that decides.
func anyOf[T any](list []T, one func(T) (bool, error)) (bool, error) {
	result := false
	for _, each := range list {
		holds, err := one(each)
		if err != nil {
			return false, err
		}
		result = result || holds
	}
	return result, nil
}

func allOf[T any](list []T, one func(T) (bool, error)) (bool, error) {
	result, err := anyOf(list, func(each T) (bool, error) {
		holds, err := one(each)
		return !holds, err
	})
	return !result, err
}

func (c *inboundCall) permission(p *rbac.Permission) (bool, error) {
	switch rule := p.Rule.(type) {
	case *rbac.Permission_Any:
		return rule.Any, nil
	case *rbac.Permission_AndRules:
		return allOf(rule.AndRules.Rules, c.permission)
	case *rbac.Permission_OrRules:
		return anyOf(rule.OrRules.Rules, c.permission)
	case *rbac.Permission_NotRule:
		holds, err := c.permission(rule.NotRule)
		return !holds, err
	case *rbac.Permission_DestinationPort:
		return rule.DestinationPort == c.port, nil
	case *rbac.Permission_Header:
		return c.header(rule.Header)
	case *rbac.Permission_UrlPath:
		return textHolds(rule.UrlPath.GetPath(), c.path)
	}
	return false, fmt.Errorf("unknown permission %T", p.Rule)
}

func (c *inboundCall) identity(p *rbac.Principal) (bool, error) {
	switch id := p.Identifier.(type) {
	case *rbac.Principal_Any:
		return id.Any, nil
	case *rbac.Principal_AndIds:
		return allOf(id.AndIds.Ids, c.identity)
	case *rbac.Principal_OrIds:
		return anyOf(id.OrIds.Ids, c.identity)
	case *rbac.Principal_NotId:
		holds, err := c.identity(id.NotId)
		return !holds, err
	case *rbac.Principal_Authenticated_:
		if id.Authenticated.PrincipalName == nil {
			return c.principal != "", nil
		}
		return c.identified(id.Authenticated.PrincipalName)
	case *rbac.Principal_FilterState:
		if id.FilterState.Key != "io.istio.peer_principal" {
			return false, fmt.Errorf("unknown filter state %s", id.FilterState.Key)
		}
		return c.identified(id.FilterState.GetStringMatch())
	case *rbac.Principal_Metadata:
		//nolint:staticcheck // Envoy calls it deprecated, and istiod writes it.
		return claimHolds(id.Metadata.Value, claimAt(c.claims, id.Metadata.Path))
	}
	return false, fmt.Errorf("unknown principal %T", p.Identifier)
}

// identified compares the identity of the caller. Who has none matches nothing, not even an empty pattern.
func (c *inboundCall) identified(name *matcher.StringMatcher) (bool, error) {
	holds, err := textHolds(name, c.principal)
	return holds && c.principal != "", err
}

func (c *inboundCall) header(h *route.HeaderMatcher) (bool, error) {
	if h.InvertMatch {
		return false, fmt.Errorf("unknown header match %s", h)
	}
	if !c.http {
		return false, fmt.Errorf("a header is matched where there are none")
	}
	value, there := c.headers[h.Name]
	switch {
	case h.Name == ":method":
		value, there = c.method, true
	case h.Name == ":authority" && !there:
		value, there = c.host, true
	}
	if present, ok := h.HeaderMatchSpecifier.(*route.HeaderMatcher_PresentMatch); ok {
		return present.PresentMatch == there, nil
	}
	holds, err := textHolds(h.GetStringMatch(), value)
	return holds && there, err
}

// claimAt finds one claim of a token. The first key is that of the whole.
func claimAt(claims any, path []*matcher.MetadataMatcher_PathSegment) any {
	for _, segment := range path[1:] {
		fields, _ := claims.(map[string]any)
		claims = fields[segment.GetKey()]
	}
	return claims
}

func claimHolds(match *matcher.ValueMatcher, value any) (bool, error) {
	switch kind := match.GetMatchPattern().(type) {
	case *matcher.ValueMatcher_StringMatch:
		text, ok := value.(string)
		holds, err := textHolds(kind.StringMatch, text)
		return ok && holds, err
	case *matcher.ValueMatcher_ListMatch:
		list, _ := value.([]any)
		return anyOf(list, func(one any) (bool, error) { return claimHolds(kind.ListMatch.GetOneOf(), one) })
	case *matcher.ValueMatcher_OrMatch:
		return anyOf(kind.OrMatch.ValueMatchers, func(one *matcher.ValueMatcher) (bool, error) { return claimHolds(one, value) })
	}
	return false, fmt.Errorf("unknown match of a claim: %T", match.GetMatchPattern())
}

// textHolds compares a text with a pattern.
func textHolds(m *matcher.StringMatcher, value string) (bool, error) {
	fold := func(text string) string { return text }
	if m.GetIgnoreCase() {
		fold = strings.ToLower
	}
	switch pattern := m.GetMatchPattern().(type) {
	case *matcher.StringMatcher_Exact:
		return fold(value) == fold(pattern.Exact), nil
	case *matcher.StringMatcher_Prefix:
		return strings.HasPrefix(fold(value), fold(pattern.Prefix)), nil
	case *matcher.StringMatcher_Suffix:
		return strings.HasSuffix(fold(value), fold(pattern.Suffix)), nil
	case *matcher.StringMatcher_Contains:
		return strings.Contains(fold(value), fold(pattern.Contains)), nil
	case *matcher.StringMatcher_SafeRegex:
		whole, err := regexp.Compile("^(?:" + pattern.SafeRegex.Regex + ")$")
		return err == nil && whole.MatchString(value), err
	}
	return false, fmt.Errorf("unknown match of a text: %T", m.GetMatchPattern())
}
