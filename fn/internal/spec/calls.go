package spec

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Dependency is something that pods call, with what its name means. Exactly one of Service, Beyond and External is set; none
// where it is a Service of a namespace that neither the build nor a catalogue knows.
type Dependency struct {
	Service  *facts.Service           // of this build
	Beyond   *v1alpha1.CatalogService // of a catalogue
	External *External

	Name, Namespace string // of the Service, known or not
	Port            string // as it was written, "" for all
	Methods         []v1alpha1.Method
	Paths           []v1alpha1.PathMatch
	Text            string // as it was written
	Origin          Origin
}

// Host is the Service as name.namespace.
func (d *Dependency) Host() string { return d.Name + "." + d.Namespace }

// Why is the reason for which somebody may call.
type Why int

// The reasons.
const (
	Listed    Why = iota // in `callers` of the callee
	DependsOn            // in `dependsOn` of the caller, in the same Mesh
	Exposed              // the gateway that exposes the Service
	Always               // in `access.always` of the profile
)

// Caller is somebody who may call a Service or workload: accounts, all of a namespace, or anyone.
type Caller struct {
	Accounts  []facts.Account
	Namespace string // all of it
	Anyone    bool   // also who has no identity

	Workloads []*facts.Workload // those of the build that it means, where it means some by name
	Gateway   *Gateway          // where it is one of the profile's
	Beyond    string            // the key in a catalogue, where it is known from there

	Ports   []string // as they were written, none for all
	Methods []v1alpha1.Method
	Paths   []v1alpha1.PathMatch
	Text    string // as it was written
	Why     Why
	Origin  Origin
}

// Scope is what the profile says of the scope of sidecars.
type Scope struct {
	Sidecars string // workload, namespace or none
	Always   []Dependency
	Outbound string // the mode, "" for what the mesh has
	ByCaller bool   // routes and policies are seen by callers only
	At       Located
}

// CallersStated is who says that all callers of some pods are known: callersComplete, or else a list of callers; the zero
// value where nobody does. A list in the general defaults of a profile says nothing of that: it speaks of every namespace at
// once, and nobody can know the callers of all of them.
func (w *Workload) CallersStated() Origin {
	callers := w.Origins.Of("callers")
	switch complete := w.Settings.CallersComplete; {
	case complete != nil && *complete:
		return w.Origins.Of("callersComplete")
	case complete == nil && w.Settings.Callers != nil && callers.Layer > ProfileDefaults:
		return callers
	}
	return Origin{}
}
