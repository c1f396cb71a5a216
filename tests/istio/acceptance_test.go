package istio

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// message is what Istio says about one object. The webhook's errors and warnings have the codes under which the analyzers
// repeat them, IST0106 and IST0133; a violation of a CRD schema has the code CRD.
type message struct {
	code     string
	resource resource
	text     string
}

// resource names an object as people write it: Service shop/web, or Service web where the manifest has no namespace.
type resource struct{ kind, namespace, name string }

func (r resource) String() string {
	if r.namespace == "" {
		return r.kind + " " + r.name
	}
	return r.kind + " " + r.namespace + "/" + r.name
}

// key is what an expectation names: several messages with the same code on the same object are one.
func (m message) key() string { return m.code + " " + m.resource.String() }

// TestAcceptance hands every example and scenario to Istio's webhook, its CRD schemas and all of its analyzers. They have
// nothing to say, except for what the scenario expects and gives a reason for.
func TestAcceptance(t *testing.T) {
	rules, admission := crdRules(t), newWebhook(t)
	for _, one := range corpus(t) {
		t.Run(one.name, func(t *testing.T) {
			objects := asApplied(t, one.output)
			found := slices.Concat(rules.check(t, objects), admission.review(t, objects), inEnvironment(t, objects, one.profiles(t)))
			compareMessages(t, expectations(t, one.comment), slices.DeleteFunc(found, isFoundEverywhere))
		})
	}
}

// isFoundEverywhere leaves out what Istio says wherever a feature is used, though nothing is wrong. IST0136 says that an
// annotation is of an alpha feature. Istio says so of all annotations for the resources of a sidecar, and has no other way to
// set them for one workload. IST0129 says that nobody verifies a host with which a sidecar speaks TLS where no file names the
// authorities: Istio does, by those of the sidecar's operating system.
//
// See https://istio.io/latest/docs/reference/config/annotations/ and
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings.
func isFoundEverywhere(m message) bool {
	return m.code == "IST0136" && m.resource.kind == "Pod" || m.code == "IST0129" && m.resource.kind == "DestinationRule"
}

// expectation is a line of a scenario's comment such as
// "istio: IST0118 Service shop/web: the port does not say its protocol, which is what this shows".
type expectation struct{ key, reason string }

func expectations(t *testing.T, comment string) []expectation {
	t.Helper()
	pattern := regexp.MustCompile(`^istio: ((?:IST\d{4}|CRD) [A-Za-z]+ [^\s:]+): (\S.*)$`)
	var all []expectation
	for line := range strings.SplitSeq(comment, "\n") {
		if !strings.HasPrefix(line, "istio:") {
			continue
		}
		parts := pattern.FindStringSubmatch(line)
		if parts == nil {
			t.Errorf("not an expectation, `istio: <code> <Kind> <namespace>/<name>: <reason>`: %s", line)
			continue
		}
		all = append(all, expectation{key: parts[1], reason: parts[2]})
	}
	return all
}

// compareMessages fails for each message that nobody expects, and for each expectation that is not met.
func compareMessages(t *testing.T, expected []expectation, found []message) {
	t.Helper()
	texts := map[string][]string{}
	for _, m := range found {
		if !slices.Contains(texts[m.key()], m.text) {
			texts[m.key()] = append(texts[m.key()], m.text)
		}
	}
	for _, e := range expected {
		if texts[e.key] == nil {
			t.Errorf("expected, and not reported: %s (%s)", e.key, e.reason)
		}
		delete(texts, e.key)
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		t.Errorf("%s:\n\t%s", key, strings.Join(texts[key], "\n\t"))
	}
}

// TestAcceptanceIsNotVacuous breaks one object in each of the ways that only one of the judges sees, and expects just that
// judge to say so.
func TestAcceptanceIsNotVacuous(t *testing.T) {
	const service = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: %s
`
	for name, test := range map[string]struct {
		spec                   string
		crd, webhook, analysis []string
	}{
		"fine": {spec: `{host: web}`},
		"unknown field": {
			spec: `{host: web, subset: [{name: v1}]}`,
			crd:  []string{"CRD DestinationRule shop/web"},
		},
		"CEL rule": {
			spec: `{host: web, trafficPolicy: {connectionPool: {tcp: {connectTimeout: 0.1ms}}}}`,
			crd:  []string{"CRD DestinationRule shop/web"}, webhook: []string{"IST0106 DestinationRule shop/web"},
			analysis: []string{"IST0106 DestinationRule shop/web"},
		},
		"webhook rule": {
			spec:    `{host: web, trafficPolicy: {outlierDetection: {maxEjectionPercent: 150}}}`,
			webhook: []string{"IST0106 DestinationRule shop/web"}, analysis: []string{"IST0106 DestinationRule shop/web"},
		},
		"subset without pods": {
			spec:     `{host: web, subsets: [{name: v1, labels: {version: v1}}]}`,
			analysis: []string{"IST0173 DestinationRule shop/web"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			objects := asApplied(t, fmt.Sprintf(service, test.spec))
			for judge, verdict := range map[string]struct {
				want []string
				got  []message
			}{
				"CRD":       {test.crd, crdRules(t).check(t, objects)},
				"webhook":   {test.webhook, newWebhook(t).review(t, objects)},
				"analyzers": {test.analysis, inEnvironment(t, objects, nil)},
			} {
				var keys []string
				for _, m := range verdict.got {
					keys = append(keys, m.key())
				}
				if !slices.Equal(slices.Compact(keys), verdict.want) {
					t.Errorf("%s: want %v, got %v", judge, verdict.want, verdict.got)
				}
			}
		})
	}
}
