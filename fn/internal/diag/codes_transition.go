package diag

// On the way from one build to another (MF16xx), said by meshfn diff. Those about gateways, pods and objects are in
// codes_transition_objects.go.
const (
	VersionGone         Code = "MF1601"
	VersionMoved        Code = "MF1602"
	ServiceGone         Code = "MF1603"
	PortGone            Code = "MF1604"
	ProtocolChanged     Code = "MF1605"
	TargetPortMoved     Code = "MF1606"
	SelectorMoved       Code = "MF1607"
	NotReady            Code = "MF1608"
	ServiceHidden       Code = "MF1609"
	StrictBeforeSidecar Code = "MF1610"
	StrictUnknown       Code = "MF1611"
	IdentityLate        Code = "MF1612"
	AccessLost          Code = "MF1613"
	SidecarLost         Code = "MF1614"
	MutualBeforeSidecar Code = "MF1615"
	ScopeNarrowed       Code = "MF1616"
	ScopeBegins         Code = "MF1617"
	OutsideGone         Code = "MF1618"
	OriginationEnds     Code = "MF1619"
	MutualEnds          Code = "MF1620"
)

const (
	seeMakeBeforeBreak = "https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes"
	seeMigration       = "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/"
	seeScoping         = "https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/"
)

func transitionEntries() []Entry {
	return []Entry{
		{
			Code: VersionGone, Title: "A version that goes before its routes", See: []string{seeMakeBeforeBreak},
			Text: "Routes of the old build send calls to a version, a subset of a DestinationRule, that the new build does not have. " +
				"Proxies lose it first and learn of the new routes afterwards; in between they answer with 503.",
		},
		{
			Code: VersionMoved, Title: "A version that selects no pod that runs", See: []string{seeMakeBeforeBreak},
			Text: "The labels of a version change together with the pod templates. The version holds at once, and the pods that run " +
				"keep their labels, so it has no endpoints until the first new pod is ready.",
		},
		{
			Code: ServiceGone, Title: "A Service that goes while it is called",
			Text: "Routes or callers of the old build send calls to a Service that the new build does not have. It is gone at once, and " +
				"the pods that call it run until they are replaced.",
		},
		{
			Code: PortGone, Title: "A port that goes while it is called",
			Text: "Routes or callers of the old build send calls to a port that the Service no longer has.",
		},
		{
			Code: ProtocolChanged, Title: "A port that changes its protocol", See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/"},
			Text: "Proxies of callers and callees take the port for something else from one moment to the next, whatever the pods " +
				"speak that run. Connections are closed, and what was said about requests ends or begins.",
		},
		{
			Code: TargetPortMoved, Title: "A port that leads where pods do not listen yet",
			Text: "targetPort of a Service changes together with the port of the containers. It holds for all endpoints at once, also for " +
				"pods that listen on the old one.",
		},
		{
			Code: SelectorMoved, Title: "A Service that selects no pod that runs",
			Text: "The selector changes together with the labels of the pods. The Service loses its endpoints at once and has none until the " +
				"first new pod is ready.",
		},
		{
			Code: NotReady, Title: "Calls to pods that only start", See: []string{seeMakeBeforeBreak},
			Text: "Routes send calls that others answered until now to a version or Service whose pods start with the same change. Until they " +
				"are ready, its share of the calls is answered with 503.",
		},
		{
			Code: ServiceHidden, Title: "A Service that callers no longer see", See: []string{seeScoping},
			Text: "The annotation networking.istio.io/exportTo leaves out a namespace from which the Service is called in the old build. " +
				"Proxies there lose it, with every route to it.",
		},
		{
			Code: StrictBeforeSidecar, Title: "Plain text refused before a caller has its sidecar", See: []string{seeMigration},
			Text: "Pods begin to accept mutual TLS only, and a known caller has its sidecar only with the same change, or none at all. The " +
				"mode holds at once, and a pod has its sidecar from its start or not at all.",
		},
		{
			Code: StrictUnknown, Title: "Plain text refused, and callers nobody knows of", See: []string{seeMigration},
			Text: "Pods begin to accept mutual TLS only, and nothing says that all of their callers are known.",
		},
		{
			Code: IdentityLate, Title: "A policy that asks for an identity that pods do not have yet",
			Text: "A policy permits a caller by the service account that it has in the new build, or by any at all. The pods that run have " +
				"another one, or no sidecar and so none, until they are replaced.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#authorization-policies"},
		},
		{
			Code: AccessLost, Title: "A caller that is refused from now on",
			Text: "A policy refuses a caller that the old build let in and that says that it calls. Where the new build no longer says so, " +
				"the pods that run may still call until they are replaced.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#authorization-policies"},
		},
		{
			Code: SidecarLost, Title: "A caller that loses its sidecar",
			Text: "The pods lose their sidecar while something that they call in the old build accepts mutual TLS only.",
			See:  []string{seeMigration},
		},
		{
			Code: MutualBeforeSidecar, Title: "Mutual TLS demanded of pods without a sidecar",
			Text: "A DestinationRule begins to say ISTIO_MUTUAL, and pods that run have their sidecar only with the same change. Callers then " +
				"speak mutual TLS to an application that does not.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls"},
		},
		{
			Code: ScopeNarrowed, Title: "A host that sidecars forget before the code does", See: []string{seeScoping},
			Text: "A dependency is taken back, and with it what the sidecars know. Pods that run may call the host until they are replaced: " +
				"their calls are refused, or pass by without mutual TLS, routes and retries.",
		},
		{
			Code: ScopeBegins, Title: "Sidecars that refuse other hosts from now on", See: []string{seeScoping},
			Text: "The sidecars of some pods let every call pass until now, and are told for the first time which hosts may be called. What " +
				"nobody wrote down is refused.",
		},
		{
			Code: OutsideGone, Title: "A host outside that goes before the code does",
			Text: "A host outside the mesh is no longer known, and sidecars refuse calls to unknown hosts. Pods that run may call it until they " +
				"are replaced.",
			See: []string{"https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/"},
		},
		{
			Code: OriginationEnds, Title: "TLS that proxies no longer add",
			Text: "Pods that run speak plain text to a host outside, because their proxies add TLS to it. The proxies stop at once, and what the " +
				"pods say leaves the mesh as it is.",
			See: []string{"https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/"},
		},
		{
			Code: MutualEnds, Title: "Mutual TLS that is no longer taken",
			Text: "Pods took mutual TLS and take plain text only from now on. The proxies of their callers use mutual TLS until they are told, " +
				"which is a little earlier or later than the pods.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls"},
		},
	}
}
