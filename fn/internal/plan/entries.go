package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Entry is one host reachable from outside through one gateway.
type Entry struct {
	Name       string            `json:"name"`
	Namespace  string            `json:"namespace,omitempty" from:"Object:metadata.namespace"`
	Owner      string            `json:"owner" from:"Mesh"`
	Gateway    string            `json:"gateway"`
	Selector   map[string]string `json:"selector" from:"SelectorAt"`
	Identity   string            `json:"identity"` // namespace and account of the gateway's pods
	Port       int32             `json:"port" from:"PortFrom"`
	Host       string            `json:"host" from:"Hosts"`
	Paths      []EntryPath       `json:"paths"`
	SeenBy     []string          `json:"seenBy,omitempty" from:"Istio:meshConfig.defaultVirtualServiceExportTo"` // which namespaces see the routes, where that is not what holds anyway
	Guard      *Guard            `json:"guard,omitempty"`
	From       diag.Source       `json:"-"`
	Hosts      []diag.Source     `json:"-"` // each place that asks for the host
	SelectorAt diag.Source       `json:"-"`
	PortFrom   spec.Origin       `json:"-"`
	Mesh       diag.Source       `json:"-"` // the name of the owner
	Object     spec.Located      `json:"-"` // fields of the Service whose namespace it is in
	Istio      spec.Located      `json:"-"` // facts of the profile
}

// EntryPath sends the calls of one path to one port of a Service, most specific first.
type EntryPath struct {
	Path      Path    `json:"path"`
	Below     bool    `json:"below,omitempty"` // only what is below the path, which itself goes elsewhere
	Service   string  `json:"service" from:"Object:metadata.name"`
	Namespace string  `json:"namespace,omitempty" from:"Object:metadata.namespace"`
	Port      int32   `json:"port" from:"PortObject:port,PortAt"`
	Routes    []Route `json:"routes"`

	From       diag.Source  `json:"-"`
	Object     spec.Located `json:"-"` // fields of the Service itself
	PortObject spec.Located `json:"-"` // fields of the port in it
	PortAt     diag.Source  `json:"-"` // where the port is chosen, zero where there is only one

	owner string
	mesh  diag.Source
	asks  *gatewayWish // what calls to the path have to bring with them, nil for nothing
}

