package routing

import (
	"fmt"
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// tls checks what DestinationRules say of TLS: whether the server is verified, and whether the other side expects it.
func (c *checker) tls() {
	for _, rule := range c.DestinationRules {
		for _, one := range levelsOf(rule.Spec) {
			if one.tls == nil {
				continue
			}
			c.verification(rule, one)
			c.tlsInMesh(rule, one)
			c.doubleTLS(rule, one)
		}
	}
}

// originates reports whether TLS is begun by the proxy and not by the mesh.
func originates(tls *networking.ClientTLSSettings) bool {
	return tls.GetMode() == networking.ClientTLSSettings_SIMPLE || tls.GetMode() == networking.ClientTLSSettings_MUTUAL
}

// verification looks for the certificates by which a server is verified. Without any, the proxy takes those of its operating
// system, which know public servers and no others.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
func (c *checker) verification(rule *destinationRule, one level) {
	tls := one.tls
	if rule.Generated != nil && len(rule.Generated.Patches) == 0 {
		c.externalVerification(rule, tls)
		return
	}
	if !originates(tls) || tls.GetCaCertificates() != "" || tls.GetCredentialName() != "" && rule.Spec.GetWorkloadSelector() != nil {
		return
	}
	code := diag.UnverifiedServer
	if one.port != 0 {
		code = diag.UnverifiedServerOnPort
	}
	finding := diag.Finding{
		Code: code, Severity: diag.Warning, Source: rule.At(one.field + ".tls"),
		Message: fmt.Sprintf("tls mode %s of %s names no caCertificates: a proxy verifies %q by the public authorities of its operating system, which hardly know it",
			tls.GetMode(), rule.Resource, rule.Spec.Host),
		Try: "caCertificates: the file of the authority that signed the server's certificate, and subjectAltNames",
	}
	switch {
	case tls.GetInsecureSkipVerify().GetValue():
		finding.Message = fmt.Sprintf("tls of %s does not verify the server: insecureSkipVerify takes any certificate, also that of somebody in between", rule.Resource)
		finding.Try = "caCertificates: the file of the authority that signed the server's certificate, without insecureSkipVerify"
	case tls.GetCredentialName() != "":
		finding.Severity = diag.Info // Right for an egress gateway, and no build knows who calls.
		finding.Message = fmt.Sprintf("credentialName %q of %s is used only at gateways, because the rule has no workloadSelector; sidecars go without it",
			tls.GetCredentialName(), rule.Resource)
		finding.Try = "a workloadSelector with the labels of the callers, or caCertificates as a file in their proxies"
	case c.public(rule):
		finding.Severity = diag.Info
		finding.Message = fmt.Sprintf("tls mode %s of %s names no caCertificates: a proxy verifies %q by the public authorities of its operating system",
			tls.GetMode(), rule.Resource, rule.Spec.Host)
		finding.Try = "caCertificates: the file of the one authority that the server uses, where any public one is too many"
	}
	c.report(finding)
}

// public reports whether the host of a rule looks like one that a public authority knows.
func (c *checker) public(rule *destinationRule) bool {
	host := c.host(rule.Spec.Host, rule.Namespace)
	return host.Namespace == "" && host.Meant == nil && c.publicName(rule.Spec.Host)
}

func (c *checker) publicName(host string) bool {
	if !strings.Contains(host, ".") {
		return false
	}
	last := host[strings.LastIndex(host, ".")+1:]
	private := []string{"local", "internal", "svc", "lan", "corp", "home", "intranet", "private", "test", "localhost"}
	return !slices.Contains(private, last) && strings.ContainsAny(last, "abcdefghijklmnopqrstuvwxyz") && !strings.HasSuffix(host, ".svc."+c.Istio.ClusterDomain)
}

// doubleTLS finds TLS begun by the proxy on a port whose callers begin it themselves: the server would get TLS inside of TLS.
// Where a route sends plain HTTP to the port, it is the callers of that route who need it.
func (c *checker) doubleTLS(rule *destinationRule, one level) {
	host := c.host(rule.Spec.Host, rule.Namespace)
	if !originates(one.tls) || !host.Known() || host.Wild() {
		return
	}
	for _, port := range portsOf(host) {
		protocol := strings.ToUpper(port.protocol)
		if one.port != 0 && one.port != port.number || protocol != "HTTPS" && protocol != "TLS" || c.routedPlain(host.Full, one, port.number) {
			continue
		}
		if one.port == 0 && hasPort(rule.Spec, port.number) {
			continue
		}
		c.report(diag.Finding{
			Code: diag.DoubleTLS, Severity: diag.Warning, Source: rule.At(one.field + ".tls"),
			Message: fmt.Sprintf("tls mode %s of %s holds for port %d of %q too, whose callers speak %s already: the server gets TLS inside of TLS",
				one.tls.GetMode(), rule.Resource, port.number, rule.Spec.Host, protocol),
			Related: []diag.Source{placeOf(host)},
			Try:     "portLevelSettings for the port that callers use without TLS, such as 80 with targetPort 443",
		})
		return
	}
}

func hasPort(spec *networking.DestinationRule, number uint32) bool {
	for _, port := range spec.GetTrafficPolicy().GetPortLevelSettings() {
		if port.GetPort().GetNumber() == number {
			return true
		}
	}
	return false
}

// routedPlain reports whether a route for HTTP sends calls to a port of a host, or to a subset of it.
func (c *checker) routedPlain(full string, one level, port uint32) bool {
	for _, vs := range c.VirtualServices {
		for _, to := range destinations(vs.Spec) {
			if !strings.HasPrefix(to.field, "spec.http") || c.host(to.GetHost(), vs.Namespace).Full != full || to.GetPort().GetNumber() != port {
				continue
			}
			if one.subset == nil || to.GetSubset() == one.subset.GetName() {
				return true
			}
		}
	}
	if one.subset == nil && c.routedByHostname(full, port) {
		return true
	}
	return one.subset != nil // Nothing but a route sends calls to a subset.
}

// routedByHostname reports whether a route for HTTP of the Gateway API sends calls to a port of a host.
func (c *checker) routedByHostname(host string, port uint32) bool {
	for _, route := range c.Routes() {
		for _, rule := range route.Spec.Rules {
			if route.Kind == "HTTPRoute" && slices.ContainsFunc(rule.Backends, func(to cluster.Reference) bool {
				return to.Hostname() && to.Name == host && int64(to.Port) == int64(port)
			}) {
				return true
			}
		}
	}
	return false
}

// tlsInMesh finds TLS settings for calls between pods of the mesh, which take the place of automatic mutual TLS.
// https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule
func (c *checker) tlsInMesh(rule *destinationRule, one level) {
	pod := c.plainPod(rule, one)
	if pod == nil {
		return
	}
	c.report(diag.Finding{
		Code: diag.TLSInMesh, Severity: diag.Warning, Source: rule.At(one.field + ".tls.mode"),
		Message: fmt.Sprintf("tls mode %s of %s takes the place of mutual TLS to pods that have a sidecar (%s): calls to them %s",
			one.tls.GetMode(), rule.Resource, pod.Item.Resource(), consequence(one.tls)),
		Related: []diag.Source{pod.Source(pod.MetadataField("labels"))},
		Try:     "remove tls: without it a proxy uses mutual TLS wherever the other side has a sidecar",
	})
}

func consequence(tls *networking.ClientTLSSettings) string {
	if tls.GetMode() == networking.ClientTLSSettings_DISABLE {
		return "are not encrypted, carry no identity, and fail where mutual TLS is required"
	}
	return "fail, because the application gets TLS that it does not expect"
}

// plainPod finds a pod with a sidecar that a TLS setting is wrong for. An application may serve TLS itself, on a port of
// that protocol; and where the mesh has mutual TLS turned off or required, the checks of policies say more.
func (c *checker) plainPod(rule *destinationRule, one level) *cluster.Pod {
	mode := one.tls.GetMode()
	if mode != networking.ClientTLSSettings_DISABLE && mode != networking.ClientTLSSettings_SIMPLE {
		return nil
	}
	full := c.host(rule.Spec.Host, rule.Namespace).Full
	for _, service := range c.Facts.Services {
		host := c.host(service.Name, service.Namespace)
		if full != host.Full && !cluster.Covers(full, host.Full) ||
			mode == networking.ClientTLSSettings_SIMPLE && !servesPlain(service, one.port) {
			continue
		}
		pods := c.behind(host).pods
		fits := func(pod *cluster.Pod) bool {
			return c.automatic(pod) && (one.subset == nil || selects(one.subset.GetLabels(), pod.Labels))
		}
		if i := slices.IndexFunc(pods, fits); i >= 0 {
			return pods[i]
		}
	}
	return nil
}
