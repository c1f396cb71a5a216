package diag

// Hosts outside the mesh (MF14xx).
const (
	ExternalInside      Code = "MF1401"
	ExternalTwice       Code = "MF1402"
	ExternalWildcard    Code = "MF1403"
	ExternalOrigination Code = "MF1404"
	ExternalOpaque      Code = "MF1405"
	ExternalNoChoice    Code = "MF1406"
	ExternalSharedPort  Code = "MF1407"
	ExternalByHand      Code = "MF1408"
	ExternalUnused      Code = "MF1409"
	ExternalPastGateway Code = "MF1410"
)

const (
	seeServiceEntry = "https://istio.io/latest/docs/reference/config/networking/service-entry/"
	seeEgress       = "https://istio.io/latest/docs/tasks/traffic-management/egress/"
)

func externalEntries() []Entry {
	return []Entry{
		{
			Code: ExternalInside, Title: "An outside host that is inside",
			Text: "The mesh has the Services of the cluster by itself. An entry for one of them would take the place of the Service " +
				"for its callers: they would lose mutual TLS, its pods and its settings.",
			See: []string{seeServiceEntry},
		},
		{
			Code: ExternalTwice, Title: "An outside host that is there twice",
			Text: "Within a namespace, the calls to a port of a host are treated in one way. Istio would use one of two entries, and " +
				"in no defined order. Through an egress gateway, TLS connections that the application encrypts name a host and no " +
				"port, so that a host has one port for them there.",
			See: []string{seeServiceEntry},
		},
		{
			Code: ExternalWildcard, Title: "A wildcard that cannot be told apart",
			Text: "HTTP says in each request which host it is for, and TLS in the first bytes of a connection. TCP does not, and every " +
				"connection to the port would be taken for one to the wildcard. TLS that the sidecar speaks needs the name of one " +
				"host, which it asks for and verifies.",
			See: []string{seeEgress + "wildcard-egress-hosts/"},
		},
		{
			Code: ExternalOrigination, Title: "TLS that nobody can speak like that",
			Text: "With tls: originate the application calls in plain text, and its sidecar makes TLS of it. That needs a host that " +
				"speaks TLS, and a port that the sidecar can choose. On a port where the application speaks TLS itself, the host " +
				"would get TLS inside of TLS.",
			See: []string{seeEgress + "egress-tls-origination/"},
		},
		{
			Code: ExternalOpaque, Title: "A setting of requests where none are seen",
			Text: "Where the application encrypts a connection, or speaks something else than HTTP, the proxy passes bytes on. It can " +
				"neither time nor repeat nor count what is in them, and Istio leaves such settings out without a word.",
			See: []string{seeEgress + "egress-tls-origination/"},
		},
		{
			Code: ExternalNoChoice, Title: "A choice of addresses that nobody has",
			Text: "Load balancing and outlier detection choose between the addresses of a host. With a wildcard, or with addresses, the " +
				"application has chosen one already. Where an address outside is, in which zone, nobody knows.",
			See: []string{seeServiceEntry + "#ServiceEntry-Resolution"},
		},
	}
}

// externalBesideEntries are about outside hosts beside others, and the way out.
func externalBesideEntries() []Entry {
	return []Entry{
		{
			Code: ExternalSharedPort, Title: "Outside hosts that share a TCP port",
			Text: "Nothing in a TCP connection says which host it is for. Without addresses, a proxy listens on the port for every " +
				"address and sends all connections to one of the hosts: a client of one database may end up at the other. Proxies " +
				"that answer the DNS queries of their pod give each host an address of its own, which is not on by default.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#external-tcp-services-without-vips"},
		},
		{
			Code: ExternalByHand, Title: "A ServiceEntry of your own beside the generated one",
			Text: "Both bring the same port of the same host to the same callers, and proxies use one of the two. With yours, TLS and " +
				"the port that the Mesh asks for may be missing.",
			See: []string{seeServiceEntry},
		},
		{
			Code: ExternalUnused, Title: "An outside host that nobody depends on",
			Text: "The Mesh says of its workloads what they call, and none calls this host. Where sidecars are scoped, theirs will not " +
				"know it, and calls to it are passed through without settings or refused.",
		},
		{
			Code: ExternalPastGateway, Title: "Calls that do not go through the egress gateway",
			Text: "The platform has an egress gateway, which tells calls apart by the names of hosts and looks up where these are. What " +
				"it cannot tell apart, sidecars call directly. Where only the gateway may leave the network, such calls fail.",
			See: []string{seeEgress + "egress-gateway/"},
		},
	}
}
