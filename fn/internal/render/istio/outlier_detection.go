package istio

import (
	"google.golang.org/protobuf/types/known/wrapperspb"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// outlierDetection takes failing pods out of load balancing.
func outlierDetection(e *plan.Ejection) *networking.OutlierDetection {
	if e == nil {
		return nil
	}
	if e.Off.V {
		return noEjection()
	}
	return over(e.Rest.V, &networking.OutlierDetection{
		ConsecutiveGatewayErrors:       count(e.GatewayErrors),
		Consecutive_5XxErrors:          count(e.ServerErrors),
		SplitExternalLocalOriginErrors: e.SplitLocal.V,
		ConsecutiveLocalOriginFailures: count(e.LocalFailures),
		Interval:                       duration(e.Interval),
		BaseEjectionTime:               duration(e.BaseTime),
		MaxEjectionPercent:             e.MaxPercent.V,
		MinHealthPercent:               e.MinHealthy.V,
	})
}

func count(v plan.Value[int32]) *wrapperspb.UInt32Value {
	if v.IsZero() {
		return nil
	}
	return wrapperspb.UInt32(uint32(v.V)) //nolint:gosec // The reader accepts no negative count.
}
