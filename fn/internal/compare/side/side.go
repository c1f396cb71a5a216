// Package side is one of the two builds that are compared: what it says, what it does, and what would be applied.
package side

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Side is a finished build. A build that does not exist, because the application is new or gone, has nothing in it.
type Side struct {
	Name    string                    // as people call it on the command line
	Lines   []explain.Line            // every setting, with the layer and the place that it comes from
	Catalog *v1alpha1.MeshCatalogSpec // every Service and workload once everything is decided, by the names that they have in the end
	View    *cluster.View             // what a cluster will hold; everything in it is from the finished build, nothing counts as generated
	Objects []*item.Item              // what would be applied

	// InFile finds the place in a file of a place in an object; nil where no file is known.
	InFile func(diag.Source) diag.Source
}

// Located is where somebody wrote what an object has at a place. It is the place itself where no file has it.
func (s *Side) Located(at diag.Source) diag.Source {
	if s.InFile == nil {
		return at
	}
	return s.InFile(at)
}

// Where is the place that decides a setting of a Service or workload, such as timeout; zero where nobody does.
func (s *Side) Where(subject, setting string) diag.Source {
	for i := range s.Lines {
		if line := &s.Lines[i]; line.Subject == subject && diag.Within(line.Field, setting) && line.From.At != (diag.Source{}) {
			return line.From.At
		}
	}
	return diag.Source{}
}
