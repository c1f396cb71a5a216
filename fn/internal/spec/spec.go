package spec

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Spec is everything the documents of a build say, resolved against what the build contains.
type Spec struct {
	Istio      Istio
	Gateways   []Gateway
	Namespaces []Namespace
	Services   []Service
	Workloads  []Workload
	External   []External
	Egress     *Egress // nil where sidecars call outside hosts themselves
	Scope      Scope
	Catalog    Catalog
	Patches    []Patch
	Meshes     []Owner
	Rules      RuleSet
	Stages     Stages
	Names      HostNames
}

// Istio holds the facts about the installation, with defaults applied.
type Istio struct {
	Minor          int
	VersionAt      diag.Source // where the profile says so, zero where it does not
	Revision       string
	ClusterDomain  string
	FullHostnames  bool
	NativeSidecars *bool
	RootNamespace  string
	MTLS           string // the mode of the whole mesh, "" for unknown
	TrustDomain    string // "" where the profile does not say it
	OutboundPolicy string // the mode, "" for unknown
	Mesh           v1alpha1.MeshConfig
	At             Located // the fields of spec.istio in the profile, nil without one

	RevisionFrom, DomainFrom, HostnamesFrom Origin
}

// Gateway is one gateway of the profile.
type Gateway struct {
	Name           string
	Selector       map[string]string
	Namespace      string
	ServiceAccount string
	HTTPPort       int32
	HTTPTarget     int32 // of the pods, 0 where nobody says it
	AllowedDomains []string
	At             diag.Source
	SelectorAt     diag.Source
	NamespaceAt    diag.Source
	HTTPPortFrom   Origin
	HTTPTargetFrom Origin
}

// Owner is the Mesh that an entry belongs to.
type Owner struct {
	Name, Namespace string
	At              diag.Source
}

// String is the value of the annotation meshfn.dev/source.
func (o Owner) String() string {
	if o.Namespace == "" {
		return o.Name
	}
	return o.Namespace + "/" + o.Name
}

// Located finds the place of a field below an entry of a document.
type Located func(field string) diag.Source

// Service is one Service of the build with its settings.
type Service struct {
	Facts    *facts.Service
	Owner    Owner
	At       Located // fields below the Service's entry; the Mesh itself where the Service has no entry
	Listed   bool    // the Mesh has an entry for it
	Stage    Stage
	Workload Workload
	Ports    []Port // one per port of the Service, in its order
	Versions map[string]*v1alpha1.ServiceVersion
	Expose   map[string]*v1alpha1.Expose
	AtGate   map[string]GatewayAuth // what Expose asks of calls, by gateway
	Manage   v1alpha1.Manage
}

// Port is one port of a Service with its settings.
type Port struct {
	Facts   *facts.Port
	Traffic v1alpha1.TrafficSettings
	Origins Origins
}

// Workload is a set of pod templates with their settings: those of a Service, or one workload on its own.
type Workload struct {
	Templates []*facts.Workload
	Stage     Stage
	Owner     Owner
	Settings  v1alpha1.WorkloadSettings
	Origins   Origins
	At        Located

	// Calls are what the pods call; nil where nobody says it, and empty where they call nobody.
	Calls []Dependency
	// Callers are all who may call; nil where nobody says it, which lets everybody call.
	Callers []Caller
}

// Patch is one patch of a Mesh.
type Patch struct {
	Patch v1alpha1.Patch
	Owner Owner
	At    Located
}

// Covered are the pod templates that a Mesh speaks of.
func (s *Spec) Covered() map[*facts.Workload]bool {
	covered := map[*facts.Workload]bool{}
	for i := range s.Services {
		for _, template := range s.Services[i].Workload.Templates {
			covered[template] = true
		}
	}
	for i := range s.Workloads {
		for _, template := range s.Workloads[i].Templates {
			covered[template] = true
		}
	}
	return covered
}
