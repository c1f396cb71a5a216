package diag

// Routes: VirtualServices and DestinationRules (MF04xx).

func routingEntries() []Entry {
	return []Entry{}
}
