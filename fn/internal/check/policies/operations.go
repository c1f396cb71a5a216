package policies

import (
	"fmt"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// eachOperation calls a function for every operation of a policy with its field path.
func eachOperation(policy *authorizationPolicy, visit func(operation *security.Operation, field string)) {
	for i, rule := range policy.Spec.GetRules() {
		for j, to := range rule.GetTo() {
			visit(to.GetOperation(), diag.At("spec.rules", i)+diag.At(".to", j)+".operation")
		}
	}
}

// operations checks what the rules say about requests.
func (c *checker) operations(policy *authorizationPolicy) {
	var hosts []value
	eachOperation(policy, func(operation *security.Operation, field string) {
		methods := slices.Concat(valuesOf(field+".methods", operation.GetMethods()), valuesOf(field+".notMethods", operation.GetNotMethods()))
		for _, method := range methods {
			c.method(policy, method)
		}
		hosts = slices.Concat(hosts, valuesOf(field+".hosts", operation.GetHosts()), valuesOf(field+".notHosts", operation.GetNotHosts()))
	})
	c.hosts(policy, hosts)
}

// knownMethods are those of HTTP, WebDAV and the caches that understand PURGE.
// https://www.iana.org/assignments/http-methods/http-methods.xhtml
func knownMethods() []string {
	return []string{
		"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "ACL", "BIND", "CHECKIN", "CHECKOUT", "COPY",
		"LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "PURGE",
		"QUERY", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNLINK", "UNLOCK", "UPDATE",
	}
}

// method reports one that no request has. Methods are compared letter by letter.
func (c *checker) method(policy *authorizationPolicy, method value) {
	upper := strings.ToUpper(method.text)
	finding := diag.Finding{
		Code: diag.PolicyMethod, Source: policy.At(method.field),
		Message: fmt.Sprintf("no request has method %q, so the rule of %s never matches", method.text, policy.Resource),
	}
	switch {
	case slices.ContainsFunc(knownMethods(), func(known string) bool { return matches(method.text, known) }):
		return
	case strings.Contains(method.text, "/"):
		finding.Because = []string{"a gRPC call is a POST, and its path is its full method name"}
		finding.Try = fmt.Sprintf("paths: [%q]", method.text)
	case slices.ContainsFunc(knownMethods(), func(known string) bool { return matches(upper, known) }):
		finding.Because = []string{"methods are compared as they are written"}
		finding.Try, finding.Proposed = upper, upper
	default:
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("method %q is none that HTTP knows, so the rule of %s hardly ever matches", method.text, policy.Resource)
		if nearest, ok := diag.Nearest(method.text, knownMethods()); ok {
			finding.Try, finding.Proposed = nearest, nearest
		}
	}
	c.report(finding)
}

// hosts checks the names in the Host header that rules speak of.
func (c *checker) hosts(policy *authorizationPolicy, hosts []value) {
	var unknown []string
	var at value
	for _, host := range hosts {
		name, _, _ := strings.Cut(host.text, ":") // The header carries a port other than 80 and 443.
		if wild(name) || c.served(name, policy.Namespace) {
			continue
		}
		resolved := c.Resolve(name, policy.Namespace)
		if services := c.ServicesIn(resolved.Namespace); (resolved.Namespace != "" || !strings.Contains(name, ".")) && len(services) > 0 {
			c.report(noService(policy, host, resolved, services))
			continue
		}
		if len(unknown) == 0 {
			at = host
		}
		unknown = append(unknown, host.text)
	}
	if len(unknown) > 0 {
		c.report(diag.Finding{
			Code: diag.PolicyHost, Severity: diag.Info, Source: policy.At(at.field),
			Message: fmt.Sprintf("not checked: whether anything has the host %s, which %s speaks of; the build would have to contain its Service, ServiceEntry, VirtualService or Gateway",
				quoted(unknown), policy.Resource),
		})
	}
}

// noService reports a host that reads as a Service of a namespace whose Services the build has.
func noService(policy *authorizationPolicy, host value, resolved cluster.Host, services []string) diag.Finding {
	finding := diag.Finding{
		Code: diag.PolicyHost, Severity: diag.Warning, Source: policy.At(host.field),
		Message: fmt.Sprintf("%s speaks of host %q, and there is no such Service in %s", policy.Resource, host.text, cluster.InNamespace(resolved.Namespace)),
		Because: []string{"its Services: " + diag.OneOf(services)},
	}
	name, rest, dotted := strings.Cut(host.text, ".")
	if nearest, ok := diag.Nearest(name, services); ok {
		finding.Proposed = nearest
		if dotted {
			finding.Proposed += "." + rest
		}
		finding.Try = finding.Proposed
	}
	return finding
}

// served reports whether something in the build answers to a host name. A person may also shorten the name of a Service
// of another namespace, as DNS allows.
func (c *checker) served(name, namespace string) bool {
	resolved := c.Resolve(name, namespace)
	if resolved.Known() || resolved.Meant != nil || c.MadeHost(&resolved) {
		return true
	}
	fits := func(host string) bool {
		_, host, _ = strings.Cut("/"+host[strings.LastIndex(host, "/")+1:], "/")
		return host == name || cluster.Covers(host, name)
	}
	for _, object := range c.VirtualServices {
		if slices.ContainsFunc(object.Spec.GetHosts(), fits) {
			return true
		}
	}
	for _, object := range c.Gateways {
		for _, server := range object.Spec.GetServers() {
			if slices.ContainsFunc(server.GetHosts(), fits) {
				return true
			}
		}
	}
	return c.routed(fits)
}

// routed reports whether a host is among those of the Gateway API's objects, which are read as they are written.
func (c *checker) routed(fits func(string) bool) bool {
	for _, object := range c.Rest {
		if object.Group() != cluster.GatewayAPIGroup || object.Item == nil {
			continue
		}
		if names := object.Item.Lookup("spec", "hostnames"); names != nil {
			for _, name := range names.Content {
				if fits(name.Value) {
					return true
				}
			}
		}
	}
	return false
}

// everything finds a rule without conditions beside others, which it makes meaningless.
func (c *checker) everything(policy *authorizationPolicy) {
	rules := policy.Spec.GetRules()
	for i, rule := range rules {
		if len(rules) == 1 || len(rule.GetFrom())+len(rule.GetTo())+len(rule.GetWhen()) > 0 {
			continue
		}
		c.report(diag.Finding{
			Code: diag.RuleMatchesAll, Severity: diag.Warning, Source: policy.At(diag.At("spec.rules", i)),
			Message: fmt.Sprintf("this rule of %s matches every call, so the other rules change nothing", policy.Resource),
			Because: []string{"rules are alternatives: one that matches is enough"},
			Try:     "remove this rule, or the others",
		})
		return
	}
}
