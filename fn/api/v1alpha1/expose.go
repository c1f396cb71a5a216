package v1alpha1

import (
	"fmt"
	"strings"
)

// Expose makes a Service reachable from outside through one gateway of the profile.
//
// Becomes: for each host a Gateway and a VirtualService called `<gateway>-<host with dashes>`, over all Services of that
// host. Timeout, retries and versions hold there as they do inside the mesh.
type Expose struct {
	// Hosts are the names under which the Service is reached. `*.example.com` takes every name below example.com.
	//
	// Error: a host outside the gateway's `allowedDomains`; a host and path that another Service already has.
	// Example: [shop.example.com]
	Hosts []string `json:"hosts" meshfn:"required,min=1,max=64,example=shop.example.com"`
	// Paths are the URL paths that go to this Service: `/api` takes /api and everything below it.
	//
	// Default: `/`, everything that no other Service of the host takes.
	// Error: an expression that is never reached, because a prefix takes all of it.
	// Example: [/api, {exact: /healthz}]
	Paths []PathMatch `json:"paths,omitempty" meshfn:"min=1,max=64,example=/api"`
	// Port is the Service port that gets the calls.
	//
	// Default: the only HTTP or gRPC port of the Service.
	// Error: not given where the Service has several of them.
	Port *PortRef `json:"port,omitempty" meshfn:"example=http"`
	// Auth asks every call that comes this way for a token, or hands it to an authorizer, at the gateway, and from any stage:
	// `expose` waits for none. What a path of another Service of the host takes is left to that Service.
	//
	// Its objects are beside the gateway's pods, in their namespace, which whoever applies the build has to be allowed to
	// write: a project of Argo CD lists it under `destinations`. A `namespace` of a kustomization above meshfn would move them
	// away from the gateway, to where they guard nothing. `meshfn build` and `meshfn check` refuse that, by the annotation
	// `meshfn.dev/namespace` of the objects; kustomize alone does not look again: run meshfn in the outermost one.
	//
	// A gateway checks all tokens in one place. It refuses, for every host, a call that brings a token of an issuer which no
	// host of the gateway asks for, and it takes a token out of the request that it has checked, so that a Service behind it
	// which asks for one too needs `forwardOriginalToken`.
	//
	// Default: none; `auth` of the Service holds wherever a call comes from.
	// Becomes: a RequestAuthentication `<gateway>-<host with dashes>-<namespace>` and AuthorizationPolicies
	// `…-jwt` and `…-ext-authz` for the gateway's pods, for these hosts and paths alone, and the port in `targetPorts` of the
	// gateway. Nothing is allowed by them, because that would refuse the hosts of others.
	// Error: with an expression among the paths, or with one of another Service that is among them; a host with a wildcard,
	// past which a caller gets who writes a port behind the name; tokens of one issuer with different keys or headers at one
	// gateway.
	// Example: {jwt: {issuer: "https://login.example.com"}}
	//
	// Source: https://istio.io/latest/docs/ops/best-practices/security/#host-match-policies-on-gateways
	Auth *Tokens `json:"auth,omitempty"`
}

// PathMatch is a path. A plain text is a prefix of whole segments; a mapping gives exactly one of `prefix`, `exact` and
// `regex`. The order they are written in does not matter: an exact path wins over the longest prefix, that one over an
// expression, and `/` takes the rest.
type PathMatch struct {
	// Prefix takes the path and everything below it: `/api` takes /api and /api/v1, and not /apis.
	Prefix *string `json:"prefix,omitempty" meshfn:"example=/api"`
	// Exact takes this path only.
	Exact *string `json:"exact,omitempty" meshfn:"example=/healthz"`
	// Regex takes every path that the RE2 expression matches as a whole.
	Regex *string `json:"regex,omitempty" meshfn:"example=/item/[0-9]+"`
}

// UnmarshalText reads the short form, a prefix.
func (p *PathMatch) UnmarshalText(text []byte) error {
	path := string(text)
	if !strings.HasPrefix(path, "/") {
		return &ValueError{
			Problem:  fmt.Sprintf("path %q does not start with a slash", path),
			Allowed:  "a path such as /api, or a mapping with exact, prefix or regex",
			Proposed: "/" + path,
		}
	}
	p.Prefix = &path
	return nil
}
