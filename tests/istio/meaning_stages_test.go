package istio

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// TestMeaningAtStages runs every case once per stage. From stage resilience on, every assertion holds as it stands: to
// refuse plain text changes nothing else. Before, what an assertion proves of a setting that waits is as if nobody had
// asked for it.
func TestMeaningAtStages(t *testing.T) {
	installed := installations(t)
	from := stagesOfFields(t)
	for _, one := range meaningCases(t) {
		if strings.Contains(strings.Join(one.documents, ""), "  rollout:\n") || strings.Contains(strings.Join(one.documents, ""), "  stage: ") {
			continue // It is about stages itself.
		}
		t.Run(one.name, func(t *testing.T) {
			unasked := one.evaluate(t, installed, run(t, one.unasked(), "render", "-"))
			for _, stage := range []v1alpha1.Stage{v1alpha1.StageOff, v1alpha1.StageObserve, v1alpha1.StageStrict, v1alpha1.StageAuthorize} {
				staged, err := one.at(stage)
				if err != nil {
					t.Fatal(err)
				}
				got := run(t, strings.Join(staged.documents, "---\n"), "render", "-")
				for i, broken := range staged.evaluate(t, installed, got) {
					staged.judge(t, stage, &staged.assertions[i], broken, unasked[i], from)
				}
			}
		})
	}
}

// judge compares what an assertion found with what the stage permits.
func (c *meaningCase) judge(t *testing.T, stage v1alpha1.Stage, a *assertion, broken, unasked map[string]string, from map[string]v1alpha1.Stage) {
	t.Helper()
	reached := func(wanted v1alpha1.Stage) bool {
		return slices.Index(v1alpha1.Stages(), stage) >= slices.Index(v1alpha1.Stages(), wanted)
	}
	if reached(v1alpha1.StageResilience) {
		for path, problem := range broken {
			t.Errorf("stage %s: %s: %s %s", stage, a, path, problem)
		}
		return
	}
	if a.Refused != "" || a.Reported != "" { // What is wrong is said before it has an effect.
		return
	}
	for _, field := range a.Proves {
		if field == "SidecarSetting.sidecar" && slices.Contains(slices.Collect(maps.Values(a.Is)), any(absent)) {
			continue // To keep pods out of the mesh needs no permission.
		}
		if wanted, ok := from[field]; ok && !reached(wanted) && len(broken) == 0 && len(unasked) > 0 {
			t.Errorf("stage %s: %s: it holds, and %s has its effect from stage %s on", stage, a, field, wanted)
		}
	}
}

// unasked is the build of the case without documents of ours.
func (c *meaningCase) unasked() string {
	others := slices.DeleteFunc(slices.Clone(c.documents), func(document string) bool {
		return strings.Contains(document, "apiVersion: meshfn.dev/")
	})
	return strings.Join(others, "---\n")
}

// at is the case with its Meshes at a stage, and with all callers known.
func (c *meaningCase) at(stage v1alpha1.Stage) (*meaningCase, error) {
	out := *c
	out.documents = slices.Clone(c.documents)
	for i, document := range out.documents {
		if !strings.Contains(document, "apiVersion: meshfn.dev/") || !strings.Contains(document, "kind: Mesh\n") {
			continue
		}
		var mesh map[string]any
		if err := yaml.Unmarshal([]byte(document), &mesh); err != nil {
			return nil, err
		}
		spec := mappingAt(mesh, "spec")
		spec["stage"] = string(stage)
		mappingAt(spec, "defaults")["callersComplete"] = true
		text, err := yaml.Marshal(mesh)
		if err != nil {
			return nil, err
		}
		out.documents[i] = string(text)
	}
	return &out, nil
}

// mappingAt is the mapping below a key, made when there is none.
func mappingAt(parent map[string]any, key string) map[string]any {
	below, ok := parent[key].(map[string]any)
	if !ok {
		below = map[string]any{}
		parent[key] = below
	}
	return below
}

// stagesOfFields gives each field of a setting, as Type.field, the stage from which the setting has its effect.
func stagesOfFields(t *testing.T) map[string]v1alpha1.Stage {
	t.Helper()
	text, err := os.ReadFile("../stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var listed map[string]v1alpha1.Stage
	if err := yaml.Unmarshal(text, &listed); err != nil {
		t.Fatal(err)
	}
	out := map[string]v1alpha1.Stage{}
	for _, block := range []reflect.Type{reflect.TypeFor[v1alpha1.WorkloadSettings](), reflect.TypeFor[v1alpha1.TrafficSettings](), reflect.TypeFor[v1alpha1.Service]()} {
		for field := range block.Fields() {
			of := field.Type
			if name, _ := v1alpha1.FieldName(field); name != "" { // A setting of a Service only.
				if name != "ports" {
					below(block.Name(), name, of, listed[name], out)
				}
				continue
			}
			for setting := range of.Fields() {
				if name, _ := v1alpha1.FieldName(setting); name != "" {
					below(of.Name(), name, setting.Type, listed[name], out)
				}
			}
		}
	}
	return out
}

// below notes the stage of a setting and of every field in it.
func below(owner, name string, of reflect.Type, stage v1alpha1.Stage, out map[string]v1alpha1.Stage) {
	out[owner+"."+name] = stage
	fields := map[string]bool{}
	fieldsOf(of, fields)
	for field := range fields {
		out[field] = stage
	}
}
