package diag

import "slices"

// Policies: authentication and authorization (MF08xx).
const (
	PolicyNoWorkload       Code = "MF0801"
	PeerNoWorkload         Code = "MF0802"
	PolicyNoProxy          Code = "MF0803"
	SeveralPeerDefaults    Code = "MF0804"
	SeveralPeers           Code = "MF0805"
	PolicyIgnored          Code = "MF0806"
	PolicyNamespace        Code = "MF0807"
	PolicyMethod           Code = "MF0808"
	PolicyHost             Code = "MF0809"
	IdentityWithoutMTLS    Code = "MF0810"
	UnknownServiceAccount  Code = "MF0811"
	UnknownTrustDomain     Code = "MF0812"
	PrincipalForm          Code = "MF0813"
	IdentityEvaded         Code = "MF0814"
	AmbientNoWaypoint      Code = "MF0815"
	AmbientSelector        Code = "MF0816"
	AmbientTokenNoWaypoint Code = "MF0817"
	AmbientTokenSelector   Code = "MF0818"
	AmbientSidecar         Code = "MF0819"
	MutualMeshDisabled     Code = "MF0820"
	MutualNamespaceOff     Code = "MF0821"
	PlainNamespaceStrict   Code = "MF0822"
	PlainMeshStrict        Code = "MF0823"
	HostModeMismatch       Code = "MF0824"
	WorkloadNotCovered     Code = "MF0825"
	UnrestrictedKeys       Code = "MF0826"
	TokenOptional          Code = "MF0827"
	StrictWithoutProxy     Code = "MF0828"
	HTTPRuleOnTCP          Code = "MF0829"
	ServicePortInRule      Code = "MF0830"
	RuleMatchesAll         Code = "MF0831"
	UnknownTarget          Code = "MF0832"
	DenyOnTCP              Code = "MF0833"
	PlainWithoutAuto       Code = "MF0851"
	UnknownAuthorizer      Code = "MF0852"
)

// Pages of Istio's that several entries point to.
const (
	seeAuthorization = "https://istio.io/latest/docs/reference/config/security/authorization-policy/"
	seePeers         = "https://istio.io/latest/docs/reference/config/security/peer_authentication/"
	seeAmbient       = "https://istio.io/latest/docs/ambient/usage/l7-features/"
	see503           = "https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule"
)

func policyEntries() []Entry {
	return slices.Concat(attachmentEntries(), callerEntries(), requestEntries(), ambientPolicyEntries(), transportEntries())
}

// attachmentEntries describe findings about what policies are for.
func attachmentEntries() []Entry {
	return []Entry{
		{
			Code: PolicyNoWorkload, Title: "An AuthorizationPolicy that no proxy enforces", Also: []string{"IST0127", "KIA0004"},
			Text: "Istio enforces a policy in the proxies of the pods that its selector matches. No pod template of the namespace has " +
				"these labels, or none of those that have them gets a proxy. Nobody is kept out.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0127/"},
		},
		{
			Code: PeerNoWorkload, Title: "A selector that matches no workload", Also: []string{"KIA0004"},
			Text: "No pod template of the namespace has the labels of the selector, so the object has no effect. The pods that were " +
				"meant keep what the namespace or the mesh says.",
			See: []string{"https://istio.io/latest/docs/reference/config/type/workload-selector/"},
		},
		{
			Code: PolicyNoProxy, Title: "A policy for pods without a proxy",
			Text: "The pods that the selector matches get no sidecar, and proxies are what carries out the policy. It has no effect.",
			See:  []string{"https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		},
		{
			Code: SeveralPeerDefaults, Title: "Several PeerAuthentications for a whole namespace", Also: []string{"KIA0002"},
			Text: "Istio takes the oldest PeerAuthentication without a selector and ignores the others. Which one is the oldest depends on " +
				"the order in which they reached the cluster.",
			See: []string{seePeers},
		},
		{
			Code: SeveralPeers, Title: "Several PeerAuthentications for one workload", Also: []string{"KIA0003"},
			Text: "Of several PeerAuthentications whose selectors match a workload, Istio takes the oldest and ignores the others. Which " +
				"one is the oldest depends on the order in which they reached the cluster.",
			See: []string{seePeers},
		},
		{
			Code: PolicyIgnored, Title: "A PeerAuthentication that Istio ignores",
			Text: "In the root namespace, Istio reads only the PeerAuthentication without a selector. In ambient mode, it does not turn off " +
				"encryption. The workloads keep what they had without the object.",
			See: []string{seePeers, "https://istio.io/latest/docs/ambient/usage/l4-policy/"},
		},
		{
			Code: UnknownTarget, Title: "A policy for a target that is not there",
			Text: "A policy with targetRefs holds for the Services or gateways it names, in its own namespace. Without the target, it has no " +
				"effect.",
			See: []string{"https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference"},
		},
	}
}

// callerEntries describe findings about who may call.
func callerEntries() []Entry {
	return []Entry{
		{
			Code: PolicyNamespace, Title: "A rule about a namespace outside the build", Also: []string{"IST0101", "KIA0101"},
			Text: "A rule names a namespace that this build does not hold. If it is misspelled, the rule never matches: what it should let in " +
				"is refused, and what it should refuse is let in.",
			See: []string{seeAuthorization + "#Source"},
		},
		{
			Code: IdentityWithoutMTLS, Title: "A rule about identities where there are none", Also: []string{"KIA0105"},
			Text: "The identity of a caller is in the certificate of mutual TLS. Where mutual TLS is off, no caller has one: rules with " +
				"principals, namespaces or serviceAccounts never match, and their negations always do.",
			See: []string{seeAuthorization + "#Source"},
		},
		{
			Code: UnknownServiceAccount, Title: "An identity that no workload has", Also: []string{"KIA0106"},
			Text: "A rule names a ServiceAccount that neither exists in the build nor is used by a pod template of its namespace. If it is " +
				"misspelled, the rule never matches.",
			See: []string{seeAuthorization + "#Source"},
		},
		{
			Code: UnknownTrustDomain, Title: "An identity of another trust domain", Also: []string{"KIA0108"},
			Text: "The first part of a principal is a trust domain. In a rule, cluster.local stands for the one of the mesh, whatever it " +
				"is called. Any other name works only if the mesh has it, or an alias, or trusts it.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/"},
		},
		{
			Code: PrincipalForm, Title: "A principal that cannot match",
			Text: "A principal is trust-domain/ns/namespace/sa/service-account, without spiffe:// before it. Anything else never equals the " +
				"identity of a workload, so the rule never matches.",
			See: []string{seeAuthorization + "#Source"},
		},
		{
			Code: IdentityEvaded, Title: "A rule that a caller without a certificate gets around",
			Text: "Under PERMISSIVE mutual TLS, a caller may connect without a certificate and then has no identity. A DENY rule about " +
				"identities does not match it, and an ALLOW rule about what an identity is not does.",
			See: []string{"https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns"},
		},
		{
			Code: WorkloadNotCovered, Title: "Workloads without an AuthorizationPolicy", Also: []string{"KIA1301"},
			Text: "Some workloads of the namespace are protected by an AuthorizationPolicy, and these are not: everybody may call them.",
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns"},
		},
		{
			Code: RuleMatchesAll, Title: "A rule that matches every call",
			Text: "A rule without from, to and when matches every call. The other rules of the policy change nothing beside it.",
			See:  []string{seeAuthorization + "#Rule"},
		},
	}
}

