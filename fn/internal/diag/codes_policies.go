package diag

// Policies: authentication and authorization (MF08xx).

func policyEntries() []Entry {
	return []Entry{}
}
