package diag

func kubernetesGatewayEntries() []Entry {
	const (
		api   = "https://gateway-api.sigs.k8s.io/reference/spec/"
		setup = "https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/"
	)
	return append(routeEntries(), []Entry{
		{
			Code: ListenerShared, Title: "One listener on several Kubernetes Gateways", Also: []string{"KIA1501"}, See: []string{setup + "#manual-deployment"},
			Text: "Two Gateways with the same address open the same host on the same port. Which routes a call gets is not defined. " +
				"Gateways without a common address have pods of their own and are not in each other's way.",
		},
		{
			Code: AddressShared, Title: "One address on several Kubernetes Gateways", Also: []string{"KIA1502"}, See: []string{setup + "#automated-deployment"},
			Text: "Istio makes a Service for each Gateway, and both ask for the same IP address. The platform gives it to one of them; " +
				"the other stays without an address.",
		},
		{
			Code: ListenerTwice, Title: "Listeners that nothing tells apart", Also: []string{"KIA1503"}, See: []string{api + "#listener"},
			Text: "Listeners of a Gateway need a port, protocol and hostname that no other has. The cluster refuses the Gateway.",
		},
		{
			Code: GatewayClassUnknown, Title: "Unknown GatewayClass", Also: []string{"KIA1504"}, See: []string{api + "#gatewayclass"},
			Text: "No controller takes a Gateway whose class does not exist: nothing listens. Istio makes the classes istio, istio-remote, " +
				"istio-waypoint and istio-east-west; others have to be in the build to be known.",
		},
		{
			Code: GrantNamespace, Title: "Namespace of a ReferenceGrant not found", Also: []string{"KIA1601"}, See: []string{api + "#referencegrant"},
			Text: "The grant lets objects of a namespace in that the build has nothing in. If the name is wrong, references from the " +
				"namespace that was meant are refused.",
		},
		{
			Code: DefinitionUnsupported, Title: "Gateway API definition that Istio cannot read", Also: []string{"IST0156"}, See: []string{setup + "#setup"},
			Text: "The custom resource definition serves no version of the kind that Istio reads. Every object of it is ignored.",
		},
		{
			Code: DefinitionOld, Title: "Gateway API definition without v1", Also: []string{"IST0172"}, See: []string{setup + "#setup"},
			Text: "The custom resource definition does not serve v1, the version in which Istio reads the kind. Its objects may be ignored.",
		},
		{
			Code: DefinitionIgnored, Title: "Gateway API definition that is too old", Also: []string{"IST0176"}, See: []string{setup + "#setup"},
			Text: "Istio leaves out kinds whose definition is older than what it needs, and says so only in its log: routes are not " +
				"attached and listeners do not open.",
		},
	}...)
}

func routeEntries() []Entry {
	const api = "https://gateway-api.sigs.k8s.io/reference/spec/"
	return []Entry{
		{
			Code: RouteNoGateway, Title: "Route to a missing Kubernetes Gateway", Also: []string{"KIA1401"}, See: []string{api + "#parentreference"},
			Text: "The route is attached to a Gateway that is not there. It has no effect: callers get status 404.",
		},
		{
			Code: RouteNoListener, Title: "Route to a missing listener", See: []string{api + "#parentreference"},
			Text: "The Gateway is in the build and has no listener of the name or port that the route asks for. The route has no effect.",
		},
		{
			Code: RouteNotAdmitted, Title: "Route that a Gateway does not take", See: []string{api + "#routenamespaces"},
			Text: "Listeners take routes of their own namespace, unless allowedRoutes says otherwise. The route has no effect.",
		},
		{
			Code: RouteNoService, Title: "Route to a missing Service", Also: []string{"KIA1402"}, See: []string{api + "#backendobjectreference"},
			Text: "The route names a Service that is not there. Its calls get status 500.",
		},
		{
			Code: RouteNoPort, Title: "Route to a missing port", See: []string{api + "#backendobjectreference"},
			Text: "The Service is in the build and has no such port. The calls of the route get status 500.",
		},
		{
			Code: RouteNotGranted, Title: "Route to another namespace without a grant", See: []string{"https://gateway-api.sigs.k8s.io/api-types/referencegrant/"},
			Text: "A route at a gateway may send calls to a Service of another namespace only where a ReferenceGrant in that namespace " +
				"says so. Without it, its calls get status 500.",
		},
	}
}
