package istio

import config "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"

// authorizerPrefix marks rules that only decide whether an authorizer is asked.
const authorizerPrefix = "istio_ext_authz_"

// rules notes what an RBAC filter makes of the call.
func (g *guarded) rules(rules, shadow *config.RBAC, prefix string) error {
	call := inboundCall{
		port: uint32(g.port), http: true, method: g.call.method, path: g.call.path, host: g.call.host, headers: g.call.headers,
		claims: g.payload,
	}
	if shadow != nil && prefix == authorizerPrefix {
		matched, err := call.matching(shadow)
		if err != nil {
			return err
		}
		g.matched = append(g.matched, matched...)
	} else if allowed, err := call.allows(shadow); err != nil {
		return err
	} else if !allowed {
		g.out["dryRun"] = "denied"
	}
	allowed, err := call.allows(rules)
	if !allowed {
		g.out["access"] = "denied"
	}
	return err
}
