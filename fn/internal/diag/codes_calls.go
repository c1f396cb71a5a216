package diag

// Who calls whom (MF13xx).
const (
	BeyondBuild Code = "MF1301"
	NoIdentity  Code = "MF1302"
)

func callEntries() []Entry {
	return []Entry{
		{
			Code: BeyondBuild, Title: "A Service or workload of another repository",
			Text: "Nobody here knows whether there is such a Service. Where its name is wrong, the sidecar of the caller does not " +
				"know it, and calls to it are passed through without mutual TLS or refused. A MeshCatalog of the other " +
				"repository makes it known.",
		},
		{
			Code: NoIdentity, Title: "A caller without a known identity",
			Text: "A permission is for the service account that the pods of the caller run as. Where that is not known, " +
				"everybody would have to be let in, or the caller would be refused.",
			See: []string{"https://istio.io/latest/docs/concepts/security/#istio-identity"},
		},
	}
}
