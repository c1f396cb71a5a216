package diag

// Policies in ambient mode, and mutual TLS (part of MF08xx).

// ambientPolicyEntries describe findings about ambient mode.
func ambientPolicyEntries() []Entry {
	return []Entry{
		{
			Code: AmbientNoWaypoint, Title: "An HTTP policy in ambient mode without a waypoint", Also: []string{"KIA0109", "KIA1317"},
			Text: "In ambient mode only a waypoint understands HTTP. Calls to the target of the policy do not go through one, so nothing " +
				"enforces it.",
			See: []string{seeAmbient},
		},
		{
			Code: AmbientSelector, Title: "An HTTP policy with a selector in ambient mode", Also: []string{"KIA0110"},
			Text: "In ambient mode a policy with a selector is enforced by the proxies of the nodes, which do not understand HTTP: DENY with " +
				"only HTTP fields refuses nobody, and ALLOW refuses everybody.",
			See: []string{seeAmbient, "https://github.com/istio/istio/issues/61126"},
		},
		{
			Code: AmbientTokenNoWaypoint, Title: "A RequestAuthentication in ambient mode without a waypoint", Also: []string{"KIA1110"},
			Text: "In ambient mode only a waypoint reads tokens. Calls to the target do not go through one, so no token is checked.",
			See:  []string{seeAmbient},
		},
		{
			Code: AmbientTokenSelector, Title: "A RequestAuthentication with a selector in ambient mode", Also: []string{"KIA1115"},
			Text: "In ambient mode only a waypoint reads tokens, and a waypoint takes only objects with targetRefs. No token is checked.",
			See:  []string{seeAmbient},
		},
		{
			Code: AmbientSidecar, Title: "A Sidecar for pods in ambient mode", Also: []string{"IST0167"},
			Text: "A Sidecar limits what the proxies of pods know. Pods in ambient mode have no proxy of their own, so it has no effect.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/sidecar/"},
		},
	}
}

// transportEntries describe findings about mutual TLS between callers and callees.
func transportEntries() []Entry {
	return []Entry{
		{
			Code: MutualMeshDisabled, Title: "Mutual TLS to a mesh that has it off", Also: []string{"KIA0205", "KIA0506"},
			Text: "A DestinationRule for the whole mesh makes callers use mutual TLS, and the PeerAuthentication of the mesh turns it off. " +
				"Every call fails with 503.",
			See: []string{see503},
		},
		{
			Code: MutualNamespaceOff, Title: "Mutual TLS to a namespace that has it off", Also: []string{"KIA0206", "KIA0505"},
			Text: "A DestinationRule for all hosts of a namespace makes callers use mutual TLS, and the PeerAuthentication of the namespace " +
				"turns it off. Every call fails with 503.",
			See: []string{see503},
		},
		{
			Code: PlainNamespaceStrict, Title: "Plaintext to a namespace that refuses it", Also: []string{"KIA0207"},
			Text: "A DestinationRule makes callers of a namespace use no mutual TLS, and the PeerAuthentication of the namespace is STRICT. " +
				"Every call is reset.",
			See: []string{see503},
		},
		{
			Code: PlainMeshStrict, Title: "Plaintext to a mesh that refuses it", Also: []string{"KIA0208"},
			Text: "A DestinationRule makes callers use no mutual TLS, and the PeerAuthentication of the mesh is STRICT. Every call is reset.",
			See:  []string{see503},
		},
		{
			Code: HostModeMismatch, Title: "Callers and callee disagree about mutual TLS",
			Text: "The tls of a DestinationRule replaces what Istio would choose by itself. The pods behind the host accept something else, " +
				"so calls fail with 503.",
			See: []string{see503},
		},
		{
			Code: StrictWithoutProxy, Title: "STRICT beside workloads without a proxy",
			Text: "Mutual TLS is required, and some workloads of the namespace have no proxy. They cannot call the others, and nobody " +
				"checks who calls them.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/"},
		},
		{
			Code: PlainWithoutAuto, Title: "STRICT where callers do not use mutual TLS by themselves",
			Text: "The mesh has enableAutoMtls off, so callers use mutual TLS only where a DestinationRule says so. The pods accept nothing " +
				"else, and every call is reset.",
			See: []string{see503, "https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#auto-mutual-tls"},
		},
	}
}
