package diag

// The rules of the platform (MF11xx).
const (
	OutsideLimit     Code = "MF1101"
	RequiredSetting  Code = "MF1102"
	LockedField      Code = "MF1103"
	PatchesForbidden Code = "MF1104"
	BadRule          Code = "MF1105"
	OwnRuleBroken    Code = "MF1106"
)

func profileEntries() []Entry {
	return []Entry{
		{
			Code: OutsideLimit, Title: "A value outside the platform's limits",
			Text: "The MeshProfile bounds the setting, and the value that comes of all layers, or of a patch, is outside. The finding names " +
				"the rule, its reason and whom to ask.",
		},
		{
			Code: RequiredSetting, Title: "A setting that the platform requires",
			Text: "The MeshProfile requires that some layer sets the setting, and none does, or a patch takes it away.",
		},
		{
			Code: LockedField, Title: "A field that only the platform sets",
			Text: "The MeshProfile locks the field. A Mesh may neither write it nor clear it, by a block, a preset or a patch, whatever the value.",
		},
		{
			Code: PatchesForbidden, Title: "Patches are not allowed here",
			Text: "The MeshProfile does not let applications patch generated objects, in all namespaces or in this one.",
		},
		{
			Code: BadRule, Title: "A rule that cannot hold",
			Text: "A rule of the MeshProfile names something that is no setting, or that nothing can be called, compares with " +
				"something that is no value of the setting, or says nothing. It would protect nobody, so it is an error whether or not an application meets it.",
		},
		{
			Code: OwnRuleBroken, Title: "The profile breaks its own rule",
			Text: "A default or preset of the MeshProfile, or a built-in default that it does not change, is outside of a limit of the same " +
				"profile. Every application that takes it over would be refused.",
		},
	}
}
