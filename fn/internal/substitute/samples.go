package substitute

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

const samplesField = "spec.substituteSamples"

// sample is what somebody says that a variable may look like.
type sample struct {
	value string
	kind  string // of the document that says it, "" for the command line
	by    string // in words
	at    diag.Source
}

var properName = regexp.MustCompile(`^[_A-Za-z][_A-Za-z0-9]*$`)

// declare gathers the samples: those of the profile, over them those of Meshes, over all what is given from outside.
func (v *Variables) declare(own []document, given map[string]string) {
	v.samples = map[string]sample{}
	for _, kind := range []string{v1alpha1.KindMeshProfile, v1alpha1.KindMesh} {
		for _, document := range own {
			if document.item.Kind() == kind {
				v.declared(document)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		v.samples[name] = sample{value: given[name], by: "--substitute"}
	}
}

// declared takes over the samples of one document. What is no sample is said by the reader.
func (v *Variables) declared(document document) {
	block := document.item.Field(samplesField)
	if block == nil || block.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(block.Content); i += 2 {
		name, value := block.Content[i].Value, block.Content[i+1]
		one := sample{
			value: value.Value, kind: document.item.Kind(), at: document.at(block.Content[i], diag.Join(samplesField, name)),
			by: fmt.Sprintf("%s of %s %q", samplesField, document.item.Kind(), document.item.Name()),
		}
		before, twice := v.samples[name]
		switch {
		case !properName.MatchString(name):
			v.report(diag.Finding{
				Code: diag.BadValue, Source: one.at,
				Message: fmt.Sprintf("%q cannot be the name of a variable; allowed: letters, digits and underscores, not beginning with a digit", name),
				Try:     samplesField + ": {DOMAIN: example.com}",
			})
		case value.Kind != yaml.ScalarNode:
		case twice && before.kind == one.kind && before.value != one.value:
			v.report(diag.Finding{
				Code: diag.SampleConflict, Source: one.at,
				Message: fmt.Sprintf("%s is %q here, and %q in %s: a build has one value for a variable", name, one.value, before.value, before.by),
				Related: []diag.Source{before.at}, Try: fmt.Sprintf("the same sample in both, or one in the MeshProfile: {%s: %s}", name, before.value),
			})
		default:
			v.samples[name] = one
		}
	}
}

// known says which samples there are.
func (v *Variables) known() string {
	if len(v.samples) == 0 {
		return "there are no samples"
	}
	return "there are samples for " + diag.OneOf(slices.Sorted(maps.Keys(v.samples)))
}
