package v1alpha1

import (
	"fmt"
	"regexp"
)

// Substitution is about values that are filled in after the build, by `postBuild.substitute` of a Flux Kustomization.
type Substitution struct {
	// SubstituteSamples says, for each variable that Flux fills in after the build, a value by which everything is decided and
	// checked. A value of this document may then hold `${NAME}`, which leaves in the output as it is written, so that one output
	// serves several clusters. What Flux fills in later is not checked. The samples of a Mesh count more than those of the
	// profile. `${NAME:=value}` and `${NAME:-value}` bring a sample of their own, and `$${NAME}` is the text `${NAME}`.
	//
	// Default: none.
	// Becomes: nothing by itself.
	// Error: a variable without a sample; a form of variable that does more than to fill in a value; a variable whose value
	// decides what is generated, such as a duration, a number or the name of a Service; two Meshes of a build that say
	// different things.
	// Example: {DOMAIN: example.com}
	//
	// Source: https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
	SubstituteSamples map[string]Sample `json:"substituteSamples,omitempty" meshfn:"max=256,quoted,example=example.com"`
}

// Sample is what a variable is taken to be.
type Sample string

// sampleText is what means the same to YAML with and without quotes.
var sampleText = regexp.MustCompile(`^([-A-Za-z0-9/_.+~=]([-A-Za-z0-9/_.+~=:@%&,;()]*[-A-Za-z0-9/_.+~=)])?)?$`)

// UnmarshalText accepts a text without spaces and signs that mean something to YAML.
func (s *Sample) UnmarshalText(text []byte) error {
	if !sampleText.Match(text) || len(text) > 253 {
		return &ValueError{
			Problem: fmt.Sprintf("%q cannot be the sample of a variable", text),
			Allowed: "letters, digits and - / _ . + ~ =, inside of them also : @ % & , ; ( ), without spaces, at most 253, such as example.com",
		}
	}
	*s = Sample(text)
	return nil
}
