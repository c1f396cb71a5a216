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

// Where routes and rules point.
const (
	UnknownDestination       Code = "MF0407"
	DestinationNotCompleted  Code = "MF0408"
	UncheckedHost            Code = "MF0409"
	UnknownDestinationPort   Code = "MF0410"
	AmbiguousDestinationPort Code = "MF0411"
	UnknownSubset            Code = "MF0412"
	RouteHostNotCompleted    Code = "MF0413"
	UnknownRuleHost          Code = "MF0429"
	RuleHostNotCompleted     Code = "MF0430"
	UncheckedRuleHost        Code = "MF0448"
)

// Routes in themselves, and at gateways.
const (
	UnreachableRoute      Code = "MF0414"
	TakenMatch            Code = "MF0415"
	LoneWeight            Code = "MF0416"
	RepeatedDestination   Code = "MF0417"
	WeightSum             Code = "MF0418"
	NoDefaultRoute        Code = "MF0419"
	UnknownRouteGateway   Code = "MF0420"
	UncheckedGateway      Code = "MF0421"
	HostNotAtGateway      Code = "MF0422"
	HostAtNoGateway       Code = "MF0423"
	InternalGateway       Code = "MF0424"
	OldGatewayName        Code = "MF0425"
	IngressIgnoresSubsets Code = "MF0426"
	ClaimsUnverified      Code = "MF0427"
	UncheckedClaims       Code = "MF0428"
	HiddenMatch           Code = "MF0447"
)

// What rules and retries say.
const (
	SubsetWithoutPods       Code = "MF0431"
	UncheckedPods           Code = "MF0432"
	UncheckedReplicas       Code = "MF0449"
	SubsetWithoutLabels     Code = "MF0433"
	SubsetPolicyUnused      Code = "MF0434"
	PortPolicyReplaces      Code = "MF0435"
	UnverifiedServer        Code = "MF0436"
	UnverifiedServerOnPort  Code = "MF0437"
	TLSInMesh               Code = "MF0438"
	DoubleTLS               Code = "MF0439"
	RepeatsWrites           Code = "MF0440"
	LimitlessRetries        Code = "MF0441"
	TriesTooLong            Code = "MF0442"
	TinyPool                Code = "MF0443"
	NeverEjects             Code = "MF0444"
	EjectsAll               Code = "MF0445"
	LocalityWithoutEjection Code = "MF0446"
)

func routingEntries() []Entry {
	return slices.Concat(conflictEntries(), targetEntries(), virtualServiceEntries(), ruleEntries())
}

func conflictEntries() []Entry {
	const acrossNamespaces = "https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration"
	return []Entry{
		{
			Code: MeshHostTaken, Title: "Two VirtualServices for one host in the mesh",
			Text: "Two VirtualServices that hold inside the mesh route the same host, and some namespace sees both. Istio does not " +
				"merge them for sidecars: callers get the routes of the older one, and the other one does nothing.",
			Also: []string{"IST0109", "KIA1106"},
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0109/"},
		},
		{
			Code: GatewayHostTaken, Title: "Two VirtualServices in each other's way at a gateway",
			Text: "Two VirtualServices route the same host at a gateway, and some calls match routes of both. Istio merges them in " +
				"no defined order, so which of the two routes a call takes may change with every push.",
			Also: []string{"KIA1106"},
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services"},
		},
		{
			Code: RuleTwice, Title: "Two DestinationRules for one host in a namespace",
			Text: "Two DestinationRules of one namespace speak of the same host and subset. Istio keeps the older one's " +
				"trafficPolicy and subsets, and adds only subsets of other names: what the later one says has no effect.",
			Also: []string{"KIA0201"},
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services"},
		},
		{
			Code: WildcardOverridden, Title: "A wildcard that no longer holds",
			Text: "A VirtualService or DestinationRule with a wildcard covers a host that has one of its own. Istio takes the most " +
				"specific one and merges nothing, so what the wildcard says no longer holds for that host.",
			See: []string{acrossNamespaces},
		},
		{
			Code: RuleShadows, Title: "A DestinationRule in another namespace than its Service",
			Text: "Callers use the DestinationRule of their own namespace before that of the Service's namespace, and nothing is " +
				"merged. They lose its subsets, limits and TLS settings; a route to a subset that only the other rule has fails with 503.",
			See: []string{acrossNamespaces, "https://github.com/istio/istio/issues/30080"},
		},
		{
			Code: MutualTLSNotInherited, Title: "TLS of a wildcard that no longer holds",
			Text: "A DestinationRule with a wildcard asks for ISTIO_MUTUAL, and a more specific one says nothing of tls. Nothing is " +
				"merged, so for this host only automatic mutual TLS encrypts calls, if the mesh has it on.",
			Also: []string{"KIA0204"},
			See:  []string{acrossNamespaces},
		},
	}
}

