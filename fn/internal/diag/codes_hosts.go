package diag

// HostParameter is about what a host, such as Argo CD, asks for (MF005x).
const HostParameter Code = "MF0051"

func hostEntries() []Entry {
	return []Entry{
		{
			Code: HostParameter, Title: "A parameter of the host that does not hold",
			Text: "An Application of Argo CD gives the plugin a parameter or a variable that it does not know, or a value that " +
				"cannot be. Nothing is generated, because an Application that says something and gets something else would look " +
				"synced.",
			See: []string{"https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/"},
		},
	}
}
