package diag

func serviceEntryEntries() []Entry {
	const (
		entry = "https://istio.io/latest/docs/reference/config/networking/service-entry/"
		dns   = "https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/"
		group = "https://istio.io/latest/docs/reference/config/networking/workload-group/"
	)
	return []Entry{
		{
			Code: EntryNeedsAddresses, Title: "TCP port without addresses", Also: []string{"IST0134"}, See: []string{entry + "#ServiceEntry", dns},
			Text: "Only the address tells what a TCP connection is for. The ServiceEntry has none and Istio allocates none, so proxies take " +
				"every connection to the number of the port for one to this host.",
		},
		{
			Code: EntriesContradict, Title: "ServiceEntries with another protocol for one port", Also: []string{"IST0177", "KIA1212"}, See: []string{entry + "#ServiceEntry"},
			Text: "Two ServiceEntries give the same port of the same host another protocol, for the same callers. Proxies use one of them, " +
				"which may treat HTTP as TCP or break TLS.",
		},
		{
			Code: EntriesRepeat, Title: "Several ServiceEntries for one host and port", Also: []string{"KIA1211"}, See: []string{entry + "#ServiceEntry"},
			Text: "Two ServiceEntries bring the same port of the same host to the same callers. Proxies use one of them; resolution, endpoints " +
				"and labels of the other are lost.",
		},
		{
			Code: EntryShadowsService, Title: "ServiceEntry for the host of a Service", See: []string{entry + "#ServiceEntry"},
			Text: "The host is that of a Kubernetes Service. Istio keeps both and prefers the Service since 1.30, so endpoints and ports of the " +
				"ServiceEntry may be ignored.",
		},
		{
			Code: EntryWithoutEndpoints, Title: "Static ServiceEntry without endpoints", See: []string{entry + "#ServiceEntry-Resolution"},
			Text: "With resolution STATIC, calls go to the endpoints, or to the workloads of the workloadSelector. There are none, so every call " +
				"gets status 503.",
		},
		{
			Code: EntryUnselected, Title: "No workload for a ServiceEntry", See: []string{entry + "#ServiceEntry"},
			Text: "No workload of the namespace has the labels of the workloadSelector, so the host has no endpoints and every call gets status 503.",
		},
		{
			Code: EntriesNeedCapture, Title: "TCP hosts that only DNS capture tells apart", See: []string{dns + "#external-tcp-services-without-vips"},
			Text: "Several ServiceEntries without addresses have the same TCP port. Istio allocates addresses, but only proxies that answer the " +
				"DNS queries of their pod use them. The others send all connections to one of the hosts.",
		},
		{
			Code: MachineNoAccount, Title: "ServiceAccount of a machine not found", Also: []string{"KIA1701"}, See: []string{group + "#WorkloadGroup"},
			Text: "The machines of a WorkloadGroup have their identity from a ServiceAccount. Without it they get no certificate, and policies " +
				"that name it match nobody.",
		},
		{
			Code: GroupsAlike, Title: "WorkloadGroups that nothing tells apart", Also: []string{"KIA1702"}, See: []string{group + "#WorkloadGroup"},
			Text: "Two WorkloadGroups of a namespace give their machines the same labels. What selects one of them selects both.",
		},
	}
}
