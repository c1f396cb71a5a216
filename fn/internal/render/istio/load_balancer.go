package istio

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/plan"
)

// loadBalancer spreads calls over pods.
func loadBalancer(b *plan.Balance) *networking.LoadBalancerSettings {
	if b == nil {
		return nil
	}
	out := &networking.LoadBalancerSettings{}
	switch {
	case b.Hash != nil:
		out.LbPolicy = &networking.LoadBalancerSettings_ConsistentHash{ConsistentHash: consistentHash(b.Hash)}
	case !b.Algorithm.IsZero():
		out.LbPolicy = &networking.LoadBalancerSettings_Simple{Simple: algorithm(b.Algorithm.V)}
	}
	if b.Locality != nil {
		out.LocalityLbSetting = locality(b.Locality)
	}
	if b.Warmup != nil {
		out.Warmup = &networking.WarmupConfiguration{Duration: duration(b.Warmup.Duration)}
		if !b.Warmup.Minimum.IsZero() {
			out.Warmup.MinimumPercent = wrapperspb.Double(float64(b.Warmup.Minimum.V))
		}
	}
	return out
}

// algorithm knows the words that the reader accepts.
func algorithm(word string) networking.LoadBalancerSettings_SimpleLB {
	switch word {
	case "ROUND_ROBIN":
		return networking.LoadBalancerSettings_ROUND_ROBIN
	case "RANDOM":
		return networking.LoadBalancerSettings_RANDOM
	}
	return networking.LoadBalancerSettings_LEAST_REQUEST
}

func consistentHash(h *plan.Hash) *networking.LoadBalancerSettings_ConsistentHashLB {
	out := &networking.LoadBalancerSettings_ConsistentHashLB{}
	switch {
	case !h.Header.IsZero():
		out.HashKey = &networking.LoadBalancerSettings_ConsistentHashLB_HttpHeaderName{HttpHeaderName: h.Header.V}
	case !h.Query.IsZero():
		out.HashKey = &networking.LoadBalancerSettings_ConsistentHashLB_HttpQueryParameterName{HttpQueryParameterName: h.Query.V}
	case !h.SourceIP.IsZero():
		out.HashKey = &networking.LoadBalancerSettings_ConsistentHashLB_UseSourceIp{UseSourceIp: true}
	case !h.Cookie.IsZero():
		out.HashKey = &networking.LoadBalancerSettings_ConsistentHashLB_HttpCookie{HttpCookie: cookie(h)}
	}
	if !h.Points.IsZero() {
		out.HashAlgorithm = &networking.LoadBalancerSettings_ConsistentHashLB_RingHash_{
			RingHash: &networking.LoadBalancerSettings_ConsistentHashLB_RingHash{MinimumRingSize: uint64(h.Points.V)}, //nolint:gosec // Never negative.
		}
	}
	return out
}

func cookie(h *plan.Hash) *networking.LoadBalancerSettings_ConsistentHashLB_HTTPCookie {
	out := &networking.LoadBalancerSettings_ConsistentHashLB_HTTPCookie{Name: h.Cookie.V.Name}
	if h.Cookie.V.Path != nil {
		out.Path = *h.Cookie.V.Path
	}
	if h.Cookie.V.TTL != nil {
		out.Ttl = durationpb.New(time.Duration(*h.Cookie.V.TTL))
	}
	return out
}

func locality(l *plan.Locality) *networking.LocalityLoadBalancerSetting {
	out := &networking.LocalityLoadBalancerSetting{Enabled: wrapperspb.Bool(!l.Off.V), FailoverPriority: l.Priority.V}
	for _, rule := range l.Failover.V {
		out.Failover = append(out.Failover, &networking.LocalityLoadBalancerSetting_Failover{From: rule.From, To: rule.To})
	}
	for _, rule := range l.Distribute.V {
		to := make(map[string]uint32, len(rule.To))
		for place, weight := range rule.To {
			to[place] = uint32(weight) //nolint:gosec // The reader accepts 0 to 100.
		}
		out.Distribute = append(out.Distribute, &networking.LocalityLoadBalancerSetting_Distribute{From: rule.From, To: to})
	}
	return out
}
