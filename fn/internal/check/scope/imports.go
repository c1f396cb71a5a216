package scope

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// imports checks each host of each Sidecar's egress listeners.
func (c *checker) imports() {
	for _, s := range c.Sidecars {
		i := &importing{checker: c, sidecar: s, own: s.Namespace}
		if s.Namespace == c.Istio.RootNamespace {
			i.own = "*" // It is for every namespace, and a dot stands for each of them.
		}
		for at, listener := range s.Spec.Egress {
			for j, entry := range listener.Hosts {
				i.entry(patternOf(entry, i.own), diag.At(diag.At("spec.egress", at)+".hosts", j))
			}
		}
		if len(i.unknown) > 0 {
			c.report(diag.Finding{
				Code: diag.ImportNotFound, Severity: diag.Info, Source: s.At(i.first),
				Message: fmt.Sprintf("not checked: whether hosts that %s imports exist (%s); the build has no Service or ServiceEntry that could tell",
					s.Resource, diag.OneOf(i.unknown)),
			})
		}
	}
}

// importing is the checks of one Sidecar's imports.
type importing struct {
	*checker
	sidecar *sidecar
	own     string // the namespace that the Sidecar is for
	unknown []string
	first   string
}

func (i *importing) entry(p pattern, field string) {
	if p.excluded || p.host == "*" || p.host == "" {
		return
	}
	var elsewhere, hidden *known
	for _, host := range i.hosts.within(p.host) {
		switch {
		case !p.takes(host.namespace):
			elsewhere = host
		case i.own == "*" || host.visible.In(i.own):
			return
		default:
			hidden = host
		}
	}
	switch {
	case hidden != nil:
		i.report(diag.Finding{
			Code: diag.ImportNotExported, Severity: diag.Warning, Source: i.sidecar.At(field),
			Message: fmt.Sprintf("%s is exported to %s, and not to the namespace of this Sidecar: the import brings nothing", hidden.name, hidden.visible),
			Related: []diag.Source{hidden.exported},
			Try:     fmt.Sprintf("add %s to exportTo, or remove the import", i.sidecar.Namespace),
		})
	case !i.sidecar.ByHand(): // What its hosts mean was found before, with the help of catalogues.
	case i.bringsRoutes(p):
	case elsewhere != nil && !strings.HasPrefix(p.host, "*"):
		i.report(diag.Finding{
			Code: diag.ImportNeverMatches, Severity: severityOf(elsewhere), Source: i.sidecar.At(field),
			Message: fmt.Sprintf("%s is in namespace %s, and the import looks for it in %s: it brings nothing", p.host, elsewhere.namespace, p.namespace),
			Because: []string{"what stands before the slash is the namespace of the Service or ServiceEntry"},
			Related: []diag.Source{elsewhere.at},
			Try:     elsewhere.namespace + "/" + p.host, Proposed: elsewhere.namespace + "/" + p.host,
		})
	case !i.short(p, field) && !i.below(p, field) && !i.misnamed(p, field):
		if len(i.unknown) == 0 {
			i.first = field
		}
		i.unknown = append(i.unknown, p.host)
	}
}

// severityOf is an error for a Service, whose namespace is part of its host. A ServiceEntry for the same host may be in the
// other namespace all the same, where another repository keeps it.
func severityOf(host *known) diag.Severity {
	if host.service {
		return diag.Error
	}
	return diag.Warning
}

// short finds a host that means a Service to a person and not to Istio. A name without a dot is refused by Istio itself.
// https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
func (i *importing) short(p pattern, field string) bool {
	service := i.Resolve(p.host, "").Meant
	if service == nil {
		return !strings.Contains(p.host, ".")
	}
	entry := fmt.Sprintf("%s/%s.%s.svc.%s", service.Namespace, service.Name, service.Namespace, i.Istio.ClusterDomain)
	i.report(diag.Finding{
		Code: diag.ImportNeverMatches, Source: i.sidecar.At(field),
		Message: fmt.Sprintf("%q is not the full name of Service %q, so the import brings nothing", p.host, service.Name),
		Because: []string{"a Sidecar does not complete short names"},
		Related: []diag.Source{service.Source("metadata.name")},
		Try:     entry, Proposed: entry,
	})
	return true
}

// below finds a host below the wildcard of a ServiceEntry: the import has to take in the whole of it.
func (i *importing) below(p pattern, field string) bool {
	if strings.HasPrefix(p.host, "*") {
		return false
	}
	for _, wide := range i.hosts.around(p.host) {
		if p.takes(wide.namespace) {
			i.report(diag.Finding{
				Code: diag.ImportNeverMatches, Severity: diag.Warning, Source: i.sidecar.At(field),
				Message: fmt.Sprintf("the ServiceEntry is for %s, and an import brings only hosts that it takes in as a whole", wide.name),
				Related: []diag.Source{wide.at},
				Try:     p.namespace + "/" + wide.name, Proposed: p.namespace + "/" + wide.name,
			})
			return true
		}
	}
	return false
}

// misnamed finds a host that is not among those of a namespace of the build, or contradicts its own namespace.
func (i *importing) misnamed(p pattern, field string) bool {
	host := i.Resolve(p.host, "")
	if host.Namespace == "" || i.sidecar.Namespace == "" || strings.HasPrefix(p.host, "*") {
		return i.slip(p, field)
	}
	finding := diag.Finding{Code: diag.ImportNotFound, Severity: diag.Warning, Source: i.sidecar.At(field)}
	if !p.takes(host.Namespace) {
		finding.Code = diag.ImportNeverMatches
		finding.Message = fmt.Sprintf("a Service %s is in namespace %s, and the import looks for it in %s: it brings nothing", p.host, host.Namespace, p.namespace)
		finding.Try = host.Namespace + "/" + p.host
		finding.Proposed = finding.Try
		i.report(finding)
		return true
	}
	names := i.ServicesIn(host.Namespace)
	name, _, _ := strings.Cut(p.host, ".")
	if i.MadeService(name, host.Namespace) {
		return true
	}
	if len(names) == 0 {
		return false
	}
	finding.Message = fmt.Sprintf("the build has no Service %q in namespace %s; it has: %s", name, host.Namespace, diag.OneOf(names))
	if near, ok := diag.Nearest(name, names); ok {
		entry := host.Namespace + "/" + strings.Replace(p.host, name, near, 1)
		finding.Try, finding.Proposed = entry, entry
	}
	i.report(finding)
	return true
}

// slip finds a misspelled host of a ServiceEntry.
func (i *importing) slip(p pattern, field string) bool {
	for _, host := range i.hosts.list {
		if host.service || !p.takes(host.namespace) || !diag.Slip(p.host, host.name) {
			continue
		}
		entry := host.namespace + "/" + host.name
		i.report(diag.Finding{
			Code: diag.ImportNotFound, Severity: diag.Warning, Source: i.sidecar.At(field),
			Message: fmt.Sprintf("the build has no ServiceEntry for %s; it has one for %s", p.host, host.name),
			Related: []diag.Source{host.at}, Try: entry, Proposed: entry,
		})
		return true
	}
	return false
}
