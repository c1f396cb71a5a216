package plan

import "testing"

func TestOverlap(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"eu-west/a/1", "eu-west/a/1", true},
		{"eu-west/*", "eu-west/a", true},
		{"eu-west", "eu-west/a/1", true},
		{"*", "us", true},
		{"eu-west/a/*", "eu-west/b/*", false},
		{"eu-west/a", "eu-west-1/a", false},
		{"us", "eu-west/*", false},
	}
	for _, test := range tests {
		if got := overlap(test.a, test.b); got != test.want {
			t.Errorf("overlap(%q, %q) = %t, want %t", test.a, test.b, got, test.want)
		}
		if got := overlap(test.b, test.a); got != test.want {
			t.Errorf("overlap(%q, %q) = %t, want %t", test.b, test.a, got, test.want)
		}
	}
}
