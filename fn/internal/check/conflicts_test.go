package check

import "testing"

func TestSameHost(t *testing.T) {
	tests := []struct {
		a, inA, b, inB string
		want           bool
	}{
		{"web", "shop", "web", "shop", true},
		{"web", "shop", "web", "tools", false},
		{"web", "shop", "web.shop", "tools", true},
		{"web", "shop", "web.shop.svc", "tools", true},
		{"web", "shop", "web.shop.svc.cluster.local", "tools", true},
		{"web.shop.svc.cluster.local", "shop", "web.shop.svc.k8s.example.net", "tools", true},
		{"web", "shop", "web.tools.svc.cluster.local", "tools", false},
		{"shop.example.com", "shop", "shop.example.com", "tools", true},
		{"shop.example.com", "shop", "www.shop.example.com", "shop", false},
		{"web", "", "web", "", true},
		{"web", "", "web", "tools", false},
	}
	for _, test := range tests {
		if got := sameHost(test.a, test.inA, test.b, test.inB); got != test.want {
			t.Errorf("%s in %q and %s in %q: %t, want %t", test.a, test.inA, test.b, test.inB, got, test.want)
		}
		if got := sameHost(test.b, test.inB, test.a, test.inA); got != test.want {
			t.Errorf("%s in %q and %s in %q: %t, want %t", test.b, test.inB, test.a, test.inA, got, test.want)
		}
	}
}

func TestShort(t *testing.T) {
	for host, want := range map[string]string{
		"web":                           "web.shop",
		"web.tools":                     "web.tools",
		"web.tools.svc":                 "web.tools",
		"web.tools.svc.cluster.local":   "web.tools",
		"web.tools.svc.k8s.example.net": "web.tools",
		"shop.example.com":              "shop.example.com",
		"a.svc.example.com":             "a.svc.example.com",
	} {
		if got := short(host, "shop"); got != want {
			t.Errorf("short(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestCoveredHost(t *testing.T) {
	tests := []struct {
		host, wildcard string
		want           bool
	}{
		{"web", "*", true},
		{"web", "*.local", true},
		{"web", "*.shop.svc.cluster.local", true},
		{"web", "*.shop.svc.k8s.example.net", true},
		{"web", "*.svc.cluster.local", true},
		{"web", "*.tools.svc.cluster.local", false},
		{"web", "*.example.com", false},
		{"web", "web", false},
		{"web.shop.svc.k8s.example.net", "*.example.net", true},
	}
	for _, test := range tests {
		mine := routed{kind: destinationRule, namespace: "shop", hosts: []string{test.host}}
		theirs := routed{kind: destinationRule, namespace: "tools", hosts: []string{test.wildcard}}
		if _, got := coveredHost(mine, theirs); got != test.want {
			t.Errorf("%s covers %s: %t, want %t", test.wildcard, test.host, got, test.want)
		}
	}
}

func TestSharesGateway(t *testing.T) {
	known := []gateway{
		{name: "shop/mine", selector: map[string]string{"istio": "ingress"}, servers: []server{{port: "80"}}},
		{name: "tools/same", selector: map[string]string{"istio": "ingress"}, servers: []server{{port: "443"}, {port: "80"}}},
		{name: "tools/port", selector: map[string]string{"istio": "ingress"}, servers: []server{{port: "443"}}},
		{name: "tools/pods", selector: map[string]string{"istio": "other"}, servers: []server{{port: "80"}}},
	}
	tests := []struct {
		mine, theirs []string
		want         bool
	}{
		{nil, nil, true},
		{nil, []string{"mesh", "same"}, true},
		{nil, []string{"same"}, false},
		{[]string{"mine"}, nil, false},
		{[]string{"mine"}, []string{"shop/mine"}, true},
		{[]string{"mine"}, []string{"mine"}, false},
		{[]string{"mine"}, []string{"same"}, true},
		{[]string{"mine"}, []string{"port"}, false},
		{[]string{"mine"}, []string{"pods"}, false},
		{[]string{"mine"}, []string{"unknown"}, false},
	}
	for _, test := range tests {
		mine := routed{kind: virtualService, namespace: "shop", gateways: test.mine}
		theirs := routed{kind: virtualService, namespace: "tools", gateways: test.theirs}
		if got := sharesGateway(mine, theirs, known); got != test.want {
			t.Errorf("%v in shop and %v in tools: %t, want %t", test.mine, test.theirs, got, test.want)
		}
	}
}
