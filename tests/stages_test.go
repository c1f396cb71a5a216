package tests

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// shown is how a setting can be seen in the output: what is written for a Service, and what then is there.
type shown struct {
	entry string // of Service web
	as    string // a text of the output
	not   bool   // which is there only without the setting
}

func settingsShown() map[string]shown {
	return map[string]shown{
		"sidecar":          {entry: "sidecar: true", as: `sidecar.istio.io/inject: "true"`},
		"proxy":            {entry: "proxy: {cpu: 77m}", as: `sidecar.istio.io/proxyCPU: "77m"`},
		"callersComplete":  {entry: "sidecar: true", as: "mode: STRICT"},
		"callers":          {entry: "callers: []", as: "kind: AuthorizationPolicy"},
		"telemetry":        {entry: "telemetry: {accessLog: true}", as: "kind: Telemetry"},
		"dependsOn":        {entry: "dependsOn: []", as: "kind: Sidecar"},
		"auth":             {entry: `auth: {jwt: {issuer: "https://login.example.com"}}, sidecar: true`, as: "kind: RequestAuthentication"},
		"timeout":          {entry: "timeout: 77s", as: "timeout: 77s"},
		"retries":          {entry: "retries: {attempts: 7}", as: "attempts: 7"},
		"circuitBreaker":   {entry: "circuitBreaker: {maxConnections: 77}", as: "maxConnections: 77"},
		"outlierDetection": {entry: "outlierDetection: {interval: 77s}", as: "interval: 77s"},
		"loadBalancer":     {entry: "loadBalancer: {simple: RANDOM}", as: "simple: RANDOM"},
		"ports":            {entry: "ports: {http: {timeout: 77s}}", as: "timeout: 77s"},
		"versions":         {entry: "versions: {v1: {labels: {app: web}}}", as: "subset: v1"},
		"expose":           {entry: "expose: {public: {hosts: [shop.example.com]}}", as: "- shop.example.com"},
		"manage":           {entry: "manage: {VirtualService: false}", as: "kind: VirtualService", not: true},
	}
}

const stagedBuild = `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
---
apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec: {services: {web: {callersComplete: true, ENTRY}}}
---
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: platform}
spec:
  istio: {mtls: PERMISSIVE}
  gateways: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress}}
  rollout: {namespaces: {shop: STAGE}}
`

// TestSettingsAtStages holds that each setting has its effect from its stage on and not before, and that one which has to
// wait is said to wait.
func TestSettingsAtStages(t *testing.T) {
	from := settingStages(t)
	for _, setting := range slices.Sorted(maps.Keys(from)) {
		show, ok := settingsShown()[setting]
		if !ok {
			t.Errorf("%s has no row in settingsShown", setting)
			continue
		}
		for _, stage := range v1alpha1.Stages() {
			input := strings.NewReplacer("ENTRY", show.entry, "STAGE", string(stage)).Replace(stagedBuild)
			got := run(t, input, "render", "-")
			if got.code != 0 {
				t.Errorf("%s at stage %s: exit code %d\n%s", setting, stage, got.code, got.stderr)
				continue
			}
			reached := slices.Index(v1alpha1.Stages(), stage) >= slices.Index(v1alpha1.Stages(), from[setting])
			if (strings.Contains(got.stdout, show.as) != show.not) != reached {
				t.Errorf("%s at stage %s, from %s on: %q in\n%s", setting, stage, from[setting], show.as, got.stdout)
			}
			written, _, _ := strings.Cut(show.entry, ":")
			waits := strings.Contains(got.stderr, written+" has no effect before stage") || strings.Contains(got.stderr, "timeout has no effect before stage")
			if setting != "callersComplete" && waits == reached {
				t.Errorf("%s at stage %s, from %s on, is said to wait: %t\n%s", setting, stage, from[setting], waits, got.stderr)
			}
		}
	}
}

// settingStages reads from which stage each setting has its effect, and holds the list complete.
func settingStages(t *testing.T) map[string]v1alpha1.Stage {
	t.Helper()
	text, err := os.ReadFile("stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var from map[string]v1alpha1.Stage
	if err := yaml.Unmarshal(text, &from); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	topFields(reflect.TypeFor[v1alpha1.Service](), known)
	for setting := range known {
		if _, ok := from[setting]; !ok {
			t.Errorf("%s is not in stages.yaml: from which stage on does it have its effect?", setting)
		}
	}
	for setting, stage := range from {
		if !known[setting] || !slices.Contains(v1alpha1.Stages(), stage) {
			t.Errorf("stages.yaml: %s: %s is not a setting with a stage", setting, stage)
		}
	}
	return from
}

// topFields lists the fields of a block by their names, those of embedded blocks included.
func topFields(of reflect.Type, names map[string]bool) {
	for field := range of.Fields() {
		switch name, ok := v1alpha1.FieldName(field); {
		case !ok:
		case name == "":
			topFields(field.Type, names)
		default:
			names[name] = true
		}
	}
}
