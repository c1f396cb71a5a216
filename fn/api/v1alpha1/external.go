package v1alpha1

// External is a host outside the mesh that workloads of this Mesh call. `dependsOn` names it by its key in `external`. Its
// settings of calls are those of a Service, without `outlierDetection` and `loadBalancer` where the application chooses the
// address. Without a `maxEjectionPercent`, half of the addresses that DNS has for the host may be out at a time, so that a
// host with one address is never cut off.
//
// Becomes: one ServiceEntry per namespace and host, seen by its own namespace and called by the host with dashes, from the
// stage `observe` on; and of the same name a DestinationRule for TLS, and from the stage `resilience` on a VirtualService
// and what the settings of calls need. With an egress gateway in the profile, calls go through it: see `egress`.
// Error: a host inside the mesh: a Service, or a name that ends in `.svc` or the cluster's domain.
// Error: the same host and port twice in one Mesh, or with different settings in two Meshes of a namespace.
// Error: timeouts, retries and limits of requests where the connection is encrypted by the application or is TCP: a proxy
// sees no requests in it. `tls: originate` lets it see them.
//
// Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/
type External struct {
	// URL is the scheme, the host and, where it is not the scheme's own, the port. The schemes are `https`, `http`, `grpc`,
	// `grpcs`, `tls` and `tcp`. `https://*.example.com` is every host below example.com, at the address that the application
	// looked up itself. Hosts of `tcp` that share a port need `addresses`: nothing else tells their connections apart.
	//
	// Error: with a path; `tcp` without a port; a wildcard of `tcp`.
	// Example: https://api.stripe.com
	URL ExternalURL `json:"url" meshfn:"required,example=https://api.stripe.com"`
	// Addresses are the addresses of the host, or CIDR ranges, where the application connects to an address rather than to
	// a name that can be looked up, or where a TCP host shares its port with others. A connection then goes to the address
	// that the application chose.
	//
	// Default: looked up in DNS.
	// Becomes: `addresses` of the ServiceEntry, with `resolution: NONE`.
	// Error: what is neither an address nor a range; together with `originate`.
	// Example: [10.20.0.0/16]
	Addresses []string `json:"addresses,omitempty" meshfn:"min=1,max=256,example=10.20.0.0/16"`
	// TLS says who speaks TLS: with `passthrough` the application does, and the sidecar sees only encrypted bytes; with
	// `originate` the application calls `http://` and the sidecar makes TLS of it, which it can then repeat, time and
	// measure. The application has to change its URL for that, and nothing else.
	//
	// Default: passthrough for https, grpcs and tls; none for the others.
	// Becomes: with `originate`, port 80 of the ServiceEntry with the real one as its target, and `tls: SIMPLE` for it in
	// the DestinationRule, from the stage `observe` on.
	// Example: originate
	// Error: for http, grpc and tcp, which speak no TLS; `originate` for a wildcard, whose name to verify is unknown.
	//
	// Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/
	TLS             *ExternalTLS `json:"tls,omitempty"`
	TrafficSettings `json:",inline"`
}

// ExternalTLS says who speaks TLS with an external host. A plain text is the mode. What is beside the mode is for
// `originate`.
type ExternalTLS struct {
	// Mode is `originate` or `passthrough`.
	//
	// Default: passthrough.
	Mode *string `json:"mode,omitempty" meshfn:"enum=originate|passthrough"`
	// Port is the port on which the application calls, where the sidecar speaks TLS.
	//
	// Default: 80.
	// Error: none for `tls`, where the application speaks something else than HTTP; that of the URL of another entry.
	Port *int32 `json:"port,omitempty" meshfn:"min=1,max=65535,example=80"`
	// SNI is the name that the sidecar asks for.
	//
	// Default: the host.
	SNI *string `json:"sni,omitempty" meshfn:"example=api.example.com"`
	// SubjectAltNames are the names of which the certificate has to have one.
	//
	// Default: the host.
	// Example: [api.example.com]
	SubjectAltNames []string `json:"subjectAltNames,omitempty" meshfn:"min=1,max=16,example=api.example.com"`
	// CACertificates is a file in the proxy with the authorities that are trusted.
	//
	// Default: those of the proxy's operating system, which know public hosts.
	CACertificates *string `json:"caCertificates,omitempty" meshfn:"example=/etc/ssl/certs/ca-certificates.crt"`
}

// Words lists the short forms.
func (*ExternalTLS) Words() []string { return []string{"originate", "passthrough"} }

// UnmarshalText reads the short form.
func (t *ExternalTLS) UnmarshalText(text []byte) error {
	for _, word := range t.Words() {
		if word == string(text) {
			t.Mode = &word
			return nil
		}
	}
	return &ValueError{Problem: "\"" + string(text) + "\" is not a mode", Allowed: "originate, passthrough, or a mapping"}
}