func targetEntries() []Entry {
	const names = "https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination"
	const notFound = "https://istio.io/latest/docs/reference/config/analysis/ist0101/"
	return []Entry{
		{
			Code: UnknownDestination, Title: "A route to a Service that is not there",
			Text: "A route sends calls to a Service that the build does not have, although it has others of that namespace. Istio " +
				"has no cluster for it, and the calls fail with 503.",
			Also: []string{"IST0101", "KIA1101"}, See: []string{notFound},
		},
		{
			Code: DestinationNotCompleted, Title: "A route to a name that Istio does not complete",
			Text: "A route sends calls to a name such as web.shop. Istio completes only names without a dot, and takes this one for a " +
				"host of its own, which does not exist: the calls fail with 503.",
			Also: []string{"IST0101"}, See: []string{names},
		},
		{
			Code: UncheckedHost, Title: "A route to a host that the build does not know", Also: []string{"IST0101", "KIA1101"},
			Text: "A route names a host that is in no Service or ServiceEntry of the build, and the build has nothing of its " +
				"namespace. It may well exist; its ports and subsets were not checked.",
		},
		{
			Code: UncheckedRuleHost, Title: "A rule for a host that the build does not know", Also: []string{"IST0174", "KIA0202"},
			Text: "A DestinationRule is for a host that is in no Service or ServiceEntry of the build, and the build has nothing of its " +
				"namespace. It may well exist; its subsets were not checked.",
		},
		{
			Code: UnknownDestinationPort, Title: "A route to a port that is not there",
			Text: "A route sends calls to a port that the Service or ServiceEntry does not have. Istio has no cluster for it, and the " +
				"calls fail with 503. Often the port of the pods was written, which is the Service's targetPort.",
			Also: []string{"IST0101"}, See: []string{notFound},
		},
		{
			Code: AmbiguousDestinationPort, Title: "A route without a port to a host of several",
			Text: "A route names no port of a host that has several. Istio then uses the port that the call came for: inside the mesh " +
				"the one the caller chose, at a gateway that of the gateway, which the host may not have.",
			Also: []string{"IST0112"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0112/"},
		},
		{
			Code: UnknownSubset, Title: "A route to a subset that is not there",
			Text: "A route sends calls to a subset that no DestinationRule of the host has. Istio has no cluster for it, and the calls " +
				"fail with 503.",
			Also: []string{"IST0101", "KIA1107"}, See: []string{notFound},
		},
		{
			Code: RouteHostNotCompleted, Title: "Routes for a name that Istio does not complete",
			Text: "A VirtualService is for a name such as web.shop. Istio takes it for a host of its own, so calls to the Service by its " +
				"other names, web or web.shop.svc.cluster.local, do not take these routes.",
			See: []string{names},
		},
		{
			Code: UnknownRuleHost, Title: "A DestinationRule for a Service that is not there",
			Text: "A DestinationRule speaks of a Service that the build does not have, although it has others of that namespace. Its " +
				"limits, subsets and TLS settings have no effect.",
			Also: []string{"IST0174", "KIA0202"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0174/"},
		},
		{
			Code: RuleHostNotCompleted, Title: "A DestinationRule for a name that Istio does not complete",
			Text: "A DestinationRule is for a name such as web.shop. Istio completes only names without a dot, so the rule has no effect " +
				"on the Service.",
			Also: []string{"IST0174"}, See: []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule"},
		},
	}
}
