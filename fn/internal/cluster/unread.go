package cluster

func (v *View) noteUnread(kind string, unread bool) {
	if !unread {
		return
	}
	if v.unread == nil {
		v.unread = map[string]bool{}
	}
	v.unread[kind] = true
}

// Unread reports whether the build has an object of a kind that does not fit its type. What is missing may be in there, and
// to say that it is missing would be a second finding for one mistake.
func (v *View) Unread(kind string) bool { return v.unread[kind] }
