package diag

// Ways in: Gateways and the Gateway API (MF05xx).
const (
	ServerTaken Code = "MF0501"
)

func gatewayEntries() []Entry {
	return []Entry{
		{
			Code: ServerTaken, Title: "Two Gateways open one host on one port",
			Text: "Two Gateways open the same host on the same port of the same pods. Istio keeps one of the two servers and drops " +
				"the other, with its TLS settings.",
			Also: []string{"IST0145", "KIA0301"},
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0145/"},
		},
	}
}
