package tests

import (
	"slices"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

const stagedExternal = `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec: {external: {api: {url: "https://api.example.com", tls: originate, SETTING}}}
---
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: platform}
spec: {rollout: {namespaces: {shop: STAGE}}EGRESS}
`

// TestExternalAtStages holds from which stage on something of a host outside the mesh has its effect, and that what has to
// wait is said to wait. TLS does not wait for the settings of calls: without it, the application's http:// would fail.
func TestExternalAtStages(t *testing.T) {
	const gateway = `, egress: {gateway: {selector: {istio: egressgateway}, service: istio-egressgateway.istio-egress}}`
	cases := []struct {
		setting, egress, shown, waits string
		from                          v1alpha1.Stage
	}{
		{"timeout: 0s", "", "kind: ServiceEntry", "external has no effect before", v1alpha1.StageObserve},
		{"timeout: 0s", "", "mode: SIMPLE", "external has no effect before", v1alpha1.StageObserve},
		{"timeout: 77s", "", "timeout: 77s", "timeout has no effect before", v1alpha1.StageResilience},
		{"retries: {attempts: 7}", "", "attempts: 7", "retries has no effect before", v1alpha1.StageResilience},
		{"circuitBreaker: {maxConnections: 77}", "", "maxConnections: 77", "circuitBreaker has no effect before", v1alpha1.StageResilience},
		{"outlierDetection: {interval: 77s}", "", "interval: 77s", "outlierDetection has no effect before", v1alpha1.StageResilience},
		{"loadBalancer: {simple: RANDOM}", "", "simple: RANDOM", "loadBalancer has no effect before", v1alpha1.StageResilience},
		{"timeout: 77s", gateway, "kind: Gateway", "timeout has no effect before", v1alpha1.StageResilience},
	}
	for _, one := range cases {
		for i, stage := range v1alpha1.Stages() {
			input := strings.NewReplacer("SETTING", one.setting, "STAGE", `"`+string(stage)+`"`, "EGRESS", one.egress).Replace(stagedExternal)
			got := run(t, input, "render", "-")
			if got.code != 0 {
				t.Fatalf("%s at stage %s: exit code %d\n%s", one.setting, stage, got.code, got.stderr)
			}
			reached := i >= slices.Index(v1alpha1.Stages(), one.from)
			if strings.Contains(got.stdout, one.shown) != reached {
				t.Errorf("%s at stage %s, from %s on: %q in\n%s", one.setting, stage, one.from, one.shown, got.stdout)
			}
			waits := strings.Contains(got.stderr, one.waits) || strings.Contains(got.stderr, "external has no effect before")
			if waits == reached {
				t.Errorf("%s at stage %s, from %s on, is said to wait: %t\n%s", one.setting, stage, one.from, waits, got.stderr)
			}
		}
	}
}
