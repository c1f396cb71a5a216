package diag

// The output (MF03xx).
const (
	InvalidOutput Code = "MF0302"
	PatchNoTarget Code = "MF0303"
	PatchInvalid  Code = "MF0304"
	Patched       Code = "MF0305"
	IstioWarning  Code = "MF0306"
	NameTaken     Code = "MF0307"
	NameLost      Code = "MF0308"
	InvalidObject Code = "MF0309"
	NewerThanMesh Code = "MF0331"
)

func outputEntries() []Entry {
	return []Entry{
		{
			Code: InvalidOutput, Title: "Istio would refuse a generated object",
			Text: "A patch made a generated object into one that Istio's own validation refuses.",
		},
		{
			Code: PatchNoTarget, Title: "A patch without its object",
			Text: "The Mesh generates no object of that kind and name.",
		},
		{
			Code: PatchInvalid, Title: "A patch that does not fit",
			Text: "The patch changes what identifies the object, or would make it into something that is not of Istio's " +
				"type.",
			See: []string{"https://www.rfc-editor.org/rfc/rfc7386"},
		},
		{
			Code: Patched, Title: "An object is patched",
			Text: "A generated object is changed by hand. That is allowed, and said, so that a reviewer sees it.",
		},
		{
			Code: IstioWarning, Title: "Istio warns about an object", Also: []string{"IST0133"},
			Text: "Istio's own validation accepts the object and warns about it.",
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0133/"},
		},
		{
			Code: NameTaken, Title: "The name of a generated object is taken",
			Text: "Another object of the build has the kind and name that a generated one needs. Nothing that is not " +
				"generated is ever overwritten.",
		},
		{
			Code: NameLost, Title: "A name was changed above meshfn",
			Text: "A level above the function changed the name of a Service or Gateway, and generated objects still speak " +
				"of the old one.",
			See: []string{"https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/nameprefix/"},
		},
		{
			Code: InvalidObject, Title: "Istio would refuse an object", Also: []string{"IST0106"},
			Text: "An object kept by hand has a field or value that Istio's types do not have, or that Istio's own " +
				"validation refuses. A cluster refuses it on apply, or drops the field without a word.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0106/"},
		},
		{
			Code: NewerThanMesh, Title: "Newer than the Istio of the mesh",
			Text: "A patch, an object kept by hand or the profile has a kind, a field or a value that came with a later " +
				"release of Istio than the one that the profile states. A cluster with the older definitions drops the field " +
				"without a word or refuses the object, and older proxies do not do what it says. The releases were measured " +
				"on Istio's own API.",
			See: []string{"https://istio.io/latest/docs/releases/supported-releases/"},
		},
	}
}
