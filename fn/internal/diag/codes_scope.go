package diag

// Scope: ServiceEntries, Sidecars and who sees what (MF09xx).

func scopeEntries() []Entry {
	return []Entry{}
}
