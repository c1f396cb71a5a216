package v1alpha1

import (
	"fmt"
	"strings"
)

// AuthSetting says what calls have to bring with them, whoever makes them.
type AuthSetting struct {
	// Auth asks every call to these pods for a token, or hands it to an authorizer. It holds besides `callers`, which is
	// about who calls, and from the stage `authorize` on. Only ports that are HTTP or gRPC can be guarded so: another port of
	// the Service stays open, which is a warning where no `callers` hold for it.
	//
	// Default: none.
	// Error: before the stage `authorize` on a Service that is exposed, because a setting that guards does not wait silently
	// there; pods without a sidecar, which can refuse nobody; a Service without a port that is HTTP or gRPC; a port of which
	// nobody says what it speaks; Services of one workload that ask for different things.
	// Example: {jwt: {issuer: "https://login.example.com", jwksUri: "https://login.example.com/keys"}}
	Auth *Auth `json:"auth,omitempty"`
}

// Auth says what calls have to bring with them.
type Auth struct {
	Switch `json:"-" meshfn:"false"`
	Tokens `json:",inline"`
	// DryRun writes into the logs and metrics of the sidecars what would be refused, and refuses nothing: neither by `auth`
	// nor by `callers`.
	//
	// Default: false.
	// Becomes: the annotation `istio.io/dry-run` of each AuthorizationPolicy. A token that is bad is refused all the same,
	// because a RequestAuthentication has no dry run.
	// Error: together with `extAuthz`, where Istio would refuse every call.
	//
	// Source: https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/
	DryRun *bool `json:"dryRun,omitempty"`
}

// Tokens are the ways to ask a call for more than an identity.
type Tokens struct {
	// JWT asks for a JSON Web Token. Write a mapping, `false`, or the name of a preset of the profile.
	//
	// Becomes: a RequestAuthentication, and an AuthorizationPolicy `<name>-jwt` that refuses calls without a token of the
	// issuer, which the first one alone lets through. It is for the HTTP ports of the pods: on another port it would refuse
	// every connection. A RequestAuthentication of your own for the same pods may stay; its tokens do not count here.
	// Error: where no port is HTTP or gRPC.
	// Example: {issuer: "https://login.example.com", audiences: [shop]}
	//
	// Source: https://istio.io/latest/docs/reference/config/security/request_authentication/
	JWT *JWT `json:"jwt,omitempty"`
	// ExtAuthz asks an authorizer: an extension provider of the MeshConfig. Write its name, or a mapping.
	//
	// Becomes: an AuthorizationPolicy `<name>-ext-authz` with the action CUSTOM, for the HTTP ports of the pods.
	// Error: a provider that `istio.meshConfig.extensionProviders` of the profile does not list; two providers for the same
	// pods, or at one gateway, with which Istio refuses every call.
	// Example: oauth2-proxy
	//
	// Source: https://istio.io/latest/docs/tasks/security/authorization/authz-custom/
	ExtAuthz *ExtAuthz `json:"extAuthz,omitempty" meshfn:"quoted"`
}

// JWT is what a token has to be.
type JWT struct {
	Switch `json:"-" meshfn:"false,preset"`
	// Issuer is who signs, the claim `iss` to the letter.
	//
	// Error: none; a wildcard; without `jwksUri`, what is no address of HTTPS.
	Issuer *string `json:"issuer,omitempty" meshfn:"example=https://login.example.com"`
	// JwksURI is where the public keys are. Istio fetches them.
	//
	// Default: found by Istio through the discovery document of the issuer.
	// Error: plain HTTP, but for a Service of the cluster by its full name, such as `http://login.auth.svc/keys`: whoever is
	// on the way could give other keys.
	JwksURI *string `json:"jwksUri,omitempty" meshfn:"example=https://login.example.com/keys"`
	// Audiences are the claims `aud` that are accepted.
	//
	// Default: all.
	// Error: a wildcard.
	// Example: [shop]
	Audiences []string `json:"audiences,omitempty" meshfn:"min=1,max=32,example=shop"`
	// FromHeaders are the headers that carry the token, instead of `Authorization: Bearer` and the parameter `access_token`.
	// The token is all of the header, but in Authorization, where it stands behind `Bearer`.
	//
	// Error: what is no name of a header.
	// Example: [x-token]
	FromHeaders []string `json:"fromHeaders,omitempty" meshfn:"min=1,max=8,example=x-token"`
	// ForwardOriginalToken hands the token on to the application. Without it, the token is taken out of the request once it
	// has been checked.
	//
	// Default: false.
	ForwardOriginalToken *bool `json:"forwardOriginalToken,omitempty"`
	// Claims are claims that the token has to have, by name, each with the values that are accepted: text, or a list in the
	// token that has one of them. `realm_access[roles]` is a claim in a claim, `"*"` is any value, and `"team-*"` what begins
	// so. A number or a boolean in the token equals no value.
	//
	// Error: no values; what is no name of a claim.
	// Example: {groups: [admin, support]}
	Claims map[string][]string `json:"claims,omitempty" meshfn:"min=1,max=16"`
	// ExceptPaths need no token: `/public` takes /public and everything below it. A token that is bad is refused there too.
	//
	// Error: an expression, which a policy cannot hold.
	// Example: [/healthz]
	ExceptPaths []PathMatch `json:"exceptPaths,omitempty" meshfn:"min=1,max=64,example=/healthz"`
}

// ExtAuthz asks an authorizer. A plain text is the name of the provider.
type ExtAuthz struct {
	// Provider is the extension provider of the MeshConfig that decides.
	Provider *string `json:"provider,omitempty" meshfn:"example=oauth2-proxy"`
	// ExceptPaths are not asked about: `/public` takes /public and everything below it.
	//
	// Error: an expression, which a policy cannot hold.
	// Example: [/healthz]
	ExceptPaths []PathMatch `json:"exceptPaths,omitempty" meshfn:"min=1,max=64,example=/healthz"`
}

// UnmarshalText reads the short form.
func (e *ExtAuthz) UnmarshalText(text []byte) error {
	name := string(text)
	if name == "" || strings.ContainsAny(name, " \t\n") {
		return &ValueError{Problem: fmt.Sprintf("%q is not the name of a provider", name), Allowed: "the name of an extension provider, or a mapping"}
	}
	e.Provider = &name
	return nil
}

// Word is the authorizer in one word, by which limits of a profile compare it.
func (e *ExtAuthz) Word() string {
	if e.Provider == nil {
		return ""
	}
	return *e.Provider
}
