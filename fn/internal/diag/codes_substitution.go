package diag

// Variables that are filled in after the build (MF17xx).
const (
	UndeclaredVariable Code = "MF1701"
	VariableForm       Code = "MF1702"
	DecidedByVariable  Code = "MF1703"
	SampleConflict     Code = "MF1704"
	UnusedSample       Code = "MF1705"
	VariableUnknown    Code = "MF1706"
)

const fluxSubstitution = "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution"

func substitutionEntries() []Entry {
	return []Entry{
		{
			Code: UndeclaredVariable, Title: "A variable without a sample",
			Text: "A value is filled in after the build, and nothing says what it may look like, so that nothing that depends on " +
				"it can be checked. A sample in `spec.substituteSamples` of the Mesh or the MeshProfile takes its place until then.",
			See: []string{fluxSubstitution},
		},
		{
			Code: VariableForm, Title: "A variable in a form that cannot be followed",
			Text: "The form does more than to fill in a value, or one variable is written in two forms, of which one has a default " +
				"and the other does not: where nobody gives a value, one place would have the default and the other nothing.",
			See: []string{fluxSubstitution},
		},
		{
			Code: DecidedByVariable, Title: "A value that cannot be a variable",
			Text: "What is generated depends on the value: it is a number or a duration, the name of something that has to be found, " +
				"or something that is taken apart. It was decided for the sample, and would be wrong for what is filled in later.",
			See: []string{fluxSubstitution},
		},
		{
			Code: SampleConflict, Title: "Two samples for one variable",
			Text: "Two Meshes of a build have different samples for a variable. What is filled in is one value for both.",
		},
		{
			Code: UnusedSample, Title: "A sample that nobody uses",
			Text: "A Mesh has a sample for a variable that is nowhere in the build. It may be misspelled, or left over.",
		},
		{
			Code: VariableUnknown, Title: "Not checked: a variable without a sample",
			Text: "An object holds a variable that is filled in after the build, and something about it would be wrong as it is " +
				"written. With the value it may be right. `meshfn check --substitute NAME=value` looks at it with a value.",
			See: []string{fluxSubstitution},
		},
	}
}
