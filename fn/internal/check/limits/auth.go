package limits

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// tokenReadings lists what a RequestAuthentication says about settings; at a gateway it is a part of the way in.
func (l *limiter) tokenReadings(spec *security.RequestAuthentication) []reading {
	if l.object.Way != "" {
		return []reading{l.guarding(spec.ProtoReflect())}
	}
	var all []reading
	for i, rule := range spec.JwtRules {
		message := rule.ProtoReflect()
		for _, field := range []string{"issuer", "jwksUri", "audiences", "forwardOriginalToken"} {
			all = append(all, l.asked("jwt."+field, diag.At("spec.jwtRules", i)+"."+field, wordsAt(message, field)...))
		}
		var headers []string
		for _, header := range rule.FromHeaders {
			headers = append(headers, header.Name)
		}
		all = append(all, l.asked("jwt.fromHeaders", diag.At("spec.jwtRules", i)+".fromHeaders", headers...))
	}
	return withBlocks(all)
}

// demandReadings lists what an AuthorizationPolicy says about what calls have to bring with them. What it is not known to say
// is compared as a whole.
func (l *limiter) demandReadings(spec *security.AuthorizationPolicy) []reading {
	if l.object.Way != "" {
		return []reading{l.guarding(spec.ProtoReflect())}
	}
	var all []reading
	switch spec.Action {
	case security.AuthorizationPolicy_DENY:
		all = append(all, l.asked("jwt.claims", "spec.rules", claimsIn(spec)...), l.asked("jwt.exceptPaths", "spec.rules", exceptions(spec)...))
	case security.AuthorizationPolicy_CUSTOM:
		all = append(all, l.asked("extAuthz", "spec.provider.name", spec.GetProvider().GetName()))
	case security.AuthorizationPolicy_ALLOW, security.AuthorizationPolicy_AUDIT:
		return append(l.callerReadings(spec), l.dryRun()...)
	}
	all = withBlocks(append(all, l.dryRun()...))
	rest := l.asked("", "spec", textOf(spec.ProtoReflect()))
	rest.extent = whole
	return append(all, rest)
}

// asked is what an object for pods says about a setting of auth.
func (l *limiter) asked(setting, field string, values ...string) reading {
	return reading{
		path: strings.TrimSuffix("auth."+setting, "."), field: field, values: slices.DeleteFunc(values, func(v string) bool { return v == "" }),
		scope: l.object.Resource.Name, namespace: l.object.Resource.Namespace,
	}
}

// guarding is all that an object says about calls that come through a gateway.
func (l *limiter) guarding(spec protoreflect.Message) reading {
	r := l.way("auth", "spec", []string{textOf(spec)})
	r.extent = whole
	return r
}

// claimsIn lists the claims that the rules of a policy ask for, with their values.
func claimsIn(spec *security.AuthorizationPolicy) []string {
	var claims []string
	for _, rule := range spec.Rules {
		for _, when := range rule.When {
			if name, ok := strings.CutPrefix(when.Key, "request.auth.claims["); ok {
				claims = append(claims, strings.Replace(name, "]", "", 1)+": "+strings.Join(when.NotValues, ", "))
			}
		}
	}
	return claims
}

// exceptions lists the paths that the rules of a policy leave out, as they are written in a Mesh: a prefix is two paths there.
func exceptions(spec *security.AuthorizationPolicy) []string {
	var paths []string
	for _, rule := range spec.Rules {
		for _, to := range rule.To {
			paths = append(paths, to.Operation.GetNotPaths()...)
		}
	}
	for i, path := range paths {
		if path == "/*" {
			paths[i] = "/"
		}
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return strings.HasSuffix(path, "/*") })
	slices.Sort(paths)
	return slices.Compact(paths)
}

// dryRun reads whether a policy only says what it would refuse.
func (l *limiter) dryRun() []reading {
	metadata, _ := l.object.Fields["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	if word, ok := annotations["istio.io/dry-run"].(string); ok {
		return []reading{l.asked("dryRun", "metadata.annotations", word)}
	}
	return nil
}
