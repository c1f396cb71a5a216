package calls

import (
	"testing"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// TestTakesPath compares paths as a policy does: a prefix takes whole segments.
func TestTakesPath(t *testing.T) {
	prefix := func(path string) v1alpha1.PathMatch { return v1alpha1.PathMatch{Prefix: &path} }
	exact := func(path string) v1alpha1.PathMatch { return v1alpha1.PathMatch{Exact: &path} }
	regex := func(path string) v1alpha1.PathMatch { return v1alpha1.PathMatch{Regex: &path} }
	for _, test := range []struct {
		wide, path v1alpha1.PathMatch
		want       bool
	}{
		{prefix("/api"), prefix("/api"), true},
		{prefix("/api"), prefix("/api/v1"), true},
		{prefix("/api/"), exact("/api/v1"), true},
		{prefix("/api"), prefix("/apis"), false},
		{prefix("/api/v1"), prefix("/api"), false},
		{prefix("/"), prefix("/any"), true},
		{exact("/api"), exact("/api"), true},
		{exact("/api"), prefix("/api"), false},
		{prefix("/api"), regex("/api/.*"), false},
		{regex("/api/.*"), exact("/api/v1"), false},
	} {
		if got := takesPath(test.wide, test.path); got != test.want {
			t.Errorf("%q takes %q: %t, want %t", pathText(test.wide), pathText(test.path), got, test.want)
		}
	}
}
