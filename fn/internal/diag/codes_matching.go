package diag

// Matching names with the build (MF01xx).
const (
	UnknownName        Code = "MF0101"
	AmbiguousName      Code = "MF0102"
	AmbiguousNamespace Code = "MF0103"
	ClaimedTwice       Code = "MF0104"
	NotCovered         Code = "MF0105"
	BehindService      Code = "MF0106"
	UnknownPreset      Code = "MF0107"
	UnsupportedIstio   Code = "MF0108"
	NoMesh             Code = "MF0109"
	CoversNothing      Code = "MF0110"
	ProfileDisagrees   Code = "MF0121"
)

func matchingEntries() []Entry {
	return []Entry{
		{
			Code: UnknownName, Title: "Name not in the build",
			Text: "A Mesh names a Service, workload or port that the build does not have. The setting would be lost.",
		},
		{
			Code: AmbiguousName, Title: "Name fits several objects",
			Text: "A name in a Mesh fits two objects, one by its name now and one by a name from before an overlay.",
		},
		{
			Code: AmbiguousNamespace, Title: "Namespace of the Mesh unknown",
			Text: "A Mesh without a namespace speaks of the only namespace of the build, and this build has several.",
		},
		{
			Code: ClaimedTwice, Title: "Listed twice",
			Text: "A Service, workload or port has two entries. Neither can win without the other one being lost.",
		},
		{
			Code: NotCovered, Title: "Covered by no Mesh",
			Text: "A Service or workload is listed by none of the Meshes of its namespace. That may be wanted, so it is " +
				"only said.",
		},
		{
			Code: BehindService, Title: "A workload behind a Service",
			Text: "Settings of pods behind a Service belong to the entry of the Service, and their stage is its stage, so that there is one place for " +
				"them.",
		},
		{
			Code: UnknownPreset, Title: "Unknown preset",
			Text: "A word stands where a preset could, and there is no preset of that name.",
		},
		{
			Code: UnsupportedIstio, Title: "Not for this Istio",
			Text: "The profile names an Istio that is older than what is written, or newer than what this version knows, or a " +
				"namespace is in a mode that is not written for. For a newer Istio everything is written as for the newest " +
				"known one, which it reads too.",
			See: []string{"https://istio.io/latest/docs/releases/supported-releases/"},
		},
		{
			Code: NoMesh, Title: "No Mesh in the build",
			Text: "Nothing is generated, because nothing was asked for.",
		},
		{
			Code: CoversNothing, Title: "A Mesh that covers nothing",
			Text: "The namespace of the Mesh has no Service and no workload in this build.",
		},
		{
			Code: ProfileDisagrees, Title: "The profile and the build disagree",
			Text: "The profile states a fact about the mesh, and the object of the build that makes it a fact says something else. " +
				"Whatever was checked or written by the profile is then about another mesh.",
			See: []string{"https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig"},
		},
	}
}
