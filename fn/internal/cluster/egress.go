package cluster

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/spec"
)

// declareEgress takes the profile's word for it that the egress gateway is there.
func (v *View) declareEgress(egress *spec.Egress) {
	if v.Egress = egress; egress != nil {
		v.made = map[string][]made{egress.Namespace: {{services: []string{egress.Service}}}}
	}
}

// AtEgress reports whether a host is what an egress gateway calls an outside host of some namespace.
func AtEgress(host string) bool { return strings.HasSuffix(host, spec.EgressDomain) }