// requestEntries describe findings about requests, ports and tokens.
func requestEntries() []Entry {
	return []Entry{
		{
			Code: PolicyMethod, Title: "A method that no request has", Also: []string{"KIA0102"},
			Text: "Methods are compared as they are written, in capitals, and a gRPC call is always a POST. A rule with another word never " +
				"matches.",
			See: []string{seeAuthorization + "#Operation"},
		},
		{
			Code: PolicyHost, Title: "A rule about a host that nobody serves", Also: []string{"KIA0104"},
			Text: "hosts are compared with the Host header of a request. No Service, ServiceEntry, VirtualService or Gateway of the build has " +
				"this name, so the rule matches nothing unless callers use another name for the workload.",
			See: []string{seeAuthorization + "#Operation"},
		},
		{
			Code: HTTPRuleOnTCP, Title: "A rule about HTTP on a port that is not HTTP",
			Text: "On a port that is not HTTP, Istio cannot see methods, paths, hosts, headers or tokens. An ALLOW rule that needs them never " +
				"matches there, and a DENY rule refuses everything.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/security-issues/#make-sure-you-are-not-using-http-only-fields-on-tcp-ports"},
		},
		{
			Code: DenyOnTCP, Title: "A DENY rule about HTTP that refuses TCP too", Also: []string{"IST0133"},
			Text: "On a port that is not HTTP, Istio leaves out the conditions of a DENY rule that it cannot see there. What is left " +
				"refuses every connection.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/security-issues/#make-sure-you-are-not-using-http-only-fields-on-tcp-ports"},
		},
		{
			Code: ServicePortInRule, Title: "The port of the Service instead of that of the pod",
			Text: "The ports of a rule are those that the workload listens on. The Service maps its port to another one, so the rule never " +
				"matches.",
			See: []string{seeAuthorization + "#Operation"},
		},
		{
			Code: UnrestrictedKeys, Title: "istiod fetches keys from anywhere", Also: []string{"IST0175"},
			Text: "istiod itself fetches the keys of a RequestAuthentication. Whoever may write one can make it call any address it " +
				"reaches, unless BLOCKED_CIDRS_IN_JWKS_URIS forbids some.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0175/"},
		},
		{
			Code: TokenOptional, Title: "A token is checked and not required",
			Text: "A RequestAuthentication refuses a call with a bad token and lets in one without any. Only an AuthorizationPolicy can " +
				"require a token.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#request-authentication"},
		},
		{
			Code: UnknownAuthorizer, Title: "A CUSTOM policy for a provider that the mesh does not have",
			Text: "A policy with action CUSTOM asks a provider of the mesh's configuration. Istio knows none of this name and refuses every " +
				"call that the rules take in.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authorization/authz-custom/"},
		},
	}
}
