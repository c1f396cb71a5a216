package krm

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Settings of all layers, of ports, of pods, and one that is skipped.
const shop = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: tcp, port: 90}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: platform}
spec: {istio: {mtls: PERMISSIVE}, defaults: {retries: {attempts: 2}}, rollout: {stage: resilience}}
---
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  defaults: {sidecar: true, timeout: 5s}
  services: {web: {callers: [], outlierDetection: true}}
`

// TestListed holds that a list of the settings is the one that a whole explanation begins with: a comparison reads the one,
// and people the other.
func TestListed(t *testing.T) {
	items, found := item.Stream("shop.yaml", []byte(shop))
	if found.HasErrors() {
		t.Fatal(found)
	}
	out, findings, err := expand.Run(expand.Input{Items: items})
	if err != nil || findings.HasErrors() {
		t.Fatal(err, findings)
	}
	none := Explain(out, &Why{About: func(diag.Resource) bool { return false }})
	listed := Explain(out, Listed())
	type told struct{ Subject, Port, Field, Value, Skipped string }
	brief := func(lines int, at func(int) told) (list []told) {
		for i := range lines {
			list = append(list, at(i))
		}
		return list
	}
	want := brief(len(none.Lines), func(i int) told {
		l := none.Lines[i]
		return told{l.Subject, l.Port, l.Field, l.Value, l.Skipped}
	})
	got := brief(len(listed.Lines), func(i int) told {
		l := listed.Lines[i]
		return told{l.Subject, l.Port, l.Field, l.Value, l.Skipped}
	})
	if len(want) == 0 || cmp.Diff(want, got) != "" {
		t.Errorf("%d settings; (-measured +listed):\n%s", len(want), cmp.Diff(want, got))
	}
	if len(listed.Fields) > 0 || len(listed.Causes) > 0 {
		t.Error("a list says what it would have to render for")
	}
}
