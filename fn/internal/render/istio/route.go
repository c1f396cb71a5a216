package istio

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// target is the port that a route sends calls to.
type target struct {
	host string
	port int32
}

// destination always names the port, because Istio has to guess it otherwise on a Service with several.
func (t target) destination(subset string) *networking.Destination {
	return &networking.Destination{
		Host: t.host, Subset: subset,
		Port: &networking.PortSelector{Number: uint32(t.port)}, //nolint:gosec // A port number is never negative.
	}
}

// httpRoute is what happens to calls, the same inside the mesh and at a gateway.
func httpRoute(route *plan.Route, to target) *networking.HTTPRoute {
	http := &networking.HTTPRoute{Timeout: timeout(route), Retries: retries(&route.Retries)}
	for _, destination := range route.Destinations {
		http.Route = append(http.Route, &networking.HTTPRouteDestination{
			Destination: to.destination(destination.Split), Weight: destination.Weight.V,
		})
	}
	return http
}

// tcpRoute shares out connections that are passed through as they are.
func tcpRoute(route *plan.Route, port *plan.Port, to target) *networking.TCPRoute {
	tcp := &networking.TCPRoute{}
	if !port.Only {
		tcp.Match = []*networking.L4MatchAttributes{{Port: uint32(port.Number)}} //nolint:gosec // A port number is never negative.
	}
	for _, destination := range route.Destinations {
		tcp.Route = append(tcp.Route, &networking.RouteDestination{
			Destination: to.destination(destination.Split), Weight: destination.Weight.V,
		})
	}
	return tcp
}

func duration(v plan.Value[v1alpha1.Duration]) *durationpb.Duration {
	if v.IsZero() {
		return nil
	}
	return durationpb.New(time.Duration(v.V))
}
