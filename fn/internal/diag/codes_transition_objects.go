package diag

// On the way from one build to another: gateways, pods and objects.
const (
	HostMoves         Code = "MF1621"
	HostGone          Code = "MF1622"
	GatewayPortGone   Code = "MF1623"
	GatewayReplaced   Code = "MF1624"
	CredentialMoves   Code = "MF1625"
	PathGone          Code = "MF1626"
	RestartInterrupts Code = "MF1631"
	JobTemplate       Code = "MF1632"
	FixedField        Code = "MF1633"
)

func transitionObjectEntries() []Entry {
	return []Entry{
		{
			Code: HostMoves, Title: "A host that moves to another gateway",
			Text: "Another gateway, with another address, serves a host from now on. Clients come to the old one until DNS has changed and the " +
				"last of them has forgotten the old answer, and are answered with 404 there.",
		},
		{
			Code: HostGone, Title: "A host that no gateway serves any more",
			Text: "Clients outside call hosts by their name, and no build knows who they are.",
		},
		{
			Code: GatewayPortGone, Title: "A port of a gateway that no longer serves a host",
			Text: "The host is still served by the same gateway, on other ports only.",
		},
		{
			Code: GatewayReplaced, Title: "A Gateway that goes before its routes",
			Text: "Another Gateway object opens the host on the same pods, and the routes of the old build name the one that goes. Until the new " +
				"routes have arrived, the host is answered with 404.",
			See: []string{"https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/"},
		},
		{
			Code: CredentialMoves, Title: "A certificate that may not be there yet",
			Text: "A gateway asks for another Secret. Until that exists, it has no certificate for the host, and connections fail.",
			See:  []string{"https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/"},
		},
		{
			Code: PathGone, Title: "A path that is no longer answered",
			Text: "A route at a gateway took the path, and none of the new build does.",
		},
		{
			Code: RestartInterrupts, Title: "Pods that are down while they are replaced",
			Text: "Pods get or lose their sidecar only when they are replaced, and the way in which this workload replaces them stops some or all " +
				"before others are ready.",
			See: []string{
				"https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy",
				"https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies",
			},
		},
		{
			Code: JobTemplate, Title: "A Job whose template cannot change",
			Text: "The cluster refuses another template for a Job that exists. The apply fails there, with one part of the change done and the " +
				"other not.",
			See: []string{"https://kubernetes.io/docs/concepts/workloads/controllers/job/"},
		},
		{
			Code: FixedField, Title: "A field that cannot change",
			Text: "The cluster refuses the change while an object of that name exists. The apply fails there, with one part of the change done and " +
				"the other not.",
			See: []string{"https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates"},
		},
	}
}
