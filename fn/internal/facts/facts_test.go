package facts

import "testing"

func TestMatches(t *testing.T) {
	type labels = map[string]string
	tests := map[string]struct {
		selector, labels labels
		want             bool
	}{
		"equal":                        {labels{"app": "web"}, labels{"app": "web"}, true},
		"more labels than asked for":   {labels{"app": "web"}, labels{"app": "web", "version": "v1"}, true},
		"one of two":                   {labels{"app": "web", "version": "v1"}, labels{"app": "web"}, false},
		"another value":                {labels{"app": "web"}, labels{"app": "cart"}, false},
		"no labels":                    {labels{"app": "web"}, nil, false},
		"an absent label is not empty": {labels{"app": ""}, labels{"version": "v1"}, false},
		"no selector selects nothing":  {nil, labels{"app": "web"}, false},
		"neither does an empty one":    {labels{}, labels{"app": "web"}, false},
	}
	for name, test := range tests {
		if got := Matches(test.selector, test.labels); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}
