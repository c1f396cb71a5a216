package diag

// Services, their ports and their pods (MF06xx).
const (
	PortProtocols    Code = "MF0601"
	TargetShared     Code = "MF0602"
	TargetProtocols  Code = "MF0603"
	PortName         Code = "MF0604"
	AppProtocol      Code = "MF0605"
	ExternalNamePort Code = "MF0606"
	NoSuchTarget     Code = "MF0607"
	TargetNotListed  Code = "MF0608"
	HeadlessPorts    Code = "MF0609"
	HeadlessRoute    Code = "MF0610"
	HeadlessPolicy   Code = "MF0611"
	SelectsNothing   Code = "MF0612"
	ProxyPort        Code = "MF0613"
	ProxyUser        Code = "MF0614"
	AutoImage        Code = "MF0615"
	AutoImagePod     Code = "MF0616"
	ServerFirst      Code = "MF0617"
	ServerFirstPlain Code = "MF0618"
	MemberPort       Code = "MF0619"
)

// The pages that several kinds of finding refer to.
const (
	applicationRequirements = "https://istio.io/latest/docs/ops/deployment/application-requirements/"
	protocolSelection       = "https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/"
)

func serviceEntries() []Entry {
	return append(append(servicePortEntries(), servicePodEntries()...), joiningServiceEntries()...)
}

