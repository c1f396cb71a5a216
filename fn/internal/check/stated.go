package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	mesh "istio.io/api/mesh/v1alpha1"
	networking "istio.io/api/networking/v1"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/validation"
	"istio.io/istio/pkg/util/protomarshal"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/releases"
	"github.com/meshfn/meshfn/fn/internal/strict"
)

// stated compares what the profile states about the mesh with Istio's own types, with the release, and with what the build
// itself says about the mesh.
func stated(v *cluster.View) diag.List {
	if v.Istio.At == nil {
		return nil // There is no profile, or it states nothing.
	}
	wrong := misstated(v)
	if len(wrong) == 0 {
		wrong = refusedPolicy(v)
	}
	return slices.Concat(wrong, disagreements(v))
}

// asMeshConfig are the stated facts in the shape of Istio's MeshConfig.
func asMeshConfig(v *cluster.View) map[string]any {
	words := map[string]any{}
	if v.Istio.OutboundPolicy != "" {
		words["outboundTrafficPolicy"] = map[string]any{"mode": v.Istio.OutboundPolicy}
	}
	if policy := v.Istio.Mesh.DefaultTrafficPolicy; policy != nil {
		blocks := map[string]any{}
		for name, block := range map[string]map[string]any{"connectionPool": policy.ConnectionPool, "outlierDetection": policy.OutlierDetection} {
			if block != nil {
				blocks[name] = block
			}
		}
		words["defaultTrafficPolicy"] = blocks
	}
	return words
}

// statedAt is the place of a field of Istio's MeshConfig in the profile.
func statedAt(v *cluster.View, field string) diag.Source {
	if strings.HasPrefix(field, "outboundTrafficPolicy") {
		return v.Istio.At("outboundTrafficPolicy")
	}
	return v.Istio.At("meshConfig." + field)
}

// misstated refuses words that Istio's MeshConfig does not have, or not yet in the release of the mesh.
func misstated(v *cluster.View) diag.List {
	var findings diag.List
	words, types := asMeshConfig(v), (&mesh.MeshConfig{}).ProtoReflect().Descriptor()
	for _, misfit := range strict.Fields(words, types, "") {
		finding := diag.Finding{
			Code: diag.BadValue, Source: statedAt(v, misfit.Path),
			Message: fmt.Sprintf("this is not what Istio's MeshConfig has: %s; allowed: %s", misfit.Problem, misfit.Allowed),
		}
		if misfit.Nearest != "" {
			finding.Try = misfit.Nearest + ": …"
		}
		if misfit.Instead != "" {
			finding.Try, finding.Proposed = misfit.Instead, misfit.Instead
		}
		findings = append(findings, finding)
	}
	for _, part := range releases.Newer(words, types, "", v.Istio.Minor) {
		findings = append(findings, tooNew(v, statedAt(v, part.Path), fmt.Sprintf("%s of the MeshConfig needs", part.Path), part.Minor))
	}
	return findings
}

// refusedPolicy runs Istio's validation over the mesh's default traffic policy, which is that of a DestinationRule.
func refusedPolicy(v *cluster.View) diag.List {
	policy, ok := asMeshConfig(v)["defaultTrafficPolicy"].(map[string]any)
	if !ok {
		return nil
	}
	rule := &networking.DestinationRule{Host: "all.example.com"}
	text, err := json.Marshal(map[string]any{"trafficPolicy": policy})
	if err == nil {
		err = protomarshal.ApplyJSON(string(text), rule)
	}
	if err == nil {
		_, err = validation.ValidateDestinationRule(config.Config{Meta: config.Meta{Name: "all", Namespace: someNamespace}, Spec: rule})
	}
	var findings diag.List
	for _, problem := range textsOf(err) {
		findings = append(findings, diag.Finding{
			Code: diag.BadValue, Source: statedAt(v, "defaultTrafficPolicy"),
			Message: fmt.Sprintf("Istio would refuse this in its MeshConfig: %s", problem),
		})
	}
	return findings
}

// disagreements finds facts that objects of the build state differently: the PeerAuthentication of the mesh, and the
// ConfigMap that istiod reads.
func disagreements(v *cluster.View) diag.List {
	var findings diag.List
	report := func(fact, here, there, who string, at diag.Source) {
		findings = append(findings, diag.Finding{
			Code: diag.ProfileDisagrees, Severity: diag.Warning, Source: v.Istio.At(fact),
			Message: fmt.Sprintf("the profile says %s: %s, and %s of the build says %s", fact, here, who, there),
			Related: []diag.Source{at},
			Try:     fmt.Sprintf("%s: %s, if that is what the mesh will have", fact[strings.LastIndex(fact, ".")+1:], there),
		})
	}
	if mode := v.MeshMTLS(); v.Istio.MTLS != "" && mode.By != nil && mode.Mode.String() != v.Istio.MTLS {
		report("mtls", v.Istio.MTLS, mode.Mode.String(), mode.Who(), mode.At())
	}
	name := "istio"
	if v.Istio.Revision != "" {
		name += "-" + v.Istio.Revision
	}
	for _, it := range v.Items {
		if it.Kind() != "ConfigMap" || it.Group() != "" || it.Name() != name || it.Namespace() != v.Istio.RootNamespace {
			continue
		}
		var words map[string]any
		if text, ok := it.String("data", "mesh"); !ok || yaml.Unmarshal([]byte(text), &words) != nil {
			continue
		}
		for _, fact := range sharedFacts(v) {
			if there, ok := valueAt(words, fact.in); ok && fact.here != "" && there != fact.here {
				report(fact.name, fact.here, there, it.Resource().String(), it.Source("data.mesh"))
			}
		}
	}
	return findings
}

// fact is one that the profile and the configuration of istiod both state.
type fact struct {
	name string
	in   []string // the path in the MeshConfig
	here string   // "" where the profile does not say it
}

func sharedFacts(v *cluster.View) []fact {
	facts := []fact{
		{"trustDomain", []string{"trustDomain"}, v.Istio.TrustDomain},
		{"outboundTrafficPolicy", []string{"outboundTrafficPolicy", "mode"}, v.Istio.OutboundPolicy},
		{"rootNamespace", []string{"rootNamespace"}, v.Istio.RootNamespace},
	}
	if auto := v.Istio.Mesh.EnableAutoMtls; auto != nil {
		facts = append(facts, fact{"meshConfig.enableAutoMtls", []string{"enableAutoMtls"}, fmt.Sprint(*auto)})
	}
	return facts
}

func valueAt(words map[string]any, path []string) (string, bool) {
	value, ok := any(words), true
	for _, key := range path {
		fields, _ := value.(map[string]any)
		value, ok = fields[key]
	}
	return fmt.Sprint(value), ok && value != nil
}
