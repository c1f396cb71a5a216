package facts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLabelled holds that the list finds what going through all of it would find.
func TestLabelled(t *testing.T) {
	type labels = map[string]string
	all := []labels{
		{"app": "web", "version": "v1"},
		{"app": "web", "version": "v2"},
		{"app": "cart", "version": "v1"},
		{"app": "web", "version": "v1", "tier": "front"},
		{"app": ""},
		nil,
	}
	list := NewLabelled(all, func(of labels) labels { return of })
	for _, selector := range []labels{
		{"app": "web"},
		{"version": "v1", "app": "web"},
		{"app": "cart", "version": "v2"},
		{"app": "web", "tier": "back"},
		{"app": ""},
		{"other": ""},
		{},
		nil,
	} {
		var want []labels
		for _, one := range all {
			if Matches(selector, one) {
				want = append(want, one)
			}
		}
		if diff := cmp.Diff(want, list.Selected(selector)); diff != "" {
			t.Errorf("%v (- wanted, + got):\n%s", selector, diff)
		}
	}
	if got := (*Labelled[labels])(nil).Selected(labels{"app": "web"}); got != nil {
		t.Errorf("an absent list has %v", got)
	}
}
