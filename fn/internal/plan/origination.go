package plan

import (
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Origination is TLS that the proxy speaks for the application, and whom it trusts in it.
type Origination struct {
	SNI         Value[string]   `json:"sni"`
	Names       Value[[]string] `json:"names"`                // of which the certificate has to have one
	Authorities Value[string]   `json:"authorities,omitzero"` // a file with them, unset for those of the operating system
	From        spec.Origin     `json:"-"`
}

// originationOf decides the TLS of an entry, nil where the application speaks it itself or nobody does. The name is checked
// always: without subjectAltNames, Envoy would take any certificate that its authorities have signed.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
func originationOf(e *spec.External) *Origination {
	if !e.Originates() {
		return nil
	}
	in, host := e.Entry.TLS, e.Entry.URL.Host
	origin := func(field string) spec.Origin {
		return spec.Origin{Layer: spec.OwnEntry, Setting: "tls." + field, At: e.At("tls." + field)}
	}
	url := spec.Origin{Layer: spec.OwnEntry, Setting: "url", At: e.At("url")}
	const why = "the host of the URL"
	out := &Origination{
		SNI:         given(in.SNI, origin("sni")).or(host, spec.Computed("tls.sni", why, url)),
		Authorities: given(in.CACertificates, origin("caCertificates")),
		From:        spec.Origin{Layer: spec.OwnEntry, Setting: "tls", At: e.At("tls")},
	}
	if in.SubjectAltNames != nil {
		out.Names = Value[[]string]{in.SubjectAltNames, origin("subjectAltNames")}
	}
	out.Names = out.Names.or([]string{host}, spec.Computed("tls.subjectAltNames", why, url))
	return out
}
