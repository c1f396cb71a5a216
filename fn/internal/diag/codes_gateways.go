package diag

// Ways in: Gateways and the Gateway API (MF05xx).
const (
	ServerTaken                 Code = "MF0501"
	GatewayUnselected           Code = "MF0502"
	GatewayPortClosed           Code = "MF0503"
	CredentialMissing           Code = "MF0504"
	CredentialInvalid           Code = "MF0505"
	CredentialNoAuthority       Code = "MF0506"
	CertificateShared           Code = "MF0507"
	SelectorOnKubernetesGateway Code = "MF0508"
	RouteNoGateway              Code = "MF0509"
	RouteNoListener             Code = "MF0510"
	RouteNotAdmitted            Code = "MF0511"
	RouteNoService              Code = "MF0512"
	RouteNoPort                 Code = "MF0513"
	RouteNotGranted             Code = "MF0514"
	ListenerShared              Code = "MF0515"
	AddressShared               Code = "MF0516"
	ListenerTwice               Code = "MF0517"
	GatewayClassUnknown         Code = "MF0518"
	GrantNamespace              Code = "MF0519"
	DefinitionUnsupported       Code = "MF0520"
	DefinitionOld               Code = "MF0521"
	DefinitionIgnored           Code = "MF0522"
	RoutesMixed                 Code = "MF0523"
)

func gatewayEntries() []Entry {
	return append(istioGatewayEntries(), kubernetesGatewayEntries()...)
}

func istioGatewayEntries() []Entry {
	const (
		gateway  = "https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway"
		secure   = "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/"
		problems = "https://istio.io/latest/docs/ops/common-problems/network-issues/"
	)
	return []Entry{
		{
			Code: ServerTaken, Title: "Two Gateways open one host on one port",
			Text: "Two Gateways open the same host on the same port of the same pods. Istio keeps one of the two servers and drops " +
				"the other, with its TLS settings.",
			Also: []string{"IST0145", "KIA0301"},
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0145/"},
		},
		{
			Code: GatewayUnselected, Title: "No pods for a Gateway", Also: []string{"IST0101", "KIA0302"}, See: []string{gateway},
			Text: "A Gateway configures the pods that have all the labels of its selector. Where no pod has them, nothing listens: " +
				"connections are refused, or end at another gateway.",
		},
		{
			Code: GatewayPortClosed, Title: "Gateway port that nobody reaches", Also: []string{"IST0162"}, See: []string{gateway},
			Text: "The gateway's pods listen on the port of the server, and their Service has no port that leads there. " +
				"Calls from outside do not arrive.",
		},
		{
			Code: CredentialMissing, Title: "Secret of a Gateway is missing", Also: []string{"IST0101"}, See: []string{secure + "#troubleshooting"},
			Text: "A gateway reads the Secrets that its servers name from the namespace of its pods, which is often not that of the " +
				"Gateway. Without the Secret, the port does not open for the hosts of the server.",
		},
		{
			Code: CredentialInvalid, Title: "Secret that is no certificate", Also: []string{"IST0161"}, See: []string{secure + "#key-formats"},
			Text: "The Secret does not hold a certificate and the private key that belongs to it, under tls.crt and tls.key or under " +
				"cert and key. The port does not open for the hosts of the server. What is encrypted, or filled in later, is not judged, " +
				"and neither is the day on which a certificate expires.",
		},
		{
			Code: CredentialNoAuthority, Title: "Mutual TLS without an authority", See: []string{secure + "#configure-a-mutual-tls-ingress-gateway"},
			Text: "The server asks callers for a certificate, and the gateway has no certificate authority to judge it by. " +
				"The port does not open for the hosts of the server.",
		},
		{
			Code: CertificateShared, Title: "One certificate on several Gateways", Also: []string{"IST0138"},
			See: []string{problems + "#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate"},
			Text: "Browsers use one HTTP/2 connection for every host that its certificate covers. The connection belongs to one of the " +
				"Gateways, so calls to the hosts of the other get status 404.",
		},
		{
			Code: SelectorOnKubernetesGateway, Title: "Selector on a Kubernetes Gateway", Also: []string{"IST0166"},
			See: []string{"https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference"},
			Text: "A policy takes hold of a Kubernetes Gateway by targetRefs. A waypoint never looks at selectors, and another gateway " +
				"only as long as a feature flag of the control plane lets it: the policy may be without effect.",
		},
		{
			Code: RoutesMixed, Title: "VirtualService and Gateway API route for one host",
			See: []string{"https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#mesh-traffic"},
			Text: "Calls to the Service are routed by a VirtualService and by a route of the Gateway API. Istio does not merge them and " +
				"does not say which one it uses.",
		},
	}
}
