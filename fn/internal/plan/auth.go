package plan

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Guard is what calls have to bring with them: to the pods of a workload, or to a host at a gateway. A token that is there
// is checked; that it has to be there, and for which host, is a demand.
type Guard struct {
	Name        string            `json:"name" from:"Object:metadata.name,Hosts,GatewayAt"`
	Namespace   string            `json:"namespace,omitempty" from:"NamespaceAt"`
	Owner       string            `json:"owner" from:"Mesh"`
	Beside      bool              `json:"beside,omitempty" from:"NamespaceAt"` // in the namespace of a gateway, which has to stay so
	Selector    map[string]string `json:"selector" from:"Labels"`
	DryRun      Value[bool]       `json:"dryRun,omitzero"` // refuse nothing, and say what would be refused
	Tokens      []Token           `json:"tokens,omitempty"`
	DemandName  string            `json:"demandName,omitempty" from:"Object:metadata.name,Hosts,GatewayAt"`
	Demands     []Demand          `json:"demands,omitempty"`
	AskName     string            `json:"askName,omitempty" from:"Object:metadata.name,Hosts,GatewayAt"`
	Authorizer  *Authorizer       `json:"authorizer,omitempty"`
	From        diag.Source       `json:"-"`
	Mesh        diag.Source       `json:"-"` // the name of the owner
	Object      spec.Located      `json:"-"` // fields of the workload; nil at a gateway
	Labels      spec.Located      `json:"-"` // those of its pods
	NamespaceAt diag.Source       `json:"-"`
	GatewayAt   diag.Source       `json:"-"`
	Hosts       []diag.Source     `json:"-"` // each place that asks for the host
}

// Token is a kind of token that is checked: who issues it, and where it is.
type Token struct {
	Issuer    Value[string]   `json:"issuer"`
	Keys      Value[string]   `json:"keys,omitzero"` // where they are; the issuer says it where this is unset
	Audiences Value[[]string] `json:"audiences,omitzero"`
	Headers   []TokenHeader   `json:"headers,omitempty"` // none for those of RFC 6750
	Forward   Value[bool]     `json:"forward,omitzero"`
	From      spec.Origin     `json:"-"`
}

// TokenHeader is a header that carries a token, after a prefix.
type TokenHeader struct {
	Name   string      `json:"name"`
	Prefix string      `json:"prefix,omitempty"`
	From   spec.Origin `json:"-"`
}

// Demand refuses calls without a token that is as it says.
type Demand struct {
	Issuer    Value[string]   `json:"issuer"`
	Audiences Value[[]string] `json:"audiences,omitzero"`
	Claims    []Claim         `json:"claims,omitempty"`
	Scopes    []GuardedCalls  `json:"scopes"`
	From      spec.Origin     `json:"-"`
}

// Claim is a claim of a token and the values that it may have. The key is its path, each part in brackets.
type Claim struct {
	Key    string      `json:"key"`
	Values []string    `json:"values"`
	From   spec.Origin `json:"-"`
}

// Authorizer hands calls to somebody who decides.
type Authorizer struct {
	Provider Value[string]  `json:"provider"`
	Scopes   []GuardedCalls `json:"scopes"`
}

// GuardedCalls is which calls something holds for. An empty list is every host, port or path.
type GuardedCalls struct {
	Hosts  []string        `json:"hosts,omitempty"`
	Ports  []int32         `json:"ports,omitempty" from:"PortsAt,PortFrom"` // of the pods
	Paths  []string        `json:"paths,omitempty" from:"PathAt"`
	Others []string        `json:"others,omitempty" from:"OthersAt"` // paths of other Services
	Except Value[[]string] `json:"except,omitzero"`

	From     spec.Origin   `json:"-"`
	PortsAt  []diag.Source `json:"-"` // those of the Services, which lead to the ports
	PortFrom spec.Origin   `json:"-"` // that of a gateway
	PathAt   diag.Source   `json:"-"`
	OthersAt []diag.Source `json:"-"`
}

// wish is what one Service, workload or entry asks of calls.
type wish struct {
	settings *spec.Workload // nil for an entry
	origins  spec.Origins
	path     string // of the block in the origins, such as auth
}

// of is the origin of one field of the block.
func (w *wish) of(field string) spec.Origin { return w.origins.Of(w.path + "." + field) }

// within is who asked for a block in the block.
func (w *wish) within(field string) spec.Origin { return w.origins.Within(w.path + "." + field) }

// says reports whether anything is asked for.
func (g *Guard) says() bool { return len(g.Tokens) > 0 || g.Authorizer != nil }
