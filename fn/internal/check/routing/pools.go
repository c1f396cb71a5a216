package routing

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// pools finds limits that let only one call or connection through at a time. They come from Istio's task about circuit
// breaking, which wants them to trip, and hold for each client proxy.
// https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
func (c *checker) pools() {
	for _, rule := range c.DestinationRules {
		if rule.Generated != nil {
			continue // The spec has limits of its own.
		}
		for _, one := range levelsOf(rule.Spec) {
			if tiny := tinyLimits(one.pool); len(tiny) > 0 {
				c.report(diag.Finding{
					Code: diag.TinyPool, Severity: diag.Warning, Source: rule.At(one.field + ".connectionPool"),
					Message: fmt.Sprintf("%s of %s: a client proxy may have only one call to %q %s; the others get 503 UO",
						strings.Join(tiny, " and "), rule.Resource, rule.Spec.Host, whereOne(one.pool)),
					Because: []string{"these limits hold for each client proxy, not for all of them"},
					Try:     "http1MaxPendingRequests: 50, http2MaxRequests: 200, maxConnections: 50 for a small service",
				})
			}
		}
	}
}

func tinyLimits(pool *networking.ConnectionPoolSettings) []string {
	var tiny []string
	if pool.GetHttp().GetHttp1MaxPendingRequests() == 1 {
		tiny = append(tiny, "http1MaxPendingRequests: 1")
	}
	if pool.GetHttp().GetHttp2MaxRequests() == 1 {
		tiny = append(tiny, "http2MaxRequests: 1")
	}
	return tiny
}

func whereOne(pool *networking.ConnectionPoolSettings) string {
	if pool.GetHttp().GetHttp2MaxRequests() == 1 {
		return "at a time"
	}
	return "waiting for a connection, and a call waits until its connection is made"
}
