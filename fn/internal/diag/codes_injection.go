package diag

// Injection: labels and annotations (MF07xx).

func injectionEntries() []Entry {
	return []Entry{}
}
