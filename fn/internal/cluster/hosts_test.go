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
	return &View{
		Istio: spec.Istio{ClusterDomain: domain}, Facts: &facts.Facts{Services: []*facts.Service{web}},
		ServiceEntries: []*Object[*networking.ServiceEntry]{entry},
	}
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
