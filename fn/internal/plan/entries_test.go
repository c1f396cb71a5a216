package plan

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation"
)

func TestEntryName(t *testing.T) {
	tests := []struct{ gateway, host, want string }{
		{"public", "shop.example.com", "public-shop-example-com"},
		{"public", "*.example.com", "public-wildcard-example-com"},
		// 63 characters are the most; one more is cut after 54.
		{"g", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com", "g-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-example-com"},
		{"g", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com", "g-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-e-0417b871"},
		// The hash keeps names apart that are equal up to the cut, even where a dash is there already.
		{"public", "a-quite-long-name.of-a-department.of-a-company.example.com", "public-a-quite-long-name-of-a-department-of-a-company--29565e9e"},
		{"public", "a-quite-long-name.of-a-department.of-a-company.example.org", "public-a-quite-long-name-of-a-department-of-a-company--e02a8200"},
	}
	for _, test := range tests {
		got := entryName(test.gateway, test.host)
		if got != test.want {
			t.Errorf("entryName(%q, %q) = %q, want %q", test.gateway, test.host, got, test.want)
		}
		if problems := validation.IsDNS1123Label(got); len(problems) > 0 {
			t.Errorf("%q cannot name a Gateway: %v", got, problems)
		}
	}
}

// TestComparePaths puts paths in order from every starting order: a proxy takes the first one that matches.
func TestComparePaths(t *testing.T) {
	want := []Path{
		{Exact, "/api/v1"},
		{Exact, "/api"},
		{Exact, "/"},
		{Prefix, "/api/v1"},
		{Prefix, "/api"},
		{Prefix, "/web"},
		{Regex, "/item/[0-9]+"},
		{Regex, "/.*"},
		{Prefix, "/"},
	}
	for shift := range want {
		got := slices.Concat(want[shift:], want[:shift])
		slices.Reverse(got)
		slices.SortFunc(got, comparePaths)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	}
	if comparePaths(Path{Prefix, "/api"}, Path{Prefix, "/api"}) != 0 {
		t.Error("a path is not equal to itself")
	}
}
