// Package cluster is what a cluster will hold once the build is applied, as Istio reads it: its own kinds typed, whether
// generated or kept by hand, and beside them the Services, pod templates and Namespaces of the build. It is data and
// simple questions about it; the checks read it.
package cluster

import (
	extensions "istio.io/api/extensions/v1alpha1"
	networking "istio.io/api/networking/v1"
	networkingbeta "istio.io/api/networking/v1beta1"
	security "istio.io/api/security/v1"
	telemetry "istio.io/api/telemetry/v1"

	envoyfilter "istio.io/api/networking/v1alpha3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// View is the whole build. Every list is sorted by namespace and name.
type View struct {
	Istio spec.Istio   // facts about the installation
	Facts *facts.Facts // Services and Namespaces as they are written
	// Declared are the gateways of the profile: pods that run somewhere, whether the build has them or not.
	Declared []spec.Gateway
	// Egress is the gateway through which calls leave, nil where the profile has none.
	Egress *spec.Egress
	Pods   []*Pod       // pod templates, with the labels and annotations that this run adds
	Items  []*item.Item // everything in the build that is not generated, in its order
	// Rules are what the profile allows applications to write, and Covered the pod templates that they speak of.
	Rules   *spec.RuleSet
	Covered map[*facts.Workload]bool
	// Vouched are service accounts, as namespace/name, that the profile or a catalogue answers for.
	Vouched map[string]bool
	// Stages are how far the pods have come, whether a Mesh covers them or not.
	Stages spec.Stages
	// Spec is what the documents say; nil where somebody looks at a build that was expanded before.
	Spec *spec.Spec

	VirtualServices        []*Object[*networking.VirtualService]
	DestinationRules       []*Object[*networking.DestinationRule]
	Gateways               []*Object[*networking.Gateway]
	ServiceEntries         []*Object[*networking.ServiceEntry]
	Sidecars               []*Object[*networking.Sidecar]
	WorkloadEntries        []*Object[*networking.WorkloadEntry]
	WorkloadGroups         []*Object[*networking.WorkloadGroup]
	ProxyConfigs           []*Object[*networkingbeta.ProxyConfig]
	EnvoyFilters           []*Object[*envoyfilter.EnvoyFilter]
	AuthorizationPolicies  []*Object[*security.AuthorizationPolicy]
	PeerAuthentications    []*Object[*security.PeerAuthentication]
	RequestAuthentications []*Object[*security.RequestAuthentication]
	Telemetries            []*Object[*telemetry.Telemetry]
	WasmPlugins            []*Object[*extensions.WasmPlugin]
	TrafficExtensions      []*Object[*extensions.TrafficExtension]

	// Rest are the objects of Istio's and of the Gateway API's groups that are of no kind above, as they are written.
	Rest []*Meta

	all    []*Any
	known  index
	said   map[diag.Code]map[diag.Source]bool
	made   map[string][]made // by namespace
	unread map[string]bool   // kinds of which the build has objects that do not fit their type
}

// Any is an object of Istio whose kind does not matter.
type Any = Object[any]

// Input is what a view is made of.
type Input struct {
	Istio     spec.Istio
	Facts     *facts.Facts
	Gateways  []spec.Gateway // of the profile
	Generated *manifest.Set
	Others    []*item.Item // everything in the build that no earlier run generated
	Earlier   diag.List    // what the stages before had to say, so that nothing is said twice
	Rules     *spec.RuleSet
	Covered   map[*facts.Workload]bool // by a Mesh
	Stages    spec.Stages
	Vouched   map[string]bool // accounts that no build has to show
	Spec      *spec.Spec
}

// New reads the build. An object of the user's that is not of the shape of its kind is a finding, and absent from the view.
func New(in Input) (*View, diag.List) {
	v := &View{
		Istio: in.Istio, Facts: in.Facts, Declared: in.Gateways, Items: in.Others, Rules: in.Rules, Covered: in.Covered,
		Stages: in.Stages, Vouched: in.Vouched, Spec: in.Spec,
	}
	if in.Spec != nil {
		v.declareEgress(in.Spec.Egress)
	}
	v.pods(in.Generated.Edits)
	v.remember(in.Earlier)
	for i := range in.Generated.Objects {
		meta := ofManifest(&in.Generated.Objects[i])
		meta.typed = v.exported(meta.typed)
		v.add(meta)
	}
	var findings diag.List
	for _, it := range in.Others {
		v.noteMade(it)
		meta, found := ofItem(it, in.Istio.Minor)
		findings = append(findings, found...)
		v.noteUnread(it.Kind(), meta == nil && len(found) > 0)
		if meta != nil {
			meta.typed = v.exported(meta.typed)
			v.add(meta)
		}
	}
	v.sort()
	v.index()
	return v, findings
}

// Objects lists every typed object of Istio's, for what is true of all kinds.
func (v *View) Objects() []*Any { return v.all }
