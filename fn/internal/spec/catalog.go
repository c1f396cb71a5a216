package spec

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Catalog is what catalogues know of other builds. What they say of this build itself is not in it: the build knows better.
type Catalog struct {
	// Complete says that everything that calls anything is in the catalogues, by each of them; CompleteAt is where.
	Complete   bool
	CompleteAt diag.Source

	Services   map[string]*v1alpha1.CatalogService  // by name.namespace
	Workloads  map[string]*v1alpha1.CatalogWorkload // by Kind/name.namespace
	Namespaces map[string]bool                      // of which a catalogue knows something
	At         func(field, key string) Located      // the entry of a key of `services` or `workloads`

	Callers map[string][]CatalogCaller // by name.namespace of the Service that is called, sorted
	Silent  []CatalogCaller            // those that may have no sidecar and do not say whom they call, sorted
}

// CatalogCaller is a Service or workload of another build that calls.
type CatalogCaller struct {
	Field string // services or workloads
	Key   string // name.namespace, or Kind/name.namespace
	Pods  *v1alpha1.CatalogWorkload
	Call  *v1alpha1.Dependency // nil for one that does not say whom it calls
	At    func() diag.Source   // what says that it calls, which is looked up only when somebody asks
}
