package diag

// Telemetry, EnvoyFilters and other extensions (MF10xx).

func extensionEntries() []Entry {
	return []Entry{}
}
