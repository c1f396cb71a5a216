package istio

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/pilot/test/xdstest"
)

// fine is what a passage comes to when the call is answered.
const fine = "fine"

// TestTransition shows that what meshfn diff calls unsafe is unsafe, and that its steps are not: istiod is given what a cluster
// holds on the way, and its proxies have a route to a cluster that they do not have, to one without endpoints, or refuse the
// caller as the one that it still is.
func TestTransition(t *testing.T) {
	installed := installations(t)
	for _, one := range transitionCases(t) {
		t.Run(one.name, func(t *testing.T) {
			for i := range one.shows {
				one.holds(t, installed, &one.shows[i])
			}
		})
	}
}

func (c *transitionCase) holds(t *testing.T, installed []installation, p *passage) {
	t.Helper()
	if got := c.outcome(t, installed, p, "old", "old"); got != fine {
		t.Errorf("%s: the old build itself is %s", p, got)
	}
	if got := c.outcome(t, installed, p, "old", "new"); !strings.HasPrefix(got, p.Broken) || p.Broken == "" {
		t.Errorf("%s: %s, want %s", p, got, p.Broken)
	}
	if len(c.builds) == 2 {
		return
	}
	pairs := len(c.builds) - 1
	if p.Last {
		pairs--
	}
	for i := range pairs {
		if got := c.outcome(t, installed, p, c.builds[i], c.builds[i+1]); got != fine {
			t.Errorf("%s: between %s and %s it is %s", p, c.builds[i], c.builds[i+1], got)
		}
	}
}

// outcome is what happens to a call between two builds.
func (c *transitionCase) outcome(t *testing.T, installed []installation, p *passage, from, to string) string {
	t.Helper()
	w := start(t, between(c.output[from], c.output[to], p.Still), "cluster.local", "")
	a := p.assertion
	if p.Caller != "" {
		pods := from
		if p.CallerFrom == "new" {
			pods = to
		}
		identity, err := start(t, c.output[pods], "cluster.local", "").identity(installed, p.Caller)
		if err != nil {
			t.Fatal(err)
		}
		a.As = identity
	}
	got, err := w.passage(&a)
	if err != nil {
		t.Fatalf("%s between %s and %s: %v", p, from, to, err)
	}
	return got
}

// identity is who the pods of a workload are: their service account if Istio's injector gives them a sidecar, else nobody.
func (w *world) identity(installed []installation, name string) (string, error) {
	pod, err := w.pod(installed, name)
	if err != nil {
		return "", err
	}
	plain, err := asJSON(pod)
	if err != nil || !strings.Contains(asText(plain), "istio-proxy") {
		return "", err
	}
	account := w.in.workloads[name].Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	namespace, _, _ := strings.Cut(name, "/")
	return namespace + "/" + account, nil
}

func (w *world) passage(a *assertion) (string, error) {
	proxy, err := w.proxy(a)
	if err != nil {
		return "", err
	}
	subject, err := w.subject(a)
	if err != nil {
		return "", err
	}
	if judged, ok := subject.(judgement); ok {
		if judged.Allowed {
			return fine, nil
		}
		return "refused by " + judged.Why, nil
	}
	found, _ := subject.(map[string]any)
	if problem, ok := found["error"]; ok {
		return fmt.Sprintf("no route: %v", problem), nil
	}
	shares, _ := found["to"].(map[string]uint32)
	if len(shares) == 0 {
		return "", errors.New("the call goes nowhere")
	}
	return proxy.reaches(shares), nil
}

// reaches says what is wrong with the clusters that a route leads to.
func (p *proxyConfig) reaches(shares map[string]uint32) string {
	for _, name := range slices.Sorted(maps.Keys(shares)) {
		if shares[name] == 0 {
			continue
		}
		if xdstest.ExtractCluster(name, p.clusters) == nil {
			return "no cluster " + name
		}
		for _, of := range p.endpoints {
			if of.ClusterName == name && places(of)["count"] == 0 {
				return "no endpoint of " + name
			}
		}
	}
	return fine
}
