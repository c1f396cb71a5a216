package policies

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type destinationRule = cluster.Object[*networking.DestinationRule]

// tlsMode is what a DestinationRule makes callers do, and for which port.
type tlsMode struct {
	mode  networking.ClientTLSSettings_TLSmode
	field string
	port  uint32 // of the Service, 0 for all
}

// mutual reports whether callers speak Istio's mutual TLS. With certificates of their own, which is MUTUAL, they speak to
// whoever accepts those.
func (m tlsMode) mutual() bool { return m.mode == networking.ClientTLSSettings_ISTIO_MUTUAL }

// bare reports whether callers show no certificate.
func (m tlsMode) bare() bool {
	return m.mode == networking.ClientTLSSettings_DISABLE || m.mode == networking.ClientTLSSettings_SIMPLE
}

// transport compares what DestinationRules make callers do with what callees accept.
func (c *checker) transport() {
	for _, rule := range c.DestinationRules {
		modes := modesOf(rule)
		suffix := ".svc." + c.Istio.ClusterDomain
		inner, wide := strings.CutPrefix(rule.Spec.GetHost(), "*")
		namespace, inNamespace := strings.CutSuffix(inner, suffix)
		_, domain, _ := strings.Cut(c.Istio.ClusterDomain, ".")
		switch {
		case !wide:
			c.hostTransport(rule, modes)
		case inner == "" || inner == suffix || inner == "."+c.Istio.ClusterDomain || inner == "."+domain:
			c.wideTransport(rule, modes, c.MeshMTLS())
		case inNamespace: // Or the pods of a Service in it.
			c.wideTransport(rule, modes, c.NamespaceMTLS(namespace[strings.LastIndex(namespace, ".")+1:]))
		}
	}
}

// modesOf lists the tls settings of a DestinationRule. A subset has the mode of the rule unless it says another.
func modesOf(rule *destinationRule) []tlsMode {
	var modes []tlsMode
	policy := func(p *networking.TrafficPolicy, field string) {
		if p.GetTls() != nil {
			modes = append(modes, tlsMode{p.GetTls().GetMode(), field + ".tls.mode", 0})
		}
		for i, level := range p.GetPortLevelSettings() {
			if level.GetTls() != nil {
				modes = append(modes, tlsMode{level.GetTls().GetMode(), diag.At(field+".portLevelSettings", i) + ".tls.mode", level.GetPort().GetNumber()})
			}
		}
	}
	policy(rule.Spec.GetTrafficPolicy(), "spec.trafficPolicy")
	for i, subset := range rule.Spec.GetSubsets() {
		policy(subset.GetTrafficPolicy(), diag.At("spec.subsets", i)+".trafficPolicy")
	}
	return modes
}

// wideTransport checks a DestinationRule for many hosts against the PeerAuthentication that holds for most of them.
func (c *checker) wideTransport(rule *destinationRule, modes []tlsMode, accepted cluster.MTLS) {
	for _, mode := range modes {
		if mode.port != 0 || !accepted.Known() {
			continue
		}
		mesh := c.Everywhere(accepted)
		var code diag.Code
		switch {
		case mode.mutual() && accepted.Mode == cluster.DisableMTLS && mesh:
			code = diag.MutualMeshDisabled
		case mode.mutual() && accepted.Mode == cluster.DisableMTLS:
			code = diag.MutualNamespaceOff
		case mode.bare() && accepted.Mode == cluster.StrictMTLS && mesh:
			code = diag.PlainMeshStrict
		case mode.bare() && accepted.Mode == cluster.StrictMTLS:
			code = diag.PlainNamespaceStrict
		default:
			continue
		}
		c.report(disagreement(rule, mode, accepted, code, fmt.Sprintf("calls to %s", rule.Spec.GetHost())))
		return
	}
}

func disagreement(rule *destinationRule, mode tlsMode, accepted cluster.MTLS, code diag.Code, what string) diag.Finding {
	return diag.Finding{
		Code: code, Source: rule.At(mode.field),
		Message: fmt.Sprintf("%s fail: %s makes callers use tls mode %s, and mode %s of %s refuses it",
			what, rule.Resource, mode.mode, accepted.Mode, accepted.Who()),
		Because: []string{"without tls in a DestinationRule, Istio chooses what the callee accepts"},
		Related: []diag.Source{accepted.At()},
		Try:     "remove tls from the DestinationRule",
	}
}

// hostTransport checks a DestinationRule for a Service of the build against the pods behind it.
func (c *checker) hostTransport(rule *destinationRule, modes []tlsMode) {
	service := c.Resolve(rule.Spec.GetHost(), rule.Namespace).Service
	if service == nil {
		return
	}
	for _, mode := range modes {
		for _, workload := range service.Workloads {
			if pod := c.PodOf(workload); pod != nil && c.hostMode(rule, mode, pod) {
				return
			}
		}
	}
}

// hostMode reports one mode that the pods of a template do not accept.
func (c *checker) hostMode(rule *destinationRule, mode tlsMode, pod *cluster.Pod) bool {
	what := fmt.Sprintf("calls to %s %q", pod.Kind, pod.Name)
	switch c.DataplaneOf(pod) {
	case cluster.NoDataplane:
		if !mode.mutual() {
			return false
		}
		c.report(diag.Finding{
			Code: diag.HostModeMismatch, Source: rule.At(mode.field),
			Message: fmt.Sprintf("%s fail: %s makes callers use tls mode %s, and the pods have no sidecar to end it", what, rule.Resource, mode.mode),
			Because: []string{"without tls in a DestinationRule, Istio chooses what the callee accepts"},
			Related: []diag.Source{pod.Source(pod.MetadataField("labels"))},
			Try:     "remove tls from the DestinationRule",
		})
		return true
	case cluster.OwnProxy:
		for _, port := range c.portsOf(rule, mode, pod) {
			accepted := c.mode(pod).Port(port)
			if mode.mutual() && accepted.Mode == cluster.DisableMTLS || mode.bare() && accepted.Mode == cluster.StrictMTLS {
				c.report(disagreement(rule, mode, accepted, diag.HostModeMismatch, what))
				return true
			}
		}
	case cluster.UnknownDataplane, cluster.Ambient:
	}
	return false
}

// portsOf lists the ports of the pod that a mode is for.
func (c *checker) portsOf(rule *destinationRule, mode tlsMode, pod *cluster.Pod) []uint32 {
	service := c.Resolve(rule.Spec.GetHost(), rule.Namespace).Service
	ports, _ := inboundOf(pod)
	var out []uint32
	for _, port := range ports {
		if port.service == service && (mode.port == 0 || mode.port == uint32(port.port.Number)) { //nolint:gosec // a port number
			out = append(out, uint32(port.number)) //nolint:gosec // a port number
		}
	}
	return out
}
