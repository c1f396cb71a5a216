package gateways

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// authority is the suffix of the Secret that holds only the certificate authority.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#key-formats
const authority = "-cacert"

// credential is a Secret that a server of a Gateway names.
type credential struct {
	gateway *gateway
	name    string
	field   string
	mutual  bool // the same Secret, or one beside it, has to bring a certificate authority
	trusted bool // the Secret is only for the certificate authority
}

// credentials checks that the Secrets of servers are where the gateway's pods look for them, and what is in them.
func (c *checker) credentials() {
	known := c.secrets()
	judged := map[*facts.Secret]bool{}
	for _, g := range c.Gateways {
		namespaces := c.placeOf(g).namespaces
		var unknown []credential
		for _, wanted := range credentialsOf(g) {
			if len(namespaces) == 0 {
				unknown = append(unknown, wanted)
			}
			for _, namespace := range namespaces {
				if !c.credential(known, wanted, namespace, judged) {
					unknown = append(unknown, wanted)
				}
			}
		}
		c.unknownCredentials(g, namespaces, unknown)
	}
}

// credential checks one Secret in one namespace, and returns false where the build cannot say anything about it.
func (c *checker) credential(known *secrets, wanted credential, namespace string, judged map[*facts.Secret]bool) bool {
	if !known.has(namespace, wanted.name) {
		return c.absent(known, wanted, namespace)
	}
	secret := known.written[namespace][wanted.name]
	if secret != nil && !wanted.trusted && !judged[secret] {
		judged[secret] = true
		c.content(secret, wanted)
	}
	c.withoutAuthority(known, secret, wanted)
	return true
}

// credentialsOf lists the Secrets that a Gateway names. Names with a scheme are Istio's own.
func credentialsOf(g *gateway) []credential {
	var list []credential
	for i, server := range g.Spec.Servers {
		tls := server.GetTls()
		field := diag.At("spec.servers", i) + ".tls"
		mutual := tls.GetMode() == networking.ServerTLSSettings_MUTUAL || tls.GetMode() == networking.ServerTLSSettings_OPTIONAL_MUTUAL
		add := func(name, at string, trusted bool) {
			if name != "" && !strings.Contains(name, "://") {
				list = append(list, credential{
					gateway: g, name: name, field: field + "." + at,
					mutual: mutual && !trusted && tls.GetCaCertCredentialName() == "", trusted: trusted,
				})
			}
		}
		add(tls.GetCredentialName(), "credentialName", false)
		for j, name := range tls.GetCredentialNames() {
			add(name, diag.At("credentialNames", j), false)
		}
		add(tls.GetCaCertCredentialName(), "caCertCredentialName", true)
	}
	return list
}

// absent reports a Secret that a namespace will not have, where the build can say so.
func (c *checker) absent(known *secrets, wanted credential, namespace string) bool {
	finding := diag.Finding{
		Code: diag.CredentialMissing, Severity: diag.Warning, Source: wanted.gateway.At(wanted.field),
		Because: []string{fmt.Sprintf("a gateway reads Secrets of the namespace of its pods, which is %s", namespace)},
	}
	if elsewhere := known.elsewhere(wanted.name); len(elsewhere) > 0 {
		finding.Message = fmt.Sprintf("Secret %q is in namespace %s, and the pods of the gateway are in %s",
			wanted.name, strings.Join(elsewhere, ", "), namespace)
		finding.Try = "move the Secret, or what makes it, to " + namespace
		c.report(finding)
		return true
	}
	names := known.names(namespace)
	if len(names) == 0 {
		return false
	}
	finding.Message = fmt.Sprintf("the build makes no Secret %q in namespace %s; it makes: %s", wanted.name, namespace, diag.OneOf(names))
	if near, ok := diag.Nearest(wanted.name, names); ok {
		finding.Try, finding.Proposed = near, near
	}
	c.report(finding)
	return true
}

// unknownCredentials says once per Gateway which Secrets could not be looked for.
func (c *checker) unknownCredentials(g *gateway, namespaces []string, unknown []credential) {
	if len(unknown) == 0 {
		return
	}
	var names []string
	for _, credential := range unknown {
		names = append(names, credential.name)
	}
	where := "the namespace of its pods, which the build does not have"
	if len(namespaces) > 0 {
		where = "namespace " + strings.Join(namespaces, ", ") + ", where the build makes no Secrets"
	}
	c.report(diag.Finding{
		Code: diag.CredentialMissing, Severity: diag.Info, Source: g.At(unknown[0].field),
		Message: fmt.Sprintf("not checked: whether the Secrets that %s names (%s) are in %s", g.Resource, diag.OneOf(names), where),
	})
}
