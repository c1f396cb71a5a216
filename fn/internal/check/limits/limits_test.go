package limits_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/check/limits"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/read"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
	"github.com/meshfn/meshfn/fn/internal/resolve"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// notReadBack are the settings that the output does not show, each with the reason why a rule for it holds all the same.
func notReadBack() map[string]string {
	return map[string]string{
		"callersComplete":                "a statement about who calls, which no object repeats; without it some are not written at all",
		"callers":                        "its rules say it in ports and accounts; a patch of them is read as a change of all",
		"telemetry.accessLog.onlyErrors": "written as a filter, which is read back, and a change of which breaks a lock of this too",

		"dependsOn": "written as hosts of a Sidecar, which no patch reaches; who keeps a Sidecar by hand says so with manage, which can be locked",

		"proxy": "patches do not reach pods, so nothing can take away that there is one",
	}
}

// values are those of settings whose tag has no example, or whose shape has no single value.
func values() map[string]string {
	return map[string]string{
		"dependsOn":                              "[web]",
		"outlierDetection.minHealthPercent":      "20",
		"loadBalancer.locality":                  "true",
		"telemetry.tracing.customTags":           "{team: {literal: shop}}",
		"auth.jwt.claims":                        "{groups: [admin]}",
		"auth.extAuthz":                          "oauth2-proxy",
		"telemetry.accessLog.providers":          "[envoy]",
		"telemetry.metrics.providers":            "[prometheus]",
		"telemetry.metrics.tagOverrides":         "{request_method: REMOVE}",
		"loadBalancer.locality.failover":         "[{from: eu-west, to: eu-central}]",
		"loadBalancer.locality.failoverPriority": "[topology.kubernetes.io/region]",
		"loadBalancer.locality.distribute":       "[{from: eu-west/a/*, to: {eu-west/a/*: 80, eu-west/b/*: 20}}]",
	}
}

// companions are the settings without which another one is refused.
func companions() map[string]map[string]string {
	return map[string]map[string]string{
		"auth.jwt.jwksUri":              issued(),
		"auth.jwt.audiences":            issued(),
		"auth.jwt.fromHeaders":          issued(),
		"auth.jwt.forwardOriginalToken": issued(),
		"auth.jwt.claims":               issued(),
		"auth.jwt.exceptPaths":          issued(),
		"auth.dryRun":                   issued(),

		"outlierDetection.consecutiveLocalOriginFailures": {"outlierDetection.splitExternalLocalOriginErrors": "true"},
		"loadBalancer.consistentHash.httpCookie.name":     {"loadBalancer.consistentHash.httpCookie.ttl": "1h"},
		"loadBalancer.consistentHash.httpCookie.path": {
			"loadBalancer.consistentHash.httpCookie.name": "session", "loadBalancer.consistentHash.httpCookie.ttl": "1h",
		},
		"loadBalancer.consistentHash.httpCookie.ttl":  {"loadBalancer.consistentHash.httpCookie.name": "session"},
		"loadBalancer.consistentHash.minimumRingSize": {"loadBalancer.consistentHash.useSourceIp": "true"},
		"loadBalancer.warmup.minimumPercent":          {"loadBalancer.warmup.duration": "30s"},
	}
}

// issued is what a token cannot be without.
func issued() map[string]string {
	return map[string]string{"auth.jwt.issuer": "https://login.example.com"}
}

// TestEverySettingIsReadBack sets each setting of the API in turn and expects that what is read back from the output is
// what was written: a rule of the profile cannot miss a setting then, whatever a patch does to it. A setting that is not
// read back needs a reason.
func TestEverySettingIsReadBack(t *testing.T) {
	reasons := notReadBack()
	for _, setting := range spec.Settings() {
		_, excused := reasons[setting.Path]
		delete(reasons, setting.Path)
		if setting.Block && values()[setting.Path] == "" {
			continue // It is looked at with the settings in it.
		}
		t.Run(setting.Path, func(t *testing.T) {
			value := valueFor(&setting)
			if value == "" {
				t.Fatal("no value is known; add one to values")
			}
			said := limits.ReadBack(rendered(t, meshWith(t, setting.Path, value)))
			got := said[setting.Path]
			if excused != (len(got) == 0) {
				t.Fatalf("read back: %v, although an excuse was given: %t", got, excused)
			}
			want := setting.Scale.Split(strings.Trim(value, "[]"))
			fits := func(values []string) bool {
				return setting.Scale == spec.Nothing || slices.EqualFunc(want, values, setting.Scale.Same) || slices.EqualFunc([]string{value}, values, setting.Scale.Same)
			}
			if !excused && !slices.ContainsFunc(got, fits) {
				t.Errorf("%s was written and %v read back", value, got)
			}
			for block := setting.Path; strings.Contains(block, "."); {
				block = block[:strings.LastIndexByte(block, '.')]
				_, excused := notReadBack()[block]
				if excused != (len(said[block]) == 0) {
					t.Errorf("block %s is read back as %v, although an excuse was given: %t", block, said[block], excused)
				}
			}
		})
	}
	for path := range reasons {
		if !slices.ContainsFunc(spec.Settings(), func(s spec.Setting) bool { return s.Path == path }) {
			t.Errorf("%s is excused and no setting", path)
		}
	}
}

// valueFor is a value that a setting takes.
func valueFor(s *spec.Setting) string {
	value := values()[s.Path]
	switch {
	case value != "":
		return value
	case len(s.Rules.Enum) > 0:
		value = s.Rules.Enum[0]
	case s.Scale == spec.Booleans:
		value = "true"
	case s.List && s.Rules.ItemMin != nil:
		value = strconv.FormatInt(*s.Rules.ItemMin, 10)
	default:
		value = s.Rules.Example
	}
	if s.List && value != "" {
		value = "[" + value + "]"
	}
	return value
}

// meshWith is a Mesh that sets one setting, and what that cannot be without.
func meshWith(t *testing.T, path, value string) string {
	t.Helper()
	settings := map[string]any{}
	set := func(path, value string) {
		names := strings.Split(path, ".")
		at := settings
		for _, name := range names[:len(names)-1] {
			if at[name] == nil {
				at[name] = map[string]any{}
			}
			at = at[name].(map[string]any)
		}
		var any any
		if err := yaml.Unmarshal([]byte(value), &any); err != nil {
			t.Fatal(err)
		}
		at[names[len(names)-1]] = any
	}
	for _, companion := range slices.Sorted(maps.Keys(companions()[path])) {
		set(companion, companions()[path][companion])
	}
	set(path, value)
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rendered runs the stages before the check over a Service with some settings.
func rendered(t *testing.T, settings string) cluster.Input {
	t.Helper()
	items, _ := item.Stream("in.yaml", fmt.Appendf(nil, `apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec: {stage: authorize, defaults: {callersComplete: true}, services: {web: %s}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}}
`, settings))
	input, findings := read.Read(read.Input{Items: items})
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	resolved, findings := resolve.Resolve(input.Documents, input.Facts)
	planned, more := plan.Build(resolved, input.Facts)
	if findings = append(findings, more...); findings.HasErrors() {
		t.Fatal(findings)
	}
	set, _ := istio.Render(planned)
	return cluster.Input{Istio: resolved.Istio, Facts: input.Facts, Generated: set, Rules: &resolved.Rules, Covered: resolved.Covered()}
}
