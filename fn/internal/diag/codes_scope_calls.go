package diag

// What sidecars know of (MF131x).
const (
	ScopeUnnamed    Code = "MF1311"
	ScopeShared     Code = "MF1312"
	ScopeIncomplete Code = "MF1313"
	ScopeByHand     Code = "MF1314"
)

func scopeCallEntries() []Entry {
	const sidecar = "https://istio.io/latest/docs/reference/config/networking/sidecar/"
	return []Entry{
		{
			Code: ScopeUnnamed, Title: "A sidecar cannot know a Service without a namespace", See: []string{sidecar + "#IstioEgressListener"},
			Text: "A Sidecar lists Services by their full names, of which the namespace is a part. A name that is not full brings nothing, " +
				"and calls to the Service would pass the proxy by without mutual TLS, or be refused.",
		},
		{
			Code: ScopeShared, Title: "What one workload depends on would limit another", See: []string{sidecar + "#Sidecar"},
			Text: "A Sidecar is for all pods with its labels. The pods of another workload have them too, and their calls to what is not " +
				"in the list would pass the proxy by without mutual TLS, or be refused. Of two Sidecars for the same pods, Istio uses one.",
		},
		{
			Code: ScopeIncomplete, Title: "No Sidecar for a whole namespace yet", See: []string{sidecar},
			Text: "The profile wants one Sidecar per namespace. As long as nobody says what some workloads of the namespace call, that " +
				"would take from them what they need, so each workload that says it has its own.",
		},
		{
			Code: ScopeByHand, Title: "A Sidecar kept by hand for pods with dependsOn", See: []string{sidecar + "#Sidecar"},
			Text: "A Sidecar with a workloadSelector takes the place of the one for the whole namespace. The pods know what is written " +
				"there, whatever dependsOn says.",
		},
	}
}
