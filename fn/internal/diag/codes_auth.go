package diag

// Tokens and authorizers (MF15xx).
const (
	TokenUncheckable  Code = "MF1501"
	AuthConflict      Code = "MF1502"
	AuthNotHTTP       Code = "MF1503"
	AuthNoSidecar     Code = "MF1504"
	AuthWaits         Code = "MF1505"
	AuthorizerUnknown Code = "MF1506"
	AuthorizerDryRun  Code = "MF1507"
	AuthAtGateway     Code = "MF1508"
	TokensAtGateway   Code = "MF1509"
	TokensOfOthers    Code = "MF1510"
	GatewayPortsGuard Code = "MF1511"
)

const (
	seeJWTs   = "https://istio.io/latest/docs/reference/config/security/request_authentication/"
	seeCustom = "https://istio.io/latest/docs/tasks/security/authorization/authz-custom/"
	seeOnTCP  = "https://istio.io/latest/docs/ops/common-problems/security-issues/#make-sure-you-are-not-using-http-only-fields-on-tcp-ports"
)

func authEntries() []Entry {
	return []Entry{
		{
			Code: TokenUncheckable, Title: "A token that cannot be checked",
			Text: "A token is checked against its issuer and with keys that Istio fetches. Where one of the two is missing or cannot be " +
				"trusted, either every token is refused or a forged one is let in.",
			See: []string{seeJWTs + "#JWTRule"},
		},
		{
			Code: AuthConflict, Title: "Services of one workload that ask for different things",
			Text: "What is asked of calls holds for the pods, whichever Service a call was made to. Where two Services of the same pods ask " +
				"for different things, one of the two would be guarded otherwise than it says.",
		},
		{
			Code: AuthNotHTTP, Title: "A port on which nothing can be asked for",
			Text: "A token is in a request, and a proxy sees requests only on ports that are HTTP or gRPC. Calls to another port get through " +
				"without a token; a policy for it would refuse every connection.",
			See: []string{seeOnTCP},
		},
		{
			Code: AuthNoSidecar, Title: "auth for pods without a sidecar",
			Text: "The sidecar is what refuses calls. Pods without one take every call, with a token or without.",
		},
		{
			Code: AuthWaits, Title: "A guard that waits, on a Service that is exposed",
			Text: "Authorization begins with the stage authorize. The Service can be reached from outside already, so whoever wrote the " +
				"setting would believe it guarded while it is not.",
		},
		{
			Code: AuthorizerUnknown, Title: "An authorizer that nobody lists",
			Text: "An authorizer is an extension provider of the MeshConfig. Istio refuses every call for one that it does not have, and the " +
				"profile does not say which ones there are.",
			See: []string{seeCustom},
		},
		{
			Code: AuthorizerDryRun, Title: "A dry run of an authorizer",
			Text: "Istio knows a dry run of its own rules only. With the annotation on a policy that asks an authorizer, its proxies refuse " +
				"every call that the policy takes in.",
			See: []string{"https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/"},
		},
	}
}

// gatewayAuthEntries are about what is asked for at a gateway.
func gatewayAuthEntries() []Entry {
	return []Entry{
		{
			Code: AuthAtGateway, Title: "A host or path that cannot be guarded at a gateway",
			Text: "A policy at a gateway is compared with the host and the path as the caller writes them, by their beginning or their end. " +
				"What it cannot express would be let in without being asked, or refused where another Service answers.",
			See: []string{"https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation"},
		},
		{
			Code: TokensAtGateway, Title: "Tokens that get in each other's way at a gateway",
			Text: "The pods of a gateway check all tokens in one place, for all hosts: a token of an issuer that no rule names is refused for " +
				"every host, one that was checked is taken out of the request, and two rules about one issuer stand in for each " +
				"other.",
			See: []string{seeJWTs},
		},
		{
			Code: TokensOfOthers, Title: "A gateway that refuses the tokens of others",
			Text: "Once a gateway checks tokens for one host, it refuses calls to all its hosts that bring a token of an issuer it does not " +
				"know. Whether other hosts of the gateway get such tokens cannot be seen in one build.",
			See: []string{seeJWTs},
		},
		{
			Code: GatewayPortsGuard, Title: "A guard for every port of a gateway", Also: []string{"IST0133"},
			Text: "Without the port on which the gateway's pods listen, a policy is for all their ports. On those that are not HTTP, Istio " +
				"leaves out what it cannot see there, and refuses every connection.",
			See: []string{seeOnTCP},
		},
	}
}
