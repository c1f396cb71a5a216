package v1alpha1

import (
	"fmt"
	"strings"
)

// AuthSetting says what calls have to bring with them, whoever makes them.
type AuthSetting struct {
	// Auth asks every call to these pods for a token, or hands it to an authorizer. It holds besides `callers`, which is
	// about who calls.
	//
	// Default: none.
	// Error: before the stage `authorize` on a Service that is exposed, because a setting that guards does not wait silently
	// there; pods without a sidecar, which can refuse nobody.
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
	// Becomes: the annotation `istio.io/dry-run` of each AuthorizationPolicy.
	//
	// Source: https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/
	DryRun *bool `json:"dryRun,omitempty"`
}

// Tokens are the ways to ask a call for more than an identity.
type Tokens struct {
	// JWT asks for a JSON Web Token. Write a mapping, `false`, or the name of a preset of the profile.
	//
	// Becomes: a RequestAuthentication, and an AuthorizationPolicy that refuses calls without a token, which the first one
	// alone lets through.
	// Error: where a port is not HTTP or gRPC.
	// Example: {issuer: "https://login.example.com", audiences: [shop]}
	//
	// Source: https://istio.io/latest/docs/reference/config/security/request_authentication/
	JWT *JWT `json:"jwt,omitempty"`
	// ExtAuthz asks an authorizer: an extension provider of the MeshConfig. Write its name, or a mapping.
	//
	// Becomes: an AuthorizationPolicy with the action CUSTOM.
	// Error: a provider that `istio.meshConfig.extensionProviders` of the profile does not list.
	// Example: oauth2-proxy
	//
	// Source: https://istio.io/latest/docs/tasks/security/authorization/authz-custom/
	ExtAuthz *ExtAuthz `json:"extAuthz,omitempty"`
}

// JWT is what a token has to be.
type JWT struct {
	Switch `json:"-" meshfn:"false,preset"`
	// Issuer is who signs, the claim `iss`.
	Issuer *string `json:"issuer,omitempty" meshfn:"example=https://login.example.com"`
	// JwksURI is where the public keys are. Istio fetches them.
	//
	// Default: found by Istio through the discovery document of the issuer.
	JwksURI *string `json:"jwksUri,omitempty" meshfn:"example=https://login.example.com/keys"`
	// Audiences are the claims `aud` that are accepted.
	//
	// Default: all.
	// Example: [shop]
	Audiences []string `json:"audiences,omitempty" meshfn:"min=1,max=32,example=shop"`
	// FromHeaders are the headers that carry the token, instead of `Authorization: Bearer`.
	//
	// Example: [x-token]
	FromHeaders []string `json:"fromHeaders,omitempty" meshfn:"min=1,max=8,example=x-token"`
	// ForwardOriginalToken hands the token on to the application.
	//
	// Default: false.
	ForwardOriginalToken *bool `json:"forwardOriginalToken,omitempty"`
	// Claims are claims that the token has to have, by name, each with the values that are accepted.
	//
	// Example: {groups: [admin, support]}
	Claims map[string][]string `json:"claims,omitempty" meshfn:"min=1,max=16"`
	// ExceptPaths need no token: `/public` takes /public and everything below it.
	//
	// Example: [/healthz]
	ExceptPaths []PathMatch `json:"exceptPaths,omitempty" meshfn:"min=1,max=64,example=/healthz"`
}

// ExtAuthz asks an authorizer. A plain text is the name of the provider.
type ExtAuthz struct {
	// Provider is the extension provider of the MeshConfig that decides.
	Provider *string `json:"provider,omitempty" meshfn:"example=oauth2-proxy"`
	// ExceptPaths are not asked about: `/public` takes /public and everything below it.
	//
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
