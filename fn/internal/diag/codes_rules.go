package diag

import "slices"

const (
	destinationRuleDoc = "https://istio.io/latest/docs/reference/config/networking/destination-rule/"
	httpRetryDoc       = "https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry"
)

func ruleEntries() []Entry {
	return slices.Concat(subsetEntries(), tlsEntries(), retryEntries(), limitEntries())
}

func subsetEntries() []Entry {
	return []Entry{
		{
			Code: SubsetWithoutPods, Title: "A subset without pods",
			Text: "No pod template behind the host has the labels of a subset. Calls that a route sends to the subset fail with 503. The " +
				"labels have to be on the pod template, not only on the workload.",
			Also: []string{"IST0173", "KIA0203"}, See: []string{analysis + "ist0173/"},
		},
		{
			Code: UncheckedPods, Title: "Pods of a subset that the build does not know", Also: []string{"IST0173", "KIA0203"},
			Text: "A DestinationRule chooses pods by labels that are not in the build: those of workloads that it does not have, or labels " +
				"that only running pods get. Calls to a subset without pods fail with status 503.",
		},
		{
			Code: UncheckedReplicas, Title: "Number of pods that the build does not know",
			Text: "A DestinationRule ejects failing pods up to a share of them, and the number of pods is not in the build. Whether it can " +
				"eject one, or all of them, was not checked.",
		},
		{
			Code: SubsetWithoutLabels, Title: "A subset without labels",
			Text: "A subset has neither labels nor settings of its own, so it is the same as the whole host. Calls sent to it reach " +
				"all pods. That is right only where nothing but its name in metrics is wanted.",
			Also: []string{"KIA0209"}, See: []string{destinationRuleDoc + "#Subset"},
		},
		{
			Code: SubsetPolicyUnused, Title: "Settings of a subset that no route uses",
			Text: "Istio uses the settings of a subset only for calls that a VirtualService sends to it by name. No route of the build " +
				"does, so the limits, outlier detection or TLS written there hold for no call.",
			See: []string{destinationRuleDoc + "#Subset"},
		},
		{
			Code: PortPolicyReplaces, Title: "Settings that do not hold for a port",
			Text: "The settings of a port replace those of the whole host. What they leave out is not inherited but Istio's default: no " +
				"limit, no outlier detection, no TLS.",
			See: []string{destinationRuleDoc + "#TrafficPolicy-PortTrafficPolicy"},
		},
	}
}

func tlsEntries() []Entry {
	return []Entry{
		{
			Code: UnverifiedServer, Title: "TLS without an authority to verify the server",
			Text: "TLS to a host names no caCertificates. The proxy takes the public authorities of its operating system: that fits a public " +
				"server, and calls to one with a private certificate fail. With insecureSkipVerify anybody in between can read the calls.",
			Also: []string{"IST0128"}, See: []string{analysis + "ist0128/"},
		},
		{
			Code: UnverifiedServerOnPort, Title: "TLS of a port without an authority to verify the server",
			Text: "TLS to a port of a host names no caCertificates. The proxy takes the public authorities of its operating system: that fits a " +
				"public server, and calls to one with a private certificate fail.",
			Also: []string{"IST0129"}, See: []string{analysis + "ist0129/"},
		},
		{
			Code: TLSInMesh, Title: "TLS settings between pods of the mesh",
			Text: "A DestinationRule sets tls for pods that have a sidecar. That takes the place of automatic mutual TLS: with DISABLE calls are " +
				"in the clear and fail where mutual TLS is required, with SIMPLE the application gets TLS that it does not expect.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule"},
		},
		{
			Code: DoubleTLS, Title: "TLS inside of TLS",
			Text: "A DestinationRule begins TLS on a port whose callers speak HTTPS or TLS already. The server gets one inside of the other, and " +
				"the calls fail.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/network-issues/#double-tls-tls-origination-for-a-tls-request"},
		},
	}
}

func retryEntries() []Entry {
	return []Entry{
		{
			Code: RepeatsWrites, Title: "Retries that may execute a write twice",
			Text: "A route repeats calls of every method on conditions that include answers of a server that has already done the work, such " +
				"as 503 or a reset. An order or a payment may be executed twice.",
			See: []string{httpRetryDoc, "https://github.com/istio/istio/issues/50506"},
		},
		{
			Code: LimitlessRetries, Title: "Many retries without a limit",
			Text: "A route repeats a call many times, and the host's DestinationRule does not limit how many retries run at a time. Where " +
				"services call each other, retries multiply, and a host in trouble gets more calls the worse it is.",
			See: []string{destinationRuleDoc + "#ConnectionPoolSettings-HTTPSettings"},
		},
		{
			Code: TriesTooLong, Title: "Retries that the timeout leaves no time for",
			Text: "The tries of a route need longer than its timeout, which ends the call with all its retries. The last ones never happen, or " +
				"not even the first.",
			See: []string{httpRetryDoc},
		},
	}
}

func limitEntries() []Entry {
	return []Entry{
		{
			Code: TinyPool, Title: "A limit of one call",
			Text: "A connection pool lets each client proxy have one call or one waiting call. Under the lightest load the others get 503 with the " +
				"flag UO. The numbers come from Istio's task about circuit breaking, which wants to see that.",
			See: []string{"https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/"},
		},
		{
			Code: NeverEjects, Title: "Outlier detection that ejects nothing",
			Text: "Envoy ejects a pod only while the share of ejected ones, this one included, stays within maxEjectionPercent. With so few pods " +
				"one of them is more than that, so a failing pod keeps getting calls.",
			See: []string{destinationRuleDoc + "#OutlierDetection", "https://github.com/envoyproxy/envoy/pull/27909"},
		},
		{
			Code: EjectsAll, Title: "Outlier detection that may eject every pod",
			Text: "With maxEjectionPercent 100 all pods may be out at the same time. Istio turns Envoy's panic threshold off where minHealthPercent " +
				"is 0, so calls then fail with 503 instead of trying the pods all the same.",
			See: []string{destinationRuleDoc + "#OutlierDetection", "https://github.com/istio/istio/issues/20135"},
		},
		{
			Code: LocalityWithoutEjection, Title: "Locality load balancing without outlier detection",
			Text: "localityLbSetting asks for pods near the caller, and the rule has no outlier detection. Istio then neither prefers them nor " +
				"fails over to others.",
			See: []string{destinationRuleDoc + "#LocalityLoadBalancerSetting"},
		},
	}
}
