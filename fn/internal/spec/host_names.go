package spec

// HostNames say how a host is called where it is part of the name of an object, for hosts that are not the same everywhere.
type HostNames map[string]string

// Of is how a host is called: as it is, where nothing else is said.
func (n HostNames) Of(host string) string {
	if called, ok := n[host]; ok {
		return called
	}
	return host
}
