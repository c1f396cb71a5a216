// Package propose reads a repository that knows nothing of meshfn and writes its first Mesh: who calls whom by the addresses
// that its containers are given, which hosts outside they call, and who is better left without a sidecar. Whatever it
// proposes says where it comes from, and what it could not understand is said too, so that a person can go through it.
//
// The values of Secrets are never looked at.
package propose

import (
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/read"
)

// Input is a build as the function sees it: with the final names, and with those from before that kustomize notes.
type Input struct {
	Items []*item.Item
	Name  string                  // of the Mesh, where its namespace has none
	File  func(*item.Item) string // where a document is written, "" where that is not known
}

// Proposal is the first Mesh, or one for each namespace.
type Proposal struct {
	Text         []byte
	Services     int // of the build
	Workloads    int // without a Service
	Dependencies int
	External     int
	Open         []string // addresses that were not understood
}

// New proposes. The findings are about the build; with an error among them there is no proposal.
func New(in Input) (*Proposal, diag.List) {
	built, findings := read.Read(read.Input{Items: in.Items})
	if findings.HasErrors() {
		return nil, findings.Sorted()
	}
	if len(built.Facts.Services)+len(built.Facts.Workloads) == 0 {
		return nil, diag.List{{
			Code: diag.NoInput, Message: "the build has neither Services nor workloads, so there is nothing to propose",
			Try: "the directory whose kustomization lists the manifests of the application, or the manifests themselves",
		}}
	}
	p := &proposer{in: in, facts: built.Facts, meshes: map[string]*mesh{}, own: map[string]bool{}}
	if profile := built.Documents.Profile; profile != nil {
		p.profile = profile.Value
	}
	p.readConfigMaps()
	p.findEntries()
	p.findIngresses()
	p.findCalls()
	p.findPolicies()
	p.findObstacles()
	p.findHandWritten()
	p.findNotes()
	p.findDoubts()
	return p.proposal(), nil
}

type proposer struct {
	in      Input
	facts   *facts.Facts
	profile v1alpha1.MeshProfile // empty where the build has none
	configs []*configMap
	meshes  map[string]*mesh // by namespace
	own     map[string]bool  // hosts that an Ingress leads to the build itself

	expanded int // bytes that variables stood for
}

// mesh is what is proposed for one namespace.
type mesh struct {
	namespace string
	entries   map[string]*entry    // by key: a Service, or Kind/name
	external  map[string]*external // by name
	renamed   map[string]*causes   // names that nobody answers to any more
	doubts    []doubt
	open      []string // what was not understood
	look      []string // what a person should look at
}

// doubt is an address that was not understood.
type doubt struct {
	host, why string
	at        cause
}

// entry is what is proposed for a Service, or for a workload without one.
type entry struct {
	key       string
	service   *facts.Service // nil for a workload
	workloads []*facts.Workload
	calls     map[string]*causes // by what dependsOn has for it
	callers   map[string]*causes // of other namespaces
	exposed   []exposure
	out       string   // why the pods are left without a sidecar, "" where they are not
	manage    []string // kinds that are kept by hand
}

func (p *proposer) mesh(namespace string) *mesh {
	if p.meshes[namespace] == nil {
		p.meshes[namespace] = &mesh{namespace: namespace, entries: map[string]*entry{}, external: map[string]*external{}, renamed: map[string]*causes{}}
	}
	return p.meshes[namespace]
}

// findEntries makes an entry for each Service and for each workload that no Service selects.
func (p *proposer) findEntries() {
	for _, service := range p.facts.Services {
		p.add(service.Namespace, &entry{key: p.keyOf(service), service: service, workloads: service.Workloads})
	}
	for _, workload := range p.facts.Workloads {
		if len(workload.Services) == 0 {
			key := workload.Kind + "/" + p.nameOf(workload)
			p.add(workload.Namespace, &entry{key: key, workloads: []*facts.Workload{workload}})
		}
	}
}

func (p *proposer) add(namespace string, e *entry) {
	e.calls, e.callers = map[string]*causes{}, map[string]*causes{}
	p.mesh(namespace).entries[e.key] = e
}

// keyOf is how a Mesh names a Service: as it is written beside it, unless that means another one too.
func (p *proposer) keyOf(service *facts.Service) string {
	written := service.Written()
	for _, other := range p.facts.Services {
		if other != service && other.Namespace == service.Namespace && other.Named(written) {
			return service.Name
		}
	}
	return written
}

func (p *proposer) nameOf(workload *facts.Workload) string {
	written := workload.Written()
	for _, other := range p.facts.Workloads {
		if other != workload && other.Kind == workload.Kind && other.Namespace == workload.Namespace && other.Named(written) {
			return workload.Name
		}
	}
	return written
}

// entryOf is where a workload's settings go: its own entry, or that of one of its Services, of which several must not say
// different things.
func (p *proposer) entryOf(workload *facts.Workload) *entry {
	entries := p.mesh(workload.Namespace).entries
	if len(workload.Services) == 0 {
		return entries[workload.Kind+"/"+p.nameOf(workload)]
	}
	best := workload.Services[0]
	for _, service := range workload.Services[1:] {
		if rank(service, workload) > rank(best, workload) {
			best = service
		}
	}
	return entries[p.keyOf(best)]
}

// rank says how much a Service looks like the one of a workload.
func rank(service *facts.Service, workload *facts.Workload) int {
	points := 0
	if service.Written() == workload.Written() {
		points += 2
	}
	if !service.Headless {
		points++
	}
	return points
}

// namespaces are those that are proposed for, in order.
func (p *proposer) namespaces() []string { return slices.Sorted(maps.Keys(p.meshes)) }
