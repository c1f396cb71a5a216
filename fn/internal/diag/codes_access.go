package diag

// Who calls whom: who is let in (MF1321–MF1329).
const (
	CallersUnguarded  Code = "MF1321"
	CallersWait       Code = "MF1322"
	CallerOperation   Code = "MF1323"
	CallersConflict   Code = "MF1324"
	SharedAccount     Code = "MF1325"
	PolicyWidened     Code = "MF1326"
	ScrapeRefused     Code = "MF1327"
	CallersUnselected Code = "MF1328"
)

func accessEntries() []Entry {
	return []Entry{
		{
			Code: CallersUnguarded, Title: "Callers of pods that refuse nobody",
			Text: "The sidecar of the pods that are called decides who may call. These pods have none, or are a gateway, which is " +
				"there to be called from outside, so everybody would be let in.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#authorization"},
		},
		{
			Code: CallersWait, Title: "Callers that wait on an exposed Service",
			Text: "Who may call is written down and refuses nobody before the stage `authorize`. Until then every workload of the mesh " +
				"can call this Service, which is also open to the outside. The gateway is let in at any stage, so `callers` is no " +
				"guard against the outside; `auth` is.",
		},
		{
			Code: CallerOperation, Title: "A permission that a port cannot hold",
			Text: "Methods and paths are part of HTTP. On a port with another protocol a rule with them never matches, so the " +
				"caller would be refused. A gRPC call is a POST, and its path is /package.Service/Method.",
			See: []string{"https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation"},
		},
		{
			Code: CallersConflict, Title: "Services of one workload that let in different callers",
			Text: "A policy is for pods and their ports, not for Services. Where two Services lead to one port of the same pods and one " +
				"of them says who may call, nothing could tell the calls apart.",
		},
		{
			Code: SharedAccount, Title: "A caller that shares its identity",
			Text: "A permission is for a service account. All pods that run as it have the same identity in the mesh, so that all of " +
				"them are let in.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#istio-identity"},
		},
		{
			Code: PolicyWidened, Title: "A policy kept by hand that lets in more",
			Text: "A call is allowed when any policy with the action ALLOW allows it. One that is kept by hand beside the generated " +
				"one adds callers that nobody listed.",
			See:  []string{"https://istio.io/latest/docs/concepts/security/#implicit-enablement"},
			Firm: true,
		},
		{
			Code: ScrapeRefused, Title: "Metrics that nobody may read",
			Text: "The pods ask to be scraped on a port of their own, and none of their callers may call that port, so Prometheus is " +
				"refused and the metrics end.",
			See: []string{"https://istio.io/latest/docs/ops/integrations/prometheus/"},
		},
		{
			Code: CallersUnselected, Title: "Callers of pods that nothing tells apart",
			Text: "A policy selects pods by their labels. Those of this workload select no pods, or other pods too, for which other " +
				"callers are right.",
		},
	}
}
