package policies

import (
	"fmt"

	security "istio.io/api/security/v1"

	"google.golang.org/protobuf/proto"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type peerAuthentication = cluster.Object[*security.PeerAuthentication]

// peers finds PeerAuthentications that others keep from taking effect, and those that Istio does not read.
func (c *checker) peers() {
	first := map[string]*peerAuthentication{}
	for _, object := range c.PeerAuthentications {
		if len(object.Spec.GetSelector().GetMatchLabels()) > 0 {
			c.ignoredSelector(object)
		} else if other := first[object.Namespace]; other != nil {
			c.report(shadowed(object, other, diag.SeveralPeerDefaults,
				fmt.Sprintf("%s and %s are both for the whole of %s, and Istio takes only the older one", other.Name, object.Name, cluster.InNamespace(object.Namespace))))
		} else {
			first[object.Namespace] = object
		}
		c.ambientDisable(object)
	}
	c.severalPeers()
}

// shadowed is an error where the two say different things, because either may win.
func shadowed(object, other *peerAuthentication, code diag.Code, message string) diag.Finding {
	finding := diag.Finding{
		Code: code, Source: object.At("metadata.name"), Message: "PeerAuthentications " + message,
		Related: []diag.Source{other.At("metadata.name")},
		Try:     "remove one of the two",
	}
	if proto.Equal(object.Spec.GetMtls(), other.Spec.GetMtls()) && samePorts(object, other) {
		finding.Severity = diag.Warning
		finding.Message += ", which makes no difference until one of them changes"
	}
	return finding
}

func samePorts(a, b *peerAuthentication) bool {
	if len(a.Spec.GetPortLevelMtls()) != len(b.Spec.GetPortLevelMtls()) {
		return false
	}
	for port, mtls := range a.Spec.GetPortLevelMtls() {
		if !proto.Equal(mtls, b.Spec.GetPortLevelMtls()[port]) {
			return false
		}
	}
	return true
}

// severalPeers reports each pair of objects once, with a workload that both select.
func (c *checker) severalPeers() {
	type pair struct{ a, b *peerAuthentication }
	reported := map[pair]bool{}
	first := map[*cluster.Pod]*peerAuthentication{}
	for _, object := range c.PeerAuthentications {
		labels := object.Spec.GetSelector().GetMatchLabels()
		if len(labels) == 0 || object.Namespace == c.Istio.RootNamespace {
			continue
		}
		for _, pod := range c.Selected(object.Namespace, labels) {
			other := first[pod]
			if other == nil {
				first[pod] = object
				continue
			}
			if reported[pair{other, object}] {
				continue
			}
			reported[pair{other, object}] = true
			finding := shadowed(object, other, diag.SeveralPeers,
				fmt.Sprintf("%s and %s both select %s %q, and Istio takes only the older one", other.Name, object.Name, pod.Kind, pod.Name))
			finding.Try = "make one object of the two, or selectors that do not overlap"
			c.report(finding)
		}
	}
}

// ignoredSelector finds a selector in the root namespace, where Istio reads only what is for the whole mesh.
func (c *checker) ignoredSelector(object *peerAuthentication) {
	if object.Namespace != c.Istio.RootNamespace {
		return
	}
	c.report(diag.Finding{
		Code: diag.PolicyIgnored, Severity: diag.Warning, Source: object.At("spec.selector"),
		Message: fmt.Sprintf("Istio ignores %s: in the root namespace it reads only the PeerAuthentication without a selector", object.Resource),
		Try:     "move it to the namespace of the workload",
	})
}

// ambientDisable finds a mode that ambient mode does not have.
// https://istio.io/latest/docs/ambient/usage/l4-policy/#peer-authentication
func (c *checker) ambientDisable(object *peerAuthentication) {
	namespace := c.AmbientNamespace(object.Namespace)
	if namespace == nil || object.Spec.GetMtls().GetMode() != cluster.DisableMTLS {
		return
	}
	c.report(diag.Finding{
		Code: diag.PolicyIgnored, Severity: diag.Warning, Source: object.At("spec.mtls.mode"),
		Message: fmt.Sprintf("Istio ignores mode DISABLE of %s: pods in ambient mode are always reached with mutual TLS", object.Resource),
		Related: []diag.Source{namespace.Source(diag.Join("metadata.labels", facts.DataplaneLabel))},
		Try:     "mode: PERMISSIVE", Proposed: "PERMISSIVE",
	})
}
