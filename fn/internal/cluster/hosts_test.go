package cluster

import (
	"testing"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

func view(domain string) *View {
	web := &facts.Service{Identity: facts.Identity{Kind: "Service", Name: "web", Namespace: "shop"}}
	entry := &Object[*networking.ServiceEntry]{
		Meta: &Meta{Resource: diag.Resource{Kind: "ServiceEntry", Namespace: "shop", Name: "outside"}},
		Spec: &networking.ServiceEntry{Hosts: []string{"api.example.com", "*.partner.example.net"}},
	}
	v := &View{
		Istio: spec.Istio{ClusterDomain: domain}, Facts: &facts.Facts{Services: []*facts.Service{web}},
		ServiceEntries: []*Object[*networking.ServiceEntry]{entry},
	}
	v.index()
	return v
}

// TestResolve reads hosts as Istio does, which completes only names without a dot.
func TestResolve(t *testing.T) {
	tests := []struct {
		host, from string
		full, in   string
		service    bool
		meant      bool
		entries    int
	}{
		{host: "web", from: "shop", full: "web.shop.svc.cluster.local", in: "shop", service: true},
		{host: "web", from: "tools", full: "web.tools.svc.cluster.local", in: "tools"},
		{host: "web.shop.svc.cluster.local", from: "tools", full: "web.shop.svc.cluster.local", in: "shop", service: true},
		{host: "web.shop", from: "shop", full: "web.shop", meant: true},
		{host: "web.shop.svc", from: "shop", full: "web.shop.svc", meant: true},
		{host: "web.shop.svc.other.domain", from: "shop", full: "web.shop.svc.other.domain"},
		{host: "example.com", from: "shop", full: "example.com"},
		{host: "api.example.com", from: "shop", full: "api.example.com", entries: 1},
		{host: "eu.partner.example.net", from: "shop", full: "eu.partner.example.net", entries: 1},
		{host: "*.partner.example.net", from: "shop", full: "*.partner.example.net", entries: 1},
		{host: "*", from: "shop", full: "*"},
		{host: "*.shop.svc.cluster.local", from: "shop", full: "*.shop.svc.cluster.local"},
		{host: "", from: "shop", full: ""},
	}
	v := view("cluster.local")
	for _, test := range tests {
		got := v.Resolve(test.host, test.from)
		if got.Full != test.full || got.Namespace != test.in || (got.Service != nil) != test.service ||
			(got.Meant != nil) != test.meant || len(got.Entries) != test.entries {
			t.Errorf("%q in %q is %+v", test.host, test.from, got)
		}
	}
	if got := view("k8s.example.net").Resolve("web.shop.svc.k8s.example.net", "tools"); got.Service == nil {
		t.Errorf("another cluster domain: %+v", got)
	}
}

// TestOrder holds that the entries of a host stay in the order of the list, each once, whether by name or by a wildcard.
func TestOrder(t *testing.T) {
	entry := func(name string, hosts ...string) *Object[*networking.ServiceEntry] {
		meta := &Meta{Resource: diag.Resource{Kind: "ServiceEntry", Namespace: "shop", Name: name}}
		return &Object[*networking.ServiceEntry]{Meta: meta, Spec: &networking.ServiceEntry{Hosts: hosts}}
	}
	v := &View{Facts: &facts.Facts{}, ServiceEntries: []*Object[*networking.ServiceEntry]{
		entry("a", "*.example.com", "api.example.com"), entry("b", "api.example.com"), entry("c", "other.example.com"), entry("d", "*"),
	}}
	v.index()
	names := ""
	host := v.Resolve("api.example.com", "shop")
	for _, one := range host.Entries {
		names += one.Name
	}
	if names != "abd" {
		t.Errorf("the entries are %q, want a, b and d", names)
	}
}
