package spec

import "github.com/meshfn/meshfn/fn/api/v1alpha1"

// GatewayAuth is what an entry asks of the calls that come through one gateway, with presets expanded.
type GatewayAuth struct {
	Tokens  v1alpha1.Tokens
	Origins Origins // by paths as an entry has them: expose.public.auth.jwt.issuer
	Path    string  // of the block: expose.public.auth
}
