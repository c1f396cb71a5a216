package propose

import (
	"cmp"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// policy is what is of interest in a NetworkPolicy: who may call whom already.
type policy struct {
	Spec struct {
		Pods    selector `yaml:"podSelector"`
		Ingress []struct {
			From []peer `yaml:"from"`
		} `yaml:"ingress"`
		Egress []struct {
			To []peer `yaml:"to"`
		} `yaml:"egress"`
	} `yaml:"spec"`
}

type peer struct {
	Pods       *selector `yaml:"podSelector"`
	Namespaces *selector `yaml:"namespaceSelector"`
}

type selector struct {
	Labels      map[string]string `yaml:"matchLabels"`
	Expressions []any             `yaml:"matchExpressions"`
}

// namespaceName is the label that every Namespace has with its name.
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
const namespaceName = "kubernetes.io/metadata.name"

// findPolicies takes over whom NetworkPolicies let in, where they name somebody. A policy that lets in everybody says
// nothing about who calls.
func (p *proposer) findPolicies() {
	for _, it := range p.in.Items {
		if it.Group() != "networking.k8s.io" || it.Kind() != "NetworkPolicy" {
			continue
		}
		var doc policy
		if node, err := it.Node(); err != nil || node.Decode(&doc) != nil {
			continue
		}
		p.policy(it, &doc)
	}
}

func (p *proposer) policy(it *item.Item, doc *policy) {
	own := p.selected(it.Namespace(), &doc.Spec.Pods)
	for _, rule := range doc.Spec.Ingress {
		for _, from := range rule.From {
			p.admitted(it, own, from)
		}
	}
	for _, rule := range doc.Spec.Egress {
		for _, to := range rule.To {
			if peers, named := p.peers(it.Namespace(), to); named {
				p.connect(it, own, peers)
			}
		}
	}
}

// admitted notes who may call the pods of a policy.
func (p *proposer) admitted(it *item.Item, own []*facts.Workload, from peer) {
	if peers, named := p.peers(it.Namespace(), from); named && len(peers) > 0 {
		p.connect(it, peers, own)
		return
	}
	var caller string
	switch {
	case from.Namespaces != nil && from.Namespaces.Labels[namespaceName] != "" && !p.hasNamespace(from.Namespaces.Labels[namespaceName]):
		caller = "{namespace: " + plain(from.Namespaces.Labels[namespaceName]) + "}"
	case from.Namespaces == nil && from.Pods != nil && len(from.Pods.Labels)+len(from.Pods.Expressions) == 0:
		caller = "same-namespace"
	default:
		return
	}
	for _, workload := range own {
		addCause(p.entryOf(workload).callers, caller, p.policyCause(it))
	}
}

// peers are the workloads that a rule names.
func (p *proposer) peers(namespace string, of peer) (list []*facts.Workload, named bool) {
	if of.Namespaces != nil {
		name := of.Namespaces.Labels[namespaceName]
		if name == "" || !p.hasNamespace(name) {
			return nil, false
		}
		namespace = name
	}
	if of.Pods == nil || len(of.Pods.Labels) == 0 || len(of.Pods.Expressions) > 0 {
		return nil, false
	}
	return p.selected(namespace, of.Pods), true
}

// selected are the workloads whose pods a selector selects. Nothing is where it needs an expression.
func (p *proposer) selected(namespace string, by *selector) []*facts.Workload {
	var out []*facts.Workload
	for _, workload := range p.facts.Workloads {
		same := workload.Namespace == namespace || slices.Contains(workload.PreviousNamespaces, namespace)
		if same && len(by.Expressions) == 0 && (len(by.Labels) == 0 || facts.Matches(by.Labels, workload.Labels)) {
			out = append(out, workload)
		}
	}
	return out
}

// connect notes that some workloads call others.
func (p *proposer) connect(it *item.Item, from, to []*facts.Workload) {
	for _, caller := range from {
		for _, callee := range to {
			if caller != callee && len(callee.Services) > 0 && !slices.Contains(callee.Services, p.entryOf(caller).service) {
				e := p.entryOf(callee)
				p.policyCall(caller, e.service, p.policyCause(it))
			}
		}
	}
}

// policyCall notes a call that a policy allows, unless an address shows it with more detail already.
func (p *proposer) policyCall(caller *facts.Workload, service *facts.Service, at cause) {
	e := p.entryOf(caller)
	for i := range service.Ports {
		if e.calls[p.keyOf(service)+":"+service.Ports[i].Key()] != nil {
			return
		}
	}
	p.callService(caller, e, service, 0, at)
}

func (p *proposer) policyCause(it *item.Item) cause {
	return cause{file: p.in.File(it), source: "NetworkPolicy/" + it.Name()}
}

// exposure is what an Ingress says of a Service.
type exposure struct {
	hosts, paths []string
	from         string
}

type backend struct {
	Service struct {
		Name string `yaml:"name"`
	} `yaml:"service"`
}

type ingress struct {
	Spec struct {
		Default *backend `yaml:"defaultBackend"`
		Rules   []struct {
			Host string `yaml:"host"`
			HTTP struct {
				Paths []struct {
					Path    string  `yaml:"path"`
					Backend backend `yaml:"backend"`
				} `yaml:"paths"`
			} `yaml:"http"`
		} `yaml:"rules"`
	} `yaml:"spec"`
}

// findIngresses notes which Services are reached from outside, and by which hosts.
func (p *proposer) findIngresses() {
	for _, it := range p.in.Items {
		if it.Group() != "networking.k8s.io" || it.Kind() != "Ingress" {
			continue
		}
		var doc ingress
		if node, err := it.Node(); err != nil || node.Decode(&doc) != nil {
			continue
		}
		for _, rule := range doc.Spec.Rules {
			p.own[rule.Host] = true
			for _, path := range rule.HTTP.Paths {
				p.expose(it, path.Backend.Service.Name, rule.Host, path.Path)
			}
		}
		if doc.Spec.Default != nil {
			p.expose(it, doc.Spec.Default.Service.Name, "", "")
		}
	}
}

func (p *proposer) expose(it *item.Item, name, host, path string) {
	service := p.facts.Referred(it.Namespace(), name)
	if service == nil {
		return
	}
	e := p.mesh(service.Namespace).entries[p.keyOf(service)]
	at := slices.IndexFunc(e.exposed, func(x exposure) bool { return x.from == it.Name() })
	if at < 0 {
		e.exposed = append(e.exposed, exposure{from: it.Name()})
		at = len(e.exposed) - 1
	}
	add := func(to *[]string, what string) {
		if what != "" && !slices.Contains(*to, what) {
			*to = append(*to, what)
		}
	}
	add(&e.exposed[at].hosts, host)
	add(&e.exposed[at].paths, cmp.Or(path, "/"))
}