func servicePortEntries() []Entry {
	return []Entry{
		{
			Code: PortProtocols, Title: "One port, two protocols",
			Text: "Two Services of the same pods use one port number for different protocols, such as HTTP and TCP. A sidecar handles each port " +
				"of its pod as one protocol, that of the oldest Service. Calls through the other Service are then misread or lose their routes and metrics.",
			Also: []string{"IST0116"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0116/", applicationRequirements},
		},
		{
			Code: TargetShared, Title: "Two ports lead to one port of the pods",
			Text: "Two ports with different numbers lead to the same port of the pods. The protocol is the same, so calls work. The sidecar of the pods " +
				"counts all of them for one of the two, the one of the oldest Service.",
			Also: []string{"IST0137"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0137/"},
		},
		{
			Code: TargetProtocols, Title: "Two ports with different protocols lead to one port of the pods",
			Text: "Two ports with different numbers and protocols lead to the same port of the pods. The sidecar of the pods takes that port for one " +
				"protocol, that of the oldest Service. Calls through the other one are misread.",
			Also: []string{"IST0137"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0137/", protocolSelection},
		},
		{
			Code: PortName, Title: "A port does not say its protocol",
			Text: "Neither the name nor the appProtocol of the port says its protocol. Istio then looks at the first bytes of each connection. " +
				"Protocols in which the server speaks first stall, and everything that is not recognised as HTTP has no routes, retries and HTTP metrics.",
			Also: []string{"IST0118", "KIA0601"}, See: []string{protocolSelection},
		},
		{
			Code: AppProtocol, Title: "An appProtocol that Istio does not know",
			Text: "appProtocol wins over the name of the port, and Istio does not know this value. It looks at the first bytes of each connection " +
				"instead, even where the name of the port begins with a protocol.",
			Also: []string{"IST0118", "KIA0602"}, See: []string{protocolSelection},
		},
		{
			Code: ExternalNamePort, Title: "A port of an ExternalName Service is not HTTP or TLS",
			Text: "A plain TCP port carries no host name, so Istio can tell calls to this Service from others by the port number alone. " +
				"It may catch calls of the same port number that are for other hosts.",
			Also: []string{"IST0150"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0150/"},
		},
		{
			Code: NoSuchTarget, Title: "A named target port that no container has",
			Text: "The targetPort is a name, and no container of the selected pods has a port of that name and transport. Kubernetes leaves the pods out " +
				"of this port, and every call to it fails, with 503 UH in the mesh.",
			Also: []string{"KIA0701"}, See: []string{"https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"},
		},
		{
			Code: TargetNotListed, Title: "A target port that no container lists",
			Text: "The containers of the selected pods list ports, and this number is not among them. A container may listen on a port that it does not " +
				"list; otherwise calls are refused.",
			Also: []string{"KIA0701"}, See: []string{"https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"},
		},
		{
			Code: HeadlessPorts, Title: "Headless Services use one port number for HTTP and TCP",
			Text: "Calls to a headless Service go to the addresses of its pods. A sidecar recognises the TCP ones by these addresses, and takes everything else " +
				"on that port number for HTTP as soon as one HTTP Service uses it. Calls to a TCP pod that it has not heard of yet are misread.",
			See: []string{"https://github.com/istio/istio/issues/16458", protocolSelection},
		},
	}
}

func servicePodEntries() []Entry {
	return []Entry{
		{
			Code: HeadlessRoute, Title: "Weights of a headless Service",
			Text: "Callers of a headless Service choose the pod themselves, by its address. A sidecar sends the call to that pod whatever the weights of " +
				"the route say.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/"},
		},
		{
			Code: HeadlessPolicy, Title: "Load balancing of a headless Service",
			Text: "Callers of a headless Service choose the pod themselves, by its address. loadBalancer and outlierDetection of a DestinationRule do " +
				"nothing for calls from sidecars; connection pool and TLS settings do hold.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/"},
		},
		{
			Code: SelectsNothing, Title: "A Service selects no pods of the build",
			Text: "No pod template in the namespace has the labels that the Service selects. A warning names the workload that misses them by one label. " +
				"Otherwise the pods may come from a controller or another repository, which cannot be checked. A Service without pods answers with 503 UH.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/network-issues/"},
		},
		{
			Code: ProxyPort, Title: "A container uses a port of the sidecar",
			Text: "The sidecar shares the network of the pod and listens on ports of its own. Whichever of the two starts second cannot listen and does not " +
				"become ready, or the port is never reached from outside.",
			See: []string{applicationRequirements + "#ports-used-by-istio"},
		},
		{
			Code: ProxyUser, Title: "The application runs as the user of the sidecar",
			Text: "Istio tells the traffic of the sidecar from that of the application by the user and the group 1337. An application that runs as one of them " +
				"bypasses the sidecar: no mTLS, no routes, no policies. It is an error where a Mesh gives the pods a sidecar.",
			Also: []string{"IST0144"}, See: []string{applicationRequirements + "#pod-requirements"},
		},
		{
			Code: AutoImage, Title: "A proxy without an image",
			Text: "The container istio-proxy has the image auto, which Istio's injector replaces, and nothing makes the injector look at these pods. " +
				"Kubernetes tries to pull an image called auto and the pods never start.",
			Also: []string{"IST0146"}, See: []string{"https://istio.io/latest/docs/setup/additional-setup/gateway/"},
		},
		{
			Code: AutoImagePod, Title: "A proxy without an image, in a Pod",
			Text: "The container istio-proxy of a Pod has the image auto, which Istio's injector replaces, and nothing makes the injector look at the Pod. " +
				"Kubernetes tries to pull an image called auto and the Pod never starts.",
			Also: []string{"IST0147"}, See: []string{"https://istio.io/latest/docs/setup/additional-setup/gateway/"},
		},
	}
}

// joiningServiceEntries are about Services whose pods join the mesh.
func joiningServiceEntries() []Entry {
	return []Entry{
		{
			Code: ServerFirst, Title: "A server-first protocol on a port that does not say its protocol",
			Text: "In some protocols, such as SMTP, MySQL and SSH, the server sends the first bytes. Where a port does not say its protocol, a sidecar " +
				"waits for bytes of the client to recognise it, and both wait for ever. A port that is declared as TCP has no such trouble. It is an error " +
				"where a Mesh gives the pods a sidecar and the port is as good as named after the protocol.",
			Also: []string{"IST0118", "KIA0601"}, See: []string{applicationRequirements + "#server-first-protocols", protocolSelection},
		},
		{
			Code: ServerFirstPlain, Title: "A server-first protocol for callers without a sidecar",
			Text: "The sidecar of the pods accepts calls with and without mTLS, and tells them apart by the first bytes of the client. In a server-first " +
				"protocol a client without mTLS sends none before the server does, so it hangs. Calls of other sidecars work. Keep the port from the " +
				"sidecar, or let its PeerAuthentication say STRICT or DISABLE.",
			See: []string{applicationRequirements + "#server-first-protocols"},
		},
		{
			Code: MemberPort, Title: "Members that call each other by address without mTLS",
			Text: "A sidecar knows the pods of a StatefulSet by their addresses only where a port of a headless Service leads to them. Calls to other ports " +
				"of theirs pass through as they are. They arrive while calls without mTLS are accepted, and are refused under STRICT: the members no longer " +
				"find each other.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/", "https://github.com/istio/istio/issues/7495"},
		},
	}
}
