package diag

// Catalogues of other repositories (MF133x).
const (
	CatalogForm     Code = "MF1331"
	CatalogConflict Code = "MF1332"
	StaleCatalog    Code = "MF1333"
)

func catalogEntries() []Entry {
	return []Entry{
		{
			Code: CatalogForm, Title: "A catalogue that meshfn did not write",
			Text: "A catalogue speaks to every repository, so each name in it has its namespace and each caller is an identity. " +
				"What is written otherwise would be found by nobody.",
		},
		{
			Code: CatalogConflict, Title: "One name, and two things said of it",
			Text: "Two catalogues of a build, or two builds of one catalogue, say different things of the same Service or workload. " +
				"One of them is out of date or means another cluster, and a permission could go to the wrong identity.",
		},
		{
			Code: StaleCatalog, Title: "A catalogue that is out of date",
			Text: "The catalogue says something about a Service of this build that is not so. Other repositories check their " +
				"references against it, so they are told of ports that are gone, or let in identities that nobody has any more.",
		},
	}
}
