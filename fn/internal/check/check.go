// Package check judges the finished build: each object by Istio's own validation, and the whole by what would go wrong in
// a mesh. It sees generated objects and those kept by hand alike, and points at what their author can change. Each
// package below it holds the checks of one subject.
package check

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/check/calls"
	"github.com/meshfn/meshfn/fn/internal/check/extensions"
	"github.com/meshfn/meshfn/fn/internal/check/gateways"
	"github.com/meshfn/meshfn/fn/internal/check/guard"
	"github.com/meshfn/meshfn/fn/internal/check/injection"
	"github.com/meshfn/meshfn/fn/internal/check/limits"
	"github.com/meshfn/meshfn/fn/internal/check/policies"
	"github.com/meshfn/meshfn/fn/internal/check/routing"
	"github.com/meshfn/meshfn/fn/internal/check/scope"
	"github.com/meshfn/meshfn/fn/internal/check/services"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Guard reports what does not refuse plain text though it is to, in a build that was expanded before.
func Guard(in cluster.Input) diag.List {
	view, _ := cluster.New(in)
	return guard.Check(view)
}

// Check reports what would not work in the mesh.
func Check(in cluster.Input) diag.List {
	view, findings := cluster.New(in)
	all := slices.Concat(
		findings, validate(view), newer(view), stated(view), names(view, in.Generated), limits.Check(view), routing.Check(view), gateways.Check(view), services.Check(view),
		injection.Check(view), policies.Check(view), scope.Check(view), extensions.Check(view), guard.Check(view),
		calls.Check(view),
	)
	return suppress(all, in.Others)
}
