package expand

import (
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
)

// Render is the rendering stage alone, for those who ask what a part of a plan becomes.
func Render(planned *plan.Plan) *manifest.Set {
	set, _ := istio.Render(planned)
	return set
}

// Rule says why a field of the output has a value that nobody decided.
func Rule(kind, path string) string { return istio.Rule(kind, path) }
