package diag

// Ways in: Gateways and the Gateway API (MF05xx).

func gatewayEntries() []Entry {
	return []Entry{}
}
