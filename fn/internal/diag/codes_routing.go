package diag

import "slices"

// Routes: VirtualServices and DestinationRules (MF04xx).
const (
	MeshHostTaken         Code = "MF0401"
	GatewayHostTaken      Code = "MF0402"
	RuleTwice             Code = "MF0403"
	WildcardOverridden    Code = "MF0404"
	RuleShadows           Code = "MF0405"
	MutualTLSNotInherited Code = "MF0406"
)

func routingEntries() []Entry {
	return slices.Concat(conflictEntries())
}

func conflictEntries() []Entry {
	const acrossNamespaces = "https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration"
	return []Entry{
		{
			Code: MeshHostTaken, Title: "two VirtualServices for one host in the mesh",
			Text: "Two VirtualServices that hold inside the mesh route the same host, and some namespace sees both. Istio does not " +
				"merge them for sidecars: callers get the routes of the older one, and the other one does nothing.",
			Also: []string{"IST0109", "KIA1106"},
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0109/"},
		},
		{
			Code: GatewayHostTaken, Title: "two VirtualServices in each other's way at a gateway",
			Text: "Two VirtualServices route the same host at a gateway, and some calls match routes of both. Istio merges them in " +
				"no defined order, so which of the two routes a call takes may change with every push.",
			Also: []string{"KIA1106"},
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services"},
		},
		{
			Code: RuleTwice, Title: "two DestinationRules for one host in a namespace",
			Text: "Two DestinationRules of one namespace speak of the same host and subset. Istio keeps the older one's " +
				"trafficPolicy and subsets, and adds only subsets of other names: what the later one says has no effect.",
			Also: []string{"KIA0201"},
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services"},
		},
		{
			Code: WildcardOverridden, Title: "a wildcard that no longer holds",
			Text: "A VirtualService or DestinationRule with a wildcard covers a host that has one of its own. Istio takes the most " +
				"specific one and merges nothing, so what the wildcard says no longer holds for that host.",
			See: []string{acrossNamespaces},
		},
		{
			Code: RuleShadows, Title: "a DestinationRule in another namespace than its Service",
			Text: "Callers use the DestinationRule of their own namespace before that of the Service's namespace, and nothing is " +
				"merged. They lose its subsets, limits and TLS settings; a route to a subset that only the other rule has fails with 503.",
			See: []string{acrossNamespaces, "https://github.com/istio/istio/issues/30080"},
		},
		{
			Code: MutualTLSNotInherited, Title: "tls of a wildcard that no longer holds",
			Text: "A DestinationRule with a wildcard asks for ISTIO_MUTUAL, and a more specific one says nothing of tls. Nothing is " +
				"merged, so for this host only automatic mutual TLS encrypts calls, if the mesh has it on.",
			Also: []string{"KIA0204"},
			See:  []string{acrossNamespaces},
		},
	}
}
