package istio

import (
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// timeout is unset where there is none, which is also what Istio does then.
func timeout(route *plan.Route) *durationpb.Duration { return duration(route.Timeout) }
