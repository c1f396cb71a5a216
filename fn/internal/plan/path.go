package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Path is a set of URL paths.
type Path struct {
	Kind PathKind `json:"kind"`
	Text string   `json:"text"`
}

// PathKind says how the text of a Path is meant.
type PathKind string

// The kinds of paths. A prefix is one of whole segments.
const (
	Exact  PathKind = "exact"
	Prefix PathKind = "prefix"
	Regex  PathKind = "regex"
)

// String is the path as messages show it.
func (p Path) String() string {
	if p.Kind == Prefix {
		return fmt.Sprintf("path %q", p.Text)
	}
	return fmt.Sprintf("%s path %q", p.Kind, p.Text)
}

// rank orders the kinds: a proxy takes the first route that matches, so the most specific has to come first. A regular
// expression comes before the prefix that takes everything, or it would never be reached.
func (p Path) rank() int {
	switch {
	case p.Kind == Exact:
		return 0
	case p.Kind == Prefix && p.Text != "/":
		return 1
	case p.Kind == Regex:
		return 2
	}
	return 3
}

// path checks one path of an entry.
func (p *planner) path(match *v1alpha1.PathMatch, at diag.Source) (Path, bool) {
	var given []Path
	for kind, text := range map[PathKind]*string{Exact: match.Exact, Prefix: match.Prefix, Regex: match.Regex} {
		if text != nil {
			given = append(given, Path{kind, *text})
		}
	}
	if len(given) != 1 {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: at,
			Message: fmt.Sprintf("a path needs exactly one of prefix, exact and regex, and this one has %d", len(given)),
			Try:     "paths: [/api, {exact: /healthz}]",
		})
		return Path{}, false
	}
	path := given[0]
	if path.Kind == Regex {
		return path, p.checkRegex(path, at)
	}
	if problem, try := notAPath(path.Text); problem != "" {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: at, Message: fmt.Sprintf("%q is not a URL path: %s", path.Text, problem), Try: try,
		})
		return Path{}, false
	}
	if path.Kind == Prefix {
		path.Text = cmp.Or(strings.TrimRight(path.Text, "/"), "/")
	}
	return path, true
}

// notAPath says what keeps a text from ever being the path of a call, and what was probably meant.
func notAPath(text string) (problem, try string) {
	switch {
	case !strings.HasPrefix(text, "/"):
		return "it does not start with a slash", "/" + text
	case strings.ContainsAny(text, "?#"):
		before, _, _ := strings.Cut(strings.ReplaceAll(text, "#", "?"), "?")
		return "a query or a fragment is no part of it", before
	case strings.Contains(text, "*"):
		plain := cmp.Or(strings.TrimRight(text[:strings.Index(text, "*")], "/"), "/")
		return "it has no wildcards, and a plain path takes everything below it anyway", plain + ", or a mapping with regex"
	case strings.ContainsAny(text, "{} "):
		return "it holds a character that no path of a call has", "a mapping with regex, such as {regex: /item/[0-9]+}"
	}
	return "", ""
}

// checkRegex refuses an expression that Envoy would refuse, or that no path can match.
func (p *planner) checkRegex(path Path, at diag.Source) bool {
	expression, err := regexp.Compile(path.Text)
	if err != nil {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: at, Message: fmt.Sprintf("%q is not an RE2 expression: %v", path.Text, err),
			Because: []string{"Envoy matches with RE2: https://github.com/google/re2/wiki/Syntax"},
		})
		return false
	}
	start, whole := expression.LiteralPrefix()
	if start != "" && start[0] != '/' || start == "" && whole {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: at,
			Message: fmt.Sprintf("regex %q matches no path: it has to match the whole path, which starts with a slash", path.Text),
			Try:     "/" + path.Text,
		})
		return false
	}
	return true
}

// covers reports whether a prefix takes every path that an expression can match, so that the expression is never reached.
func (p Path) covers(regex Path) bool {
	if p.Kind != Prefix || regex.Kind != Regex || p.Text == "/" {
		return false
	}
	expression, err := regexp.Compile(regex.Text)
	if err != nil {
		return false
	}
	start, whole := expression.LiteralPrefix()
	return strings.HasPrefix(start, p.Text+"/") || whole && start == p.Text
}

// bareHost takes off what people write around a host name.
func bareHost(host string) string {
	if _, after, ok := strings.Cut(host, "://"); ok {
		host = after
	}
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// hostAllowed checks one host of an entry.
func (p *planner) hostAllowed(gateway *spec.Gateway, host string, at diag.Source) bool {
	name := strings.TrimPrefix(host, "*.")
	if len(validation.IsDNS1123Subdomain(name)) > 0 || !strings.Contains(name, ".") {
		finding := diag.Finding{
			Code: diag.BadHost, Source: at,
			Message: fmt.Sprintf("%q is not a host name; allowed: a full DNS name such as shop.example.com, or *.example.com, in lower case and without scheme, port and path", host),
		}
		if proposed := bareHost(host); len(validation.IsDNS1123Subdomain(proposed)) == 0 && strings.Contains(proposed, ".") {
			finding.Try, finding.Proposed = "hosts: ["+proposed+"]", proposed
		}
		p.report(finding)
		return false
	}
	for _, domain := range gateway.AllowedDomains {
		domain = strings.TrimPrefix(domain, "*.")
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return true
		}
	}
	if len(gateway.AllowedDomains) == 0 {
		return true
	}
	p.report(diag.Finding{
		Code: diag.ForbiddenDomain, Source: at,
		Message: fmt.Sprintf("host %q is outside the domains of gateway %q: %s", host, gateway.Name, strings.Join(gateway.AllowedDomains, ", ")),
		Related: []diag.Source{gateway.At},
		Try:     "a host below one of these domains, or ask the owners of the profile to allow this one",
	})
	return false
}
