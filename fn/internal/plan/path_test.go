package plan

import "testing"

func TestCovers(t *testing.T) {
	tests := []struct {
		path, regex string
		want        bool
	}{
		{"/api", "/api/v[0-9]+", true},
		{"/api", "/api/.*", true},
		{"/api", "/api", true},
		{"/api/v1", "/api/v1/item/[0-9]+", true},
		{"/api", "/apis/.*", false},
		{"/api", "/api.*", false},        // /apis too
		{"/api", "/(api|web)/.*", false}, // /web too
		{"/api", "/.*", false},
		{"/api", "(?i)/api/.*", false}, // /API/v1 too
		{"/", "/api/.*", false},        // It comes after expressions.
	}
	for _, test := range tests {
		if got := (Path{Prefix, test.path}).covers(Path{Regex, test.regex}); got != test.want {
			t.Errorf("prefix %s covers regex %s: %t, want %t", test.path, test.regex, got, test.want)
		}
	}
	if (Path{Exact, "/api"}).covers(Path{Regex, "/api"}) {
		t.Error("an exact path leaves an expression something to match")
	}
}

func TestBareHost(t *testing.T) {
	for host, want := range map[string]string{
		"https://Shop.example.com:8443/cart": "shop.example.com",
		"shop.example.com.":                  "shop.example.com",
		"*.example.com":                      "*.example.com",
		"shop":                               "shop",
	} {
		if got := bareHost(host); got != want {
			t.Errorf("bareHost(%q) = %q, want %q", host, got, want)
		}
	}
}
