package istio

import (
	"maps"
	"slices"
)

// Rule says why a field has a value that is the same for everybody, for those who ask; "" where there is no such rule. The
// path has no positions in lists. A test holds that every field which no document decides has a rule, and that every rule
// is needed.
func Rule(kind, path string) string {
	if why, ok := rules()[kind+" "+path]; ok {
		return why
	}
	return rules()["* "+path]
}

func rules() map[string]string {
	const (
		marked     = "a label by which people recognise what is generated"
		noEjection = "says that there is none, because a version would take over the Service's"
		plain      = "the gateway opens a port for plain HTTP"
	)
	return map[string]string{
		"* metadata.labels[\"app.kubernetes.io/managed-by\"]": marked,
		"DestinationRule metadata.annotations[\"argocd.argoproj.io/sync-wave\"]": "subsets are applied before the routes that name them, " +
			"so that no call meets a route to an unknown subset",
		"DestinationRule spec.subsets[].trafficPolicy.outlierDetection.consecutive5xxErrors":                         noEjection,
		"DestinationRule spec.subsets[].trafficPolicy.outlierDetection.consecutiveGatewayErrors":                     noEjection,
		"DestinationRule spec.subsets[].trafficPolicy.portLevelSettings[].outlierDetection.consecutive5xxErrors":     noEjection,
		"DestinationRule spec.subsets[].trafficPolicy.portLevelSettings[].outlierDetection.consecutiveGatewayErrors": noEjection,
		"AuthorizationPolicy metadata.annotations[\"argocd.argoproj.io/sync-wave\"]": "callers are refused last, when the sidecars that give " +
			"them an identity are there",
		"Namespace metadata.labels.istio-injection":                       "the label by which Istio takes every pod of a namespace, where there is no revision",
		"Telemetry spec.metrics[].overrides[].match.metric":               "all metrics are meant",
		"Telemetry spec.metrics[].overrides[].disabled":                   "a metric that is turned off is listed as disabled",
		"Gateway spec.servers[].port.name":                                plain,
		"Gateway spec.servers[].port.protocol":                            plain,
		"AuthorizationPolicy spec.action":                                 "what is asked for is refused or handed on where it is missing, so that nothing else has to be allowed",
		"AuthorizationPolicy spec.rules[].when[].key":                     "Istio's name for the audiences of a token",
		"Gateway spec.servers[].tls.mode":                                 "sidecars call a gateway over mutual TLS, and TLS of the application is passed on as it is",
		"ServiceEntry spec.location":                                      "the host is outside the mesh, so nobody expects mutual TLS of it",
		"DestinationRule spec.trafficPolicy.portLevelSettings[].tls.mode": "TLS that the sidecar speaks: with the host, or with the gateway through which calls leave",
		"DestinationRule spec.exportTo[]":                                 "the rule for the gateway is for the calls of its own namespace",
	}
}

// Rules lists the reasons, for the test that holds that each is needed.
func Rules() []string { return slices.Compact(slices.Sorted(maps.Values(rules()))) }
