package check

import (
	"fmt"

	"go.yaml.in/yaml/v3"
	mesh "istio.io/api/mesh/v1alpha1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/releases"
)

// newer finds what came with a later release of Istio than the one that the profile states: in generated objects, which
// patches may have changed, and in the user's own.
func newer(v *cluster.View) diag.List {
	if v.Istio.Minor >= releases.Newest {
		return nil
	}
	var findings diag.List
	for _, object := range v.Objects() {
		spec := object.Message().ProtoReflect().Descriptor()
		if first := releases.Kind(spec); first > v.Istio.Minor {
			findings = append(findings, tooNew(v, object.At("kind"), fmt.Sprintf("%s needs", object.Resource), first))
			continue
		}
		for _, part := range releases.Newer(object.Fields(), spec, "spec", v.Istio.Minor) {
			what := part.Path
			if part.Value != "" {
				what = fmt.Sprintf("%s: %s", part.Path, part.Value)
			}
			findings = append(findings, tooNew(v, object.WrittenAt(part.Path), fmt.Sprintf("%s of %s needs", what, object.Resource), part.Minor))
		}
	}
	return append(findings, newerProxies(v)...)
}

// newerProxies finds the same in what pods say about their sidecar, where an older injector passes it over.
func newerProxies(v *cluster.View) diag.List {
	var findings diag.List
	const key = facts.ProxyConfig
	spec := (&mesh.ProxyConfig{}).ProtoReflect().Descriptor()
	for _, pod := range v.Pods {
		var fields map[string]any
		if yaml.Unmarshal([]byte(pod.Annotations[key]), &fields) != nil {
			continue // That it is no YAML is said elsewhere.
		}
		for _, part := range releases.Newer(fields, spec, "", v.Istio.Minor) {
			what := fmt.Sprintf("%s in annotation %s of %s %q needs", part.Path, key, pod.Kind, pod.Name)
			finding := tooNew(v, pod.AnnotationAt(key), what, part.Minor)
			finding.Severity = diag.Warning
			finding.Because = []string{"an older injector passes over what it does not know"}
			findings = append(findings, finding)
		}
	}
	return findings
}

func tooNew(v *cluster.View, at diag.Source, what string, first int) diag.Finding {
	return diag.Finding{
		Code: diag.NewerThanMesh, Source: at,
		Message: fmt.Sprintf("%s Istio 1.%d, and the mesh has 1.%d", what, first, v.Istio.Minor),
		Because: []string{"an older release drops a field that it does not know without a word, or refuses the object"},
		Related: []diag.Source{v.Istio.At("version")},
		Try:     fmt.Sprintf("leave it out until the control plane and all proxies are 1.%d, and the profile says version: \"1.%d\"", first, first),
	}
}
