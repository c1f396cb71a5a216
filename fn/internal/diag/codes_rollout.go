package diag

// Rollout stages (MF12xx).
const (
	StageDecided       Code = "MF1201"
	UnknownStage       Code = "MF1202"
	AheadOfStage       Code = "MF1203"
	StageConflict      Code = "MF1204"
	CallersUnknown     Code = "MF1205"
	PlainCallers       Code = "MF1206"
	PlainText          Code = "MF1207"
	NamespaceInjection Code = "MF1208"
	NamespaceElsewhere Code = "MF1209"
	Unguarded          Code = "MF1210"
	PlainAccepted      Code = "MF1211"
	PastSidecar        Code = "MF1212"
	ProxyReplaced      Code = "MF1213"
	InsideAlready      Code = "MF1214"
)

func rolloutEntries() []Entry {
	return []Entry{
		{
			Code: StageDecided, Title: "A stage that is not the Mesh's to decide",
			Text: "Where the profile has a rollout, it says how far each namespace is. A stage in the Mesh would be lost.",
		},
		{
			Code: UnknownStage, Title: "A namespace without a stage",
			Text: "The profile has a rollout and says nothing about this namespace, or the namespace is not known. Nothing is " +
				"assumed, because a stage too high breaks callers and one too low leaves a door open.",
		},
		{
			Code: AheadOfStage, Title: "A setting ahead of its stage",
			Text: "The setting is checked and kept, and has no effect until the rollout reaches the stage that permits it.",
		},
		{
			Code: StageConflict, Title: "One workload at two stages",
			Text: "Two Services select the same pods, and the rollout has them at different stages.",
		},
		{
			Code: CallersUnknown, Title: "Callers that nobody speaks for",
			Text: "From this stage on, pods refuse calls without mutual TLS, so a caller without a sidecar fails. Which " +
				"callers there are cannot be seen in the build; the team that owns the Service has to state that it knows them.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/"},
		},
		{
			Code: PlainCallers, Title: "A caller that cannot speak mutual TLS",
			Text: "Something in the build sends calls to the Service without a sidecar: the Kubernetes API server to a webhook, " +
				"clients outside the cluster to a node port or load balancer, or an ingress controller. The pods refuse plain " +
				"text, so these calls fail.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/network-issues/"},
		},
		{
			Code: PlainText, Title: "Whether plain text is accepted",
			Text: "Up to the stage `resilience` pods accept plain text beside mutual TLS. That is written only where the " +
				"profile says that the mesh as a whole accepts it, so that a mesh that refuses it is never opened.",
			See: []string{"https://istio.io/latest/docs/reference/config/security/peer_authentication/"},
		},
		{
			Code: NamespaceInjection, Title: "A namespace that cannot be injected as a whole",
			Text: "The Namespace has a label that says something else about injection, or Istio never injects into it.",
			See:  []string{"https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		},
		{
			Code: NamespaceElsewhere, Title: "The Namespace is built elsewhere",
			Text: "The rollout injects the namespace as a whole, and the label for that belongs on a Namespace that this build " +
				"does not have.",
		},
		{
			Code: Unguarded, Firm: true, Title: "Pods that the stage does not reach",
			Text: "The stage promises that only calls over mutual TLS are accepted, and these pods have no sidecar that could " +
				"refuse the others.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#permissive-mode"},
		},
		{
			Code: PlainAccepted, Firm: true, Title: "Plain text where the stage refuses it",
			Text: "From the stage `strict` on, pods accept calls over mutual TLS only. A PeerAuthentication that is kept by hand accepts " +
				"others too, for the workload, a port of it or the whole namespace; or none is there, though `manage` leaves it to the " +
				"application. Only an exception in the rollout permits that.",
			See: []string{seePeers},
		},
		{
			Code: PastSidecar, Firm: true, Title: "Calls that reach pods past their sidecar",
			Text: "An annotation of the pods keeps calls from being redirected to the sidecar, which alone refuses plain text: " +
				"the application answers them itself, from everybody. It is an error where all calls take that way. What the profile " +
				"itself sets, and the ports that its limit of `proxy.excludeInboundPorts` lists as allowed, are permitted.",
			See: []string{annotationsPage},
		},
		{
			Code: ProxyReplaced, Firm: true, Title: "Another proxy, or another configuration of it",
			Text: "The pods bring a proxy of their own, ask the injector for another template, image or configuration, or an EnvoyFilter " +
				"patches how their sidecar takes calls. Whether plain text is still refused cannot be seen in the build.",
			See: []string{"https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#customizing-injection"},
		},
		{
			Code: InsideAlready, Title: "Pods in the mesh at stage off",
			Text: "The rollout says that the pods are not in the mesh yet, and a label in the build gives them a sidecar all the same.",
			See:  []string{"https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		},
	}
}
