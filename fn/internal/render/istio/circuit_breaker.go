package istio

import (
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// connectionPool limits what one calling proxy may ask for.
func connectionPool(limits *plan.Limits) *networking.ConnectionPoolSettings {
	if limits == nil {
		return nil
	}
	if limits.Off.V {
		return &networking.ConnectionPoolSettings{Tcp: &networking.ConnectionPoolSettings_TCPSettings{}}
	}
	tcp := &networking.ConnectionPoolSettings_TCPSettings{
		MaxConnections: limits.Connections.V, ConnectTimeout: duration(limits.ConnectTimeout),
		IdleTimeout: duration(limits.StreamIdleTimeout),
	}
	http := &networking.ConnectionPoolSettings_HTTPSettings{
		Http1MaxPendingRequests:  limits.PendingRequests.V,
		Http2MaxRequests:         limits.Requests.V,
		MaxRequestsPerConnection: limits.RequestsPerConnection.V,
		MaxRetries:               limits.Retries.V,
		IdleTimeout:              duration(limits.IdleTimeout),
	}
	pool := &networking.ConnectionPoolSettings{}
	if !limits.Connections.IsZero() || tcp.ConnectTimeout != nil || tcp.IdleTimeout != nil {
		pool.Tcp = tcp
	}
	if !limits.PendingRequests.IsZero() || !limits.Requests.IsZero() || !limits.RequestsPerConnection.IsZero() ||
		!limits.Retries.IsZero() || http.IdleTimeout != nil {
		pool.Http = http
	}
	return over(limits.Rest.V, pool)
}
