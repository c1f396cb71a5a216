package istio

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// withoutMeaning are the fields that Envoy and the pods never learn of.
func withoutMeaning() map[string]string {
	return map[string]string{
		"Metadata.name":         "names the Mesh in the annotations of its objects",
		"Metadata.labels":       "kept for the user",
		"Metadata.annotations":  "kept for the user and the host",
		"MeshProfile.metadata":  "names the profile, of which there is one",
		"MeshProfileSpec.owner": "names in errors whom to ask",
		"Limit.reason":          "the text of errors",
		"IstioFacts.hostnames":  "another way to write the same hosts; profile_hostnames shows that Envoy gets the same",

		"Substitution.substituteSamples": "stand for variables while a build is checked, and are not in the output; tests/substitution shows that it is the same",

		"MeshConfig.trustDomainAliases": "keeps a check of trust domains silent, as tests/ok/facts.yaml shows",
		"MeshConfig.defaultProviders":   "keeps a check of telemetry silent, as tests/ok/facts.yaml shows",
		"LabelExpression.operator":      "has to be there, and each word of it is another rule: tests/ok/facts.yaml and tests/errors/facts.yaml show them",
		"MeshProviders.accessLogging":   "keeps a check of telemetry silent, as tests/ok/facts.yaml shows",
	}
}

// TestMeaning hands every case to istiod and its injector and compares what the proxies and pods get. Then it takes every
// field that an assertion claims to prove out of the input: the assertion has to break, or it would pass without.
func TestMeaning(t *testing.T) {
	installed := installations(t)
	proven := proof{}
	cases := meaningCases(t)
	ran := 0
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			ran++
			one.holds(t, installed)
			one.proves(t, installed, proven)
		})
	}
	if ran < len(cases) {
		return // -run chose a part, which says nothing about the whole.
	}
	for _, field := range slices.Sorted(maps.Keys(allFields())) {
		why, excused := withoutMeaning()[field]
		switch {
		case proven[field] == nil && !excused:
			t.Errorf("no assertion proves %s", field)
		case proven[field] != nil && excused:
			t.Errorf("%s is proven, so it needs no excuse (%s)", field, why)
		}
	}
	checkTable(t, proven.table())
}

// holds checks the assertions of a case.
func (c *meaningCase) holds(t *testing.T, installed []installation) {
	t.Helper()
	got := run(t, strings.Join(c.documents, "---\n"), "render", "-")
	for i, broken := range c.evaluate(t, installed, got) {
		for path, problem := range broken {
			t.Errorf("%s: %s %s", &c.assertions[i], path, problem)
		}
	}
	if t.Failed() && testing.Verbose() {
		t.Logf("%s%s", got.stdout, got.stderr)
	}
}

// evaluate returns, for every assertion, what is not as it says.
func (c *meaningCase) evaluate(t *testing.T, installed []installation, got outcome) []map[string]string {
	t.Helper()
	out := make([]map[string]string, len(c.assertions))
	var w *world
	for i := range c.assertions {
		a := &c.assertions[i]
		kind, name := a.subject()
		broken := map[string]string{}
		out[i] = broken
		switch {
		case kind == "refused" || kind == "reported":
			if (got.code != 0) != (kind == "refused") || !strings.Contains(got.stderr, "["+name+"]") && !strings.Contains(got.stderr, "["+name+" ") {
				broken[name] = fmt.Sprintf("is not %s: exit code %d\n%s", kind, got.code, got.stderr)
			}
			continue
		case got.code != 0:
			broken["render"] = fmt.Sprintf("exit code %d\n%s", got.code, got.stderr)
			continue
		case w == nil:
			w = start(t, got.stdout, c.domain, c.mesh)
		}
		subject, err := w.of(installed, a)
		if err != nil {
			broken["subject"] = err.Error()
			continue
		}
		maps.Copy(broken, a.breaks(subject))
	}
	return out
}

func (w *world) of(installed []installation, a *assertion) (any, error) {
	if a.Pod != "" {
		return w.pod(installed, a.Pod)
	}
	subject, err := w.subject(a)
	if err != nil {
		return nil, err
	}
	return asJSON(subject)
}

// proves checks what the assertions of a case claim.
func (c *meaningCase) proves(t *testing.T, installed []installation, proven proof) {
	t.Helper()
	claims := map[string][]int{}
	for i := range c.assertions {
		for _, field := range c.assertions[i].Proves {
			claims[field] = append(claims[field], i)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(claims)) {
		t.Run("without "+field, func(t *testing.T) {
			if !allFields()[field] {
				t.Fatalf("there is no field %s", field)
			}
			variants, err := c.variants(field)
			if err != nil {
				t.Fatal(err)
			}
			open := claims[field]
			for _, variant := range variants {
				if len(open) > 0 {
					open = c.unbroken(t, installed, variant, field, open, proven)
				}
			}
			for _, i := range open {
				t.Errorf("%s: it holds without %s too, and so does not prove it", &c.assertions[i], field)
			}
		})
	}
}

// unbroken returns which of the assertions hold for a variant too, and notes what proves the field in the others.
func (c *meaningCase) unbroken(t *testing.T, installed []installation, v variant, field string, open []int, proven proof) []int {
	t.Helper()
	got := run(t, v.input, "render", "-")
	var left []int
	if got.code != 0 && v.missing && !c.refused() {
		return open // The other value shows more than a refusal does.
	}
	broken := c.evaluate(t, installed, got)
	for _, i := range open {
		a := &c.assertions[i]
		kind, name := a.subject()
		switch {
		case len(broken[i]) == 0:
			left = append(left, i)
		case got.code != 0:
			for path := range a.Is {
				proven.add(field, kind, path, c.name)
			}
		case kind == "refused" || kind == "reported":
			proven.add(field, kind, name, c.name)
		default:
			for path := range broken[i] {
				proven.add(field, kind, path, c.name)
			}
		}
	}
	return left
}

// refused says whether the case is about a refusal.
func (c *meaningCase) refused() bool {
	return slices.ContainsFunc(c.assertions, func(a assertion) bool { return a.Refused != "" })
}
