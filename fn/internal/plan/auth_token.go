package plan

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// tokenOf decides what a token has to be, and where it is; ok is false for one that cannot be checked.
func (p *planner) tokenOf(asked *v1alpha1.JWT, w *wish) (token Token, ok bool) {
	at := func(field string) spec.Origin { return w.of("jwt." + field) }
	token = Token{
		Issuer: given(asked.Issuer, at("issuer")), Keys: given(asked.JwksURI, at("jwksUri")),
		Forward: given(asked.ForwardOriginalToken, at("forwardOriginalToken")), From: w.within("jwt"),
	}
	if asked.Audiences != nil {
		token.Audiences = Value[[]string]{asked.Audiences, at("audiences")}
	}
	ok = p.checkIssuer(&token, w) && p.checkPlain("audiences", token.Audiences)
	for i, name := range asked.FromHeaders {
		from := at("fromHeaders").Entry(i)
		header := TokenHeader{Name: name, From: from}
		if !headerName.MatchString(name) {
			p.refuseToken(from, fmt.Sprintf("%q is not the name of a header", name), "fromHeaders: [x-token]")
			ok = false
		}
		if strings.EqualFold(name, "authorization") {
			header.Prefix = "Bearer "
		}
		token.Headers = append(token.Headers, header)
	}
	return token, ok
}

var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// checkIssuer refuses a token whose signature nobody could check, or whose keys somebody on the way could replace.
func (p *planner) checkIssuer(token *Token, w *wish) bool {
	issuer := token.Issuer
	switch {
	case issuer.IsZero() && w.origins.Of(w.path+".jwt").Note == "unknown preset": // That was said.
		return false
	case issuer.IsZero():
		p.refuseToken(w.within("jwt"), "jwt has no issuer, so a token of anybody would do", "issuer: https://login.example.com")
		return false
	case strings.TrimSpace(issuer.V) != issuer.V || issuer.V == "" || strings.Contains(issuer.V, "*"):
		p.refuseToken(issuer.From, fmt.Sprintf("%q is not an issuer: it is the claim iss to the letter, without wildcards", issuer.V), "")
		return false
	case !token.Keys.IsZero():
		return p.checkKeys("jwksUri", token.Keys.V, token.Keys.From, "")
	}
	return p.checkKeys("issuer", issuer.V, issuer.From, "; without jwksUri, Istio asks the issuer where its keys are")
}

// checkKeys refuses an address of keys that is none, or whose answer anybody on the way could replace.
func (p *planner) checkKeys(field, address string, from spec.Origin, why string) bool {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Hostname() == "":
		p.refuseToken(from, fmt.Sprintf("%s %q is not an address that keys can be fetched from%s; allowed: https://…", field, address, why), "jwksUri: https://login.example.com/keys")
		return false
	case parsed.Scheme == "http" && !p.inCluster(parsed.Hostname()):
		p.refuseToken(from, fmt.Sprintf("%s %q fetches keys over plain HTTP from outside the cluster, and whoever is on the way can give others; allowed: https, or http for a Service", field, address),
			"jwksUri: https://"+parsed.Host+parsed.Path)
		return false
	}
	return true
}

// inCluster reports whether a host is that of a Service by its full name.
func (p *planner) inCluster(host string) bool {
	return strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".svc."+p.spec.Istio.ClusterDomain)
}

// checkPlain refuses values that Istio would read as a pattern in one place and to the letter in another.
func (p *planner) checkPlain(field string, values Value[[]string]) bool {
	for i, value := range values.V {
		if strings.TrimSpace(value) == "" || strings.Contains(value, "*") {
			p.refuseToken(values.From.Entry(i), fmt.Sprintf("%q cannot be one of the %s; allowed: text without wildcards", value, field), "")
			return false
		}
	}
	return true
}

// demandOf is what a call without such a token is refused by. Only the issuer's own tokens count, because others may have
// added theirs for the same pods; so do the audiences, which Istio checks with those of any rule about the issuer.
func (p *planner) demandOf(asked *v1alpha1.JWT, token *Token, w *wish) Demand {
	demand := Demand{Issuer: token.Issuer, Audiences: token.Audiences, From: token.From}
	for _, name := range slices.Sorted(maps.Keys(asked.Claims)) {
		from := w.of(diag.Join("jwt.claims", name))
		key, ok := claimKey(name)
		values := asked.Claims[name]
		switch {
		case !ok:
			p.refuseToken(from, fmt.Sprintf("%q is not the name of a claim; allowed: a name such as groups, or realm_access[roles] for one in another", name), "")
		case len(values) == 0 || slices.Contains(values, ""):
			p.refuseToken(from, fmt.Sprintf("claim %q has no value that would be accepted", name), name+": [admin], or [\"*\"] for any value")
		default:
			demand.Claims = append(demand.Claims, Claim{Key: key, Values: values, From: from})
		}
	}
	return demand
}

// claimKey writes the name of a claim as a policy has it: roles, or realm_access[roles] for a claim in a claim.
func claimKey(name string) (string, bool) {
	first, rest, nested := strings.Cut(name, "[")
	if !nested {
		return "[" + name + "]", name != "" && !strings.Contains(name, "]")
	}
	return "[" + first + "][" + rest, first != "" && nestedClaim.MatchString("["+rest)
}

var nestedClaim = regexp.MustCompile(`^(\[[^\[\]]+\])+$`)

func (p *planner) refuseToken(from spec.Origin, message, try string) {
	p.report(diag.Finding{Code: diag.TokenUncheckable, Source: from.At, Message: message, Try: try})
}
