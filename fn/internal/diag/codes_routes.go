package diag

// analysis is where Istio describes a message of its own analysis.
const analysis = "https://istio.io/latest/docs/reference/config/analysis/"

func virtualServiceEntries() []Entry {
	return append(orderEntries(), wayInEntries()...)
}

func orderEntries() []Entry {
	return []Entry{
		{
			Code: UnreachableRoute, Title: "A route that no call reaches",
			Text: "An earlier route of the VirtualService takes every call, or has the same matches. Istio tries routes in their order, " +
				"so this one is never used.",
			Also: []string{"IST0130"}, See: []string{analysis + "ist0130/"},
		},
		{
			Code: TakenMatch, Title: "A match that an earlier one covers",
			Text: "An earlier match of the VirtualService is equal, or has a shorter prefix and no other condition. Istio tries matches in " +
				"their order, so no call takes this one, and its route does not get the calls that it is there for.",
			Also: []string{"IST0131"}, See: []string{analysis + "ist0131/"},
		},
		{
			Code: HiddenMatch, Title: "A match that an earlier, wider one covers",
			Text: "An earlier match has fewer conditions, or a prefix of this one's exact path. Istio's own analysis does not see it, but " +
				"no call takes this match: the earlier route gets them all.",
			See: []string{analysis + "ist0131/"},
		},
		{
			Code: LoneWeight, Title: "A weight of the only destination",
			Text: "A route has one destination with a weight below 100. The weight has no effect: the destination gets every call. " +
				"Perhaps the destination of the other calls is missing.",
			Also: []string{"KIA1104"},
		},
		{
			Code: RepeatedDestination, Title: "One destination twice in a route",
			Text: "A route shares calls out between a host and subset and the same host and subset. The calls meant for another subset go " +
				"to this one too.",
			Also: []string{"KIA1105"},
		},
		{
			Code: WeightSum, Title: "Weights that nearly add up to 100",
			Text: "The weights of a route add up to a little more or less than 100. Istio takes weights for shares of their sum, so the " +
				"percentages are others than those that are written.",
			See: []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination"},
		},
		{
			Code: NoDefaultRoute, Title: "Calls that match no route",
			Text: "All routes that a VirtualService has for a port of a Service need some match. Calls inside the mesh that match none of " +
				"them get 404, although without the VirtualService they would have reached the Service.",
			See: []string{"https://istio.io/latest/docs/ops/best-practices/traffic-management/#set-default-routes-for-services"},
		},
	}
}

func wayInEntries() []Entry {
	return []Entry{
		{
			Code: UnknownRouteGateway, Title: "Routes for a Gateway that is not there",
			Text: "A VirtualService names a Gateway that the build does not have, although it has others of that namespace or belongs to " +
				"it. Unless the Gateway comes from elsewhere, calls from outside get 404.",
			Also: []string{"IST0101", "KIA1102"}, See: []string{analysis + "ist0101/"},
		},
		{
			Code: UncheckedGateway, Title: "A Gateway that the build does not know", Also: []string{"IST0101", "KIA1102"},
			Text: "A VirtualService names a Gateway of another namespace, of which the build has none. It may well exist; whether it takes " +
				"the hosts was not checked.",
		},
		{
			Code: HostNotAtGateway, Title: "Routes for hosts that the Gateway does not take",
			Text: "None of the hosts of a VirtualService is among those of the Gateway that it names, or the Gateway takes them from other " +
				"namespaces only. The routes have no effect there, and calls from outside get 404.",
			Also: []string{"IST0132"}, See: []string{analysis + "ist0132/"},
		},
		{
			Code: HostAtNoGateway, Title: "A host that none of the Gateways takes",
			Text: "A VirtualService has a host that no Gateway it names takes, beside others that they do. Calls for that host from " +
				"outside get 404.",
			See: []string{analysis + "ist0132/"},
		},
		{
			Code: InternalGateway, Title: "Routes for a Gateway that Istio made",
			Text: "A VirtualService names the Gateway that Istio makes for itself of one of the Gateway API. The name is no interface, and " +
				"routes may stop to work with any release.",
			Also: []string{"IST0165"}, See: []string{analysis + "ist0165/"},
		},
		{
			Code: OldGatewayName, Title: "A Gateway named with dots",
			Text: "A VirtualService names a Gateway as name.namespace or with the whole DNS name. Istio reads that as namespace/name for " +
				"the sake of its first releases; people and tools may not.",
			Also: []string{"KIA1108"}, See: []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService"},
		},
		{
			Code: IngressIgnoresSubsets, Title: "Subsets that hold only inside the mesh",
			Text: "One VirtualService chooses subsets for callers inside the mesh, and another sends calls from a gateway to the same host " +
				"without a subset. Calls from outside go to all pods, whatever the first one says.",
			Also: []string{"IST0140"}, See: []string{analysis + "ist0140/"},
		},
		{
			Code: ClaimsUnverified, Title: "Routes by claims of tokens that nobody verifies",
			Text: "A route at a gateway matches a claim of a token, and no RequestAuthentication holds for the gateway's pods. No call ever " +
				"has the claim, so the route takes none.",
			Also: []string{"IST0149"}, See: []string{analysis + "ist0149/"},
		},
		{
			Code: UncheckedClaims, Title: "Routes by claims at a gateway that the build does not know", Also: []string{"IST0149"},
			Text: "A route at a gateway matches a claim of a token. That needs a RequestAuthentication for the gateway's pods, and neither is " +
				"in the build.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authentication/jwt-route/"},
		},
	}
}
