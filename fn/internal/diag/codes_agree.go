package diag

// Where both ends of a call do not say the same (MF134x).
const (
	NotPermitted      Code = "MF1341"
	NotDepended       Code = "MF1342"
	CallerWithoutMTLS Code = "MF1343"
	CallersUnchecked  Code = "MF1344"
	CallsUnreached    Code = "MF1345"
	DependencyHidden  Code = "MF1346"
	RetriesMultiply   Code = "MF1347"
	TimeoutsCross     Code = "MF1348"
	SaidTwice         Code = "MF1349"
)

func agreeEntries() []Entry {
	const sidecar = "https://istio.io/latest/docs/reference/config/networking/sidecar/"
	return []Entry{
		{
			Code: NotPermitted, Title: "A dependency that the callee does not permit",
			Text: "One end says that it calls the other, which lists its callers and has this one not among them, or not for this " +
				"port, method or path. From the stage `authorize` of the callee on, these calls get status 403. Within one Mesh, " +
				"`dependsOn` permits the calls itself; elsewhere the owner of the callee does, with `callers`.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#implicit-enablement"},
		},
		{
			Code: NotDepended, Title: "A caller that does not say that it calls",
			Text: "The callee lists a caller, and what that says of its own calls does not name the callee, or another port of it. The " +
				"sidecar of the caller knows only what its `dependsOn` names: other calls pass it by without mutual TLS, and so " +
				"without an identity, or are refused.",
			See: []string{sidecar},
		},
		{
			Code: CallerWithoutMTLS, Title: "A known caller without a sidecar",
			Text: "Somebody says that these pods call, and they get no sidecar, so they have neither mutual TLS nor an identity. The " +
				"callee refuses calls without the one or the other: they fail with a reset connection or status 403.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/"},
		},
		{
			Code: CallersUnchecked, Title: "Callers that nobody checks",
			Text: "The sidecar of the callee decides who may call. It does not see calls to ports that are kept from it, nor UDP, and a " +
				"Service without pods in the build has none: whoever is listed, everybody may call.",
			See: []string{"https://istio.io/latest/docs/reference/config/annotations/#SidecarTrafficExcludeInboundPorts"},
		},
		{
			Code: CallsUnreached, Title: "Settings of calls that no sidecar makes",
			Text: "Timeouts, retries, circuit breakers and the like act in the proxies of the callers. All callers of this Service are " +
				"known, none of them has a sidecar, and no gateway leads to it, so the settings change nothing.",
		},
		{
			Code: DependencyHidden, Title: "A dependency outside the scope of the sidecar", See: []string{sidecar},
			Text: "The pods say that they call a host, and the Sidecar that is kept by hand for them does not import it. Calls pass " +
				"the proxy by without mutual TLS, or are refused where only known hosts may be called.",
		},
		{
			Code: RetriesMultiply, Title: "Retries that multiply along a chain",
			Text: "Each service of a chain repeats the failed calls to the next one. At the end of the chain the repetitions are " +
				"multiplied: just when a service is in trouble, it gets many times its load.",
			See: []string{"https://sre.google/sre-book/addressing-cascading-failures/"},
		},
		{
			Code: TimeoutsCross, Title: "A caller that gives up before its callee",
			Text: "The callers of a service wait for a shorter time than the service itself waits for what it depends on. Where that is " +
				"slow, the callers have an error and perhaps try again, while the work for them goes on.",
			See: []string{"https://sre.google/sre-book/addressing-cascading-failures/"},
		},
		{
			Code: SaidTwice, Title: "An entry that adds nothing",
			Text: "Another entry of the same list says at least as much. It does no harm, but whoever takes back one of the two has " +
				"taken back nothing.",
		},
	}
}
