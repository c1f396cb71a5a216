package gateways

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// content judges what a Secret of a server holds: a certificate and its key, under one of the two pairs of names that
// Istio knows. Whether the certificate has expired depends on the day, so it is no property of a build.
// The finding stands at the name, because the line of a finding is printed, and a Secret's data must not be.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#key-formats
func (c *checker) content(secret *facts.Secret, wanted credential) {
	finding := diag.Finding{
		Code: diag.CredentialInvalid, Source: secret.Source("metadata.name"), Related: []diag.Source{wanted.gateway.At(wanted.field)},
	}
	certificate, key, ok := pairOf(secret)
	switch {
	case len(secret.Keys) == 0:
		finding.Severity = diag.Info
		finding.Message = fmt.Sprintf("not checked: what Secret %s/%s holds; it has no data in the build", secret.Namespace, secret.Name)
	case !ok && strings.HasSuffix(wanted.name, authority):
		return
	case !ok:
		finding.Message = fmt.Sprintf("a gateway needs the entries tls.crt and tls.key (or cert and key) of Secret %s/%s; it has: %s",
			secret.Namespace, secret.Name, diag.OneOf(secret.Keys))
		finding.Try = "the certificate chain as tls.crt and its private key as tls.key"
	default:
		entry, problem := judge(written(secret, certificate), written(secret, key))
		if problem == "" {
			return
		}
		finding.Message = fmt.Sprintf("Secret %s/%s holds under %s %s", secret.Namespace, secret.Name,
			map[role]string{chainEntry: certificate, keyEntry: key}[entry], problem)
	}
	c.report(finding)
}

// pairOf names the entries that hold the certificate and its key.
func pairOf(secret *facts.Secret) (certificate, key string, ok bool) {
	for _, pair := range [][2]string{{"cert", "key"}, {"tls.crt", "tls.key"}} {
		if slices.Contains(secret.Keys, pair[0]) && slices.Contains(secret.Keys, pair[1]) {
			return pair[0], pair[1], true
		}
	}
	return "", "", false
}

// role is what an entry of a Secret is for.
type role int

const (
	chainEntry role = iota
	keyEntry
)

// judge says what is wrong with a certificate chain and its key, and with which of the two. What is not there is not
// judged.
func judge(chain, private string) (role, string) {
	if chain == "" {
		return chainEntry, ""
	}
	block, _ := pem.Decode([]byte(chain))
	if block == nil {
		return chainEntry, "no certificate in PEM form"
	}
	if _, err := x509.ParseCertificates(block.Bytes); err != nil {
		return chainEntry, "something that is no certificate"
	}
	if _, err := tls.X509KeyPair([]byte(chain), []byte(private)); private != "" && err != nil {
		return keyEntry, "no private key that belongs to the certificate"
	}
	return chainEntry, ""
}

// written is the text of an entry of a Secret that is there in PEM form, broken or not. Nothing stands for one that is
// encrypted in the repository, or filled in later.
func written(secret *facts.Secret, key string) string {
	text := ""
	if node := secret.Item.Field(diag.Join("stringData", key)); node != nil {
		text = node.Value
	} else if node := secret.Item.Field(diag.Join("data", key)); node != nil {
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(node.Value), ""))
		if err != nil {
			return ""
		}
		text = string(decoded)
	}
	if !strings.Contains(text, "-----BEGIN") {
		return ""
	}
	return text
}

// withoutAuthority finds a server that asks callers for certificates and has nothing to judge them by.
func (c *checker) withoutAuthority(known *secrets, secret *facts.Secret, wanted credential) {
	if !wanted.mutual || secret == nil || len(secret.Keys) == 0 || known.has(secret.Namespace, wanted.name+authority) {
		return
	}
	if slices.Contains(secret.Keys, "ca.crt") || slices.Contains(secret.Keys, "cacert") {
		return
	}
	c.report(diag.Finding{
		Code: diag.CredentialNoAuthority, Severity: diag.Warning, Source: wanted.gateway.At(wanted.field),
		Message: fmt.Sprintf("the server asks callers for a certificate, and neither Secret %q has ca.crt nor does the build make a Secret %q",
			wanted.name, wanted.name+authority),
		Because: []string{"in mode MUTUAL, the gateway needs the certificate authority that callers' certificates come from"},
		Related: []diag.Source{secret.Source("metadata.name")},
		Try:     "the authority as ca.crt of the Secret, or as cacert of a Secret " + wanted.name + authority,
	})
}
