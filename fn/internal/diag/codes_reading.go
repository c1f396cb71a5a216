package diag

// Reading the input (MF00xx).
const (
	NotYAML          Code = "MF0001"
	TooLarge         Code = "MF0002"
	TooDeep          Code = "MF0003"
	DuplicateKey     Code = "MF0004"
	UnknownField     Code = "MF0005"
	WrongType        Code = "MF0006"
	BadValue         Code = "MF0007"
	UnknownKind      Code = "MF0008"
	UnknownVersion   Code = "MF0009"
	MissingField     Code = "MF0010"
	NoInput          Code = "MF0011"
	DuplicateObject  Code = "MF0012"
	SeveralProfiles  Code = "MF0013"
	BadFunction      Code = "MF0014"
	ForeignFunction  Code = "MF0015"
	BuildFailed      Code = "MF0016"
	UnreadableObject Code = "MF0017"
	RemoteSource     Code = "MF0018"
	NoFunction       Code = "MF0019"
	NotBuilt         Code = "MF0020"
	RunsTwice        Code = "MF0021"
	OnlyHere         Code = "MF0022"
	OutOfReach       Code = "MF0028"
)

func readingEntries() []Entry {
	return []Entry{
		{
			Code: NotYAML, Title: "Not readable as YAML",
			Text: "The document, or the text around it, is not YAML that every tool reads the same way. Nothing is " +
				"generated, because a part that one tool reads and another skips would be a part that nobody checked.",
			See: []string{"https://yaml.org/spec/1.2.2/"},
		},
		{
			Code: TooLarge, Title: "Larger than the bounds",
			Text: "A document, a file or the whole input is larger than anything that a build needs, or its aliases stand " +
				"for more than a machine can hold. The bounds keep a build server from being brought down by one file.",
		},
		{
			Code: TooDeep, Title: "Nested too deeply",
			Text: "Mappings and lists stand in one another more than 100 levels deep. The deepest Kubernetes objects need " +
				"less than a third of that.",
		},
		{
			Code: DuplicateKey, Title: "The same key twice",
			Text: "A mapping holds a key twice. Tools disagree about which one counts, so what one of them checks another " +
				"would not apply.",
			See: []string{"https://yaml.org/spec/1.2.2/#3213-node-comparison"},
		},
		{
			Code: UnknownField, Title: "Unknown field",
			Text: "A Mesh or MeshProfile has a field that does not exist. An ignored field would be a setting that its " +
				"author believes in, so none is ignored.",
		},
		{
			Code: WrongType, Title: "Wrong type of value",
			Text: "A field holds text where a number belongs, a list where a mapping belongs, and so on.",
		},
		{
			Code: BadValue, Title: "Value not allowed",
			Text: "A field holds a value outside of what is allowed. The reference lists the bounds of every field.",
		},
		{
			Code: UnknownKind, Title: "Unknown kind of meshfn",
			Text: "A document of the group meshfn.dev has a kind that this version does not know. It would do nothing.",
		},
		{
			Code: UnknownVersion, Title: "Unknown version of meshfn",
			Text: "A document has a version of the group meshfn.dev, or a misspelled group, that this version does not " +
				"know. It would do nothing.",
		},
		{
			Code: MissingField, Title: "Required field missing",
			Text: "A field that has no default is not there.",
		},
		{
			Code: NoInput, Title: "Nothing to read",
			Text: "There is no such file or directory, or no document in it. A build that finds nothing is a mistake more " +
				"often than not.",
		},
		{
			Code: DuplicateObject, Title: "The same object twice",
			Text: "A Service, a workload or a Mesh appears twice in the build. A cluster keeps the one that is applied " +
				"last, which need not be the one that was checked.",
		},
		{
			Code: SeveralProfiles, Title: "More than one MeshProfile",
			Text: "A build has at most one MeshProfile, because two could not both be the platform's word.",
		},
		{
			Code: BadFunction, Title: "meshfn is named in a way that cannot run",
			Text: "The entry that names meshfn as a function has settings that it would not run with, or was passed over.",
			See:  []string{"https://kubectl.docs.kubernetes.io/guides/extending_kustomize/"},
		},
		{
			Code: ForeignFunction, Title: "Another function or plugin",
			Text: "The tree names a function or plugin that is not meshfn and not built into kustomize. `meshfn build` runs " +
				"no other program, so that a build server needs to trust none.",
			See: []string{"https://kubectl.docs.kubernetes.io/references/kustomize/builtins/"},
		},
		{
			Code: BuildFailed, Title: "The kustomization cannot be built",
			Text: "kustomize would refuse the tree too.",
			See:  []string{"https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"},
		},
		{
			Code: UnreadableObject, Title: "An object is not of the shape of its kind",
			Text: "A Service or workload has a field of the wrong type, or is hidden in a List, so that nothing can be said " +
				"about it.",
		},
		{
			Code: RemoteSource, Title: "Something would have to be fetched",
			Text: "The tree names a repository, and fetching was not allowed or did not work. A build reads nothing from a " +
				"network unless it is told to.",
		},
		{
			Code: NoFunction, Title: "No transformer runs meshfn",
			Text: "The tree has documents of meshfn and no entry that runs it, so they would do nothing.",
			See:  []string{"https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/transformers/"},
		},
		{
			Code: NotBuilt, Title: "Kustomizations that are not built",
			Text: "A directory without a kustomization of its own is read as plain manifests, with all that is below it. The " +
				"kustomizations there are not built, so bases, overlays and patches all count as manifests.",
		},
		{
			Code: RunsTwice, Title: "meshfn runs twice over the same resources",
			Text: "Two entries of transformers run meshfn, one after the other, as when a base and its overlay both name the " +
				"platform's directory. A build is expanded once, in the outermost kustomization: a second run takes what the " +
				"first one generated for objects kept by hand.",
			See: []string{"https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/transformers/"},
		},
		{
			Code: OnlyHere, Title: "kustomize would not run this the same way",
			Text: "`meshfn build` runs an entry whatever function it names, by this program. kustomize itself runs what the " +
				"entry names, which is nothing, or another version.",
			See: []string{"https://kubectl.docs.kubernetes.io/guides/extending_kustomize/"},
		},
		{
			Code: OutOfReach, Title: "Not a file of the repository",
			Text: "A path leads out of the repository, by `..` or by a link, or to what git keeps for itself. A repository that " +
				"nobody trusts must not get at what else is on the machine that builds it: another checkout, a key, a token.",
		},
	}
}
