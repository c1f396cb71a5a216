package resolve

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// The ports of Istio's own egress gateway.
const (
	defaultEgressHTTP = 80
	defaultEgressTLS  = 443
)

// egress reads what the profile says of the way out of the mesh.
func (r *resolver) egress() {
	profile := r.documents.Profile
	if profile == nil || profile.Value.Spec.Egress == nil || profile.Value.Spec.Egress.Gateway == nil {
		return
	}
	in, at := profile.Value.Spec.Egress.Gateway, "spec.egress.gateway"
	name, namespace, _ := strings.Cut(in.Service, ".")
	if len(validation.IsDNS1123Label(name))+len(validation.IsDNS1123Label(namespace)) > 0 {
		r.report(diag.Finding{
			Code: diag.BadValue, Source: profile.At(at + ".service"),
			Message: fmt.Sprintf("%q is not a Service with its namespace; allowed: name.namespace", in.Service),
			Try:     "service: istio-egressgateway.istio-egress",
		})
		return
	}
	out := &spec.Egress{
		Selector: in.Selector, Service: name, Namespace: namespace, At: below(profile, at),
		HTTPPort: defaultEgressHTTP, HTTPFrom: spec.Computed("ports.http", "where the egress gateway of the profile has no ports.http"),
		TLSPort: defaultEgressTLS, TLSFrom: spec.Computed("ports.tls", "where the egress gateway of the profile has no ports.tls"),
	}
	if in.Ports != nil && in.Ports.HTTP != nil {
		out.HTTPPort, out.HTTPFrom = *in.Ports.HTTP, fact(profile, at+".ports.http")
	}
	if in.Ports != nil && in.Ports.TLS != nil {
		out.TLSPort, out.TLSFrom = *in.Ports.TLS, fact(profile, at+".ports.tls")
	}
	if out.HTTPPort == out.TLSPort {
		r.report(diag.Finding{
			Code: diag.BadValue, Source: profile.At(at + ".ports"),
			Message: fmt.Sprintf("http and tls of the egress gateway are both port %d; allowed: two ports, because the gateway reads the calls on one and passes on what comes to the other", out.TLSPort),
			Try:     "ports: {http: 80, tls: 443}",
		})
	}
	r.out.Egress = out
}