// entries plans what is exposed: all Services of a host together, so that two of them cannot claim one path.
func (p *planner) entries() {
	hosts := map[string]*Entry{}
	for i := range p.spec.Services {
		service := &p.spec.Services[i]
		for _, name := range slices.Sorted(maps.Keys(service.Expose)) {
			if gateway := p.gateway(service, name); gateway != nil {
				p.expose(service, gateway, hosts)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(hosts)) {
		entry := hosts[key]
		if len(entry.Paths) == 0 { // They were refused.
			continue
		}
		slices.SortStableFunc(entry.Paths, func(a, b EntryPath) int { return comparePaths(a.Path, b.Path) })
		p.settlePaths(entry)
		home(entry)
		entry.SeenBy = p.seenAtGateway(entry)
		entry.Guard = p.entryGuard(entry)
		p.out.Entries = append(p.out.Entries, *entry)
	}
	p.checkGatewayTokens()
}

// gateway finds a gateway of the profile.
func (p *planner) gateway(service *spec.Service, name string) *spec.Gateway {
	var known []string
	for i := range p.spec.Gateways {
		if p.spec.Gateways[i].Name == name {
			return p.named(&p.spec.Gateways[i])
		}
		known = append(known, p.spec.Gateways[i].Name)
	}
	finding := diag.Finding{
		Code: diag.UnknownGateway, Source: service.At(diag.Join("expose", name)),
		Message: fmt.Sprintf("gateway %q is not in the profile; it has: %s", name, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("gateway %q is unknown: the build has no MeshProfile with gateways", name)
		finding.Try = fmt.Sprintf("spec: {gateways: {%s: {selector: {istio: ingressgateway}, namespace: istio-ingress}}} in a MeshProfile", name)
	} else if nearest, ok := diag.Nearest(name, known); ok {
		finding.Try = nearest + ": …"
	}
	p.report(finding)
	return nil
}

// named refuses a gateway whose name cannot be part of the name of an object.
func (p *planner) named(gateway *spec.Gateway) *spec.Gateway {
	if len(validation.IsDNS1123Label(gateway.Name)) == 0 {
		return gateway
	}
	p.report(diag.Finding{
		Code: diag.BadValue, Source: gateway.At,
		Message: fmt.Sprintf("%q cannot be the name of a gateway; allowed: lower-case letters, digits and dashes, at most 63", gateway.Name),
	})
	return nil
}

func (p *planner) expose(service *spec.Service, gateway *spec.Gateway, hosts map[string]*Entry) {
	field := diag.Join("expose", gateway.Name)
	expose := service.Expose[gateway.Name]
	port, routes := p.entryPort(service, expose, field)
	if port == nil {
		return
	}
	paths := expose.Paths
	if len(paths) == 0 {
		everything := "/"
		paths = []v1alpha1.PathMatch{{Prefix: &everything}}
	}
	for i, host := range expose.Hosts {
		at := service.At(diag.At(field+".hosts", i))
		if !p.hostAllowed(gateway, host, at) {
			continue
		}
		key := gateway.Name + " " + host
		if hosts[key] == nil {
			hosts[key] = &Entry{
				Name: entryName(gateway.Name, p.spec.Names.Of(host)), Gateway: gateway.Name, Selector: gateway.Selector,
				Identity: gateway.Namespace + "/" + gateway.ServiceAccount, Port: gateway.HTTPPort, Host: host, From: at,
				Istio: p.spec.Istio.At, SelectorAt: gateway.SelectorAt, PortFrom: gateway.HTTPPortFrom,
			}
		}
		hosts[key].Hosts = append(hosts[key].Hosts, at)
		for j := range paths {
			source := at
			if len(expose.Paths) > 0 {
				source = service.At(diag.At(field+".paths", j))
			}
			if path, ok := p.path(&paths[j], source); ok {
				hosts[key].Paths = append(hosts[key].Paths, EntryPath{
					Path: path, Service: service.Facts.Name, Namespace: service.Facts.Namespace, Port: port.Number,
					Routes: routes, From: source, owner: service.Owner.String(), mesh: service.Owner.At,
					Object: service.Facts.Source, PortObject: portOf(service.Facts, port), PortAt: chosenAt(service, expose, field),
					asks: wishAt(service, gateway),
				})
			}
		}
	}
}

// chosenAt is where the port of an entry is chosen, zero where it is the only one.
func chosenAt(service *spec.Service, expose *v1alpha1.Expose, field string) diag.Source {
	if expose.Port == nil {
		return diag.Source{}
	}
	return service.At(field + ".port")
}

// home puts an entry where the Service of its widest path is, and makes that Service's Mesh its owner.
func home(entry *Entry) {
	widest := entry.Paths[len(entry.Paths)-1]
	entry.Namespace, entry.Owner = widest.Namespace, widest.owner
	entry.Mesh, entry.Object = widest.mesh, widest.Object
}

// settlePaths decides between the paths of a host: an exact path wins over a prefix of the same text. Two Services cannot
// claim the same one, and an expression is never reached where a prefix, which comes first, takes all that it matches.
func (p *planner) settlePaths(entry *Entry) {
	for i := range entry.Paths {
		here := &entry.Paths[i]
		for j := range i {
			before := &entry.Paths[j]
			switch {
			case before.Path == here.Path:
				p.refuseTwice(entry, before, here)
			case before.Path == Path{Exact, here.Path.Text} && here.Path.Kind == Prefix:
				here.Below = true
			case before.Path.covers(here.Path):
				p.report(diag.Finding{
					Code: diag.PathTaken, Source: here.From,
					Message: fmt.Sprintf("%s of host %q is never reached: %s of Service %q takes all of it", here.Path, entry.Host, before.Path, before.Service),
					Related: []diag.Source{before.From},
					Try:     "remove it, or narrow the prefix",
				})
			}
		}
	}
}

func (p *planner) refuseTwice(entry *Entry, before, here *EntryPath) {
	finding := diag.Finding{
		Code: diag.PathTaken, Source: here.From,
		Message: fmt.Sprintf("%s of host %q is claimed twice: by Service %q and by Service %q", here.Path, entry.Host, before.Service, here.Service),
		Related: []diag.Source{before.From},
		Try:     "give one of the two other paths, for example paths: [/" + here.Service + "]",
	}
	if before.Service == here.Service && before.Namespace == here.Namespace {
		finding.Message = fmt.Sprintf("%s of host %q is there twice", here.Path, entry.Host)
		finding.Try = "remove one of the two"
	}
	p.report(finding)
}

// entryName is `<gateway>-<host with dashes>`.
func entryName(gateway, host string) string {
	return shortened(gateway + "-" + strings.ReplaceAll(strings.ReplaceAll(host, "*", "wildcard"), ".", "-"))
}

func comparePaths(a, b Path) int {
	return cmp.Or(
		cmp.Compare(a.rank(), b.rank()),
		cmp.Compare(len(b.Text), len(a.Text)),
		cmp.Compare(a.Text, b.Text),
	)
}
