package facts

import "testing"

func TestRoutesOf(t *testing.T) {
	route := func(namespace, host string, exportTo ...string) *Route {
		return &Route{Identity: Identity{Namespace: namespace, Name: host}, Hosts: []string{host}, ExportTo: exportTo}
	}
	const web = "web.shop.svc.cluster.local"
	for _, test := range []struct {
		what      string
		route     *Route
		host      string
		otherwise []string
		want      bool
	}{
		{"full name", route("platform", web), web, nil, true},
		{"another host", route("platform", "cart.shop.svc.cluster.local"), web, nil, false},
		{"of the namespace by which the host is imported anyway", route("shop", web), web, nil, false},
		{"short name, which is that of the route's namespace", route("platform", "web"), web, nil, false},
		{"short name of its own namespace", route("platform", "web"), "web.platform.svc.cluster.local", nil, true},
		{"name with a namespace, which Istio does not complete", route("platform", "web.shop"), web, nil, false},
		{"everything", route("platform", "*"), web, nil, true},
		{"wildcard around", route("platform", "*.shop.svc.cluster.local"), web, nil, true},
		{"another wildcard", route("platform", "*.stock.svc.cluster.local"), web, nil, false},
		{"part of a wildcard", route("platform", "api.example.com"), "*.example.com", nil, true},
		{"exported to the caller", route("platform", web, "billing"), web, nil, true},
		{"exported to all", route("platform", web, "*"), web, nil, true},
		{"exported elsewhere", route("platform", web, "shop"), web, nil, false},
		{"private elsewhere", route("platform", web, "."), web, nil, false},
		{"private to the caller", route("billing", web, "."), web, nil, true},
		{"private by default", route("platform", web), web, []string{"."}, false},
		{"exported against the default", route("platform", web, "*"), web, []string{"."}, true},
	} {
		known := &Facts{Routes: []*Route{test.route}}
		if got := len(known.RoutesOf(test.host, "billing", "shop", test.otherwise)) == 1; got != test.want {
			t.Errorf("%s: %t", test.what, got)
		}
	}
}
