package plan

import (
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
			Try:     "/api, or {exact: /healthz}",
		})
		return Path{}, false
	}
	path := given[0]
	if path.Kind == Regex {
		if _, err := regexp.Compile(path.Text); err != nil {
			p.report(diag.Finding{
				Code: diag.BadValue, Source: at, Message: fmt.Sprintf("%q is not an RE2 expression: %v", path.Text, err),
				Because: []string{"Envoy matches with RE2: https://github.com/google/re2/wiki/Syntax"},
			})
			return Path{}, false
		}
		return path, true
	}
	if !strings.HasPrefix(path.Text, "/") || strings.ContainsAny(path.Text, "?# ") {
		p.report(diag.Finding{
			Code: diag.BadValue, Source: at,
			Message: fmt.Sprintf("%q is not a URL path: it starts with a slash and has no query", path.Text),
			Try:     "a path such as /api",
		})
		return Path{}, false
	}
	if path.Kind == Prefix && len(path.Text) > 1 {
		path.Text = strings.TrimRight(path.Text, "/")
	}
	return path, true
}

// hostAllowed checks one host of an entry.
func (p *planner) hostAllowed(gateway *spec.Gateway, host string, at diag.Source) bool {
	name := strings.TrimPrefix(host, "*.")
	if problems := validation.IsDNS1123Subdomain(name); len(problems) > 0 || !strings.Contains(name, ".") && name != host {
		p.report(diag.Finding{
			Code: diag.BadHost, Source: at,
			Message: fmt.Sprintf("%q is not a host name; allowed: a DNS name such as shop.example.com, or *.example.com", host),
			Try:     "hosts: [shop.example.com]",
		})
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
