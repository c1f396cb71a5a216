package transition

import "slices"

// lostAccess is a call of OLD that NEW neither says nor permits.
type lostAccess struct {
	call *call
	by   *policy
	had  identity
}

// lostBy takes what a policy refuses of what somebody no longer calls, to tell it together with a sidecar that forgets the same
// Service: there is one fix for both.
func (c *checker) lostBy(one *call) *policy {
	at := slices.IndexFunc(c.lost, func(l lostAccess) bool { return l.call.subject == one.subject && l.call.callee() == one.callee() })
	if at < 0 {
		return nil
	}
	by := c.lost[at].by
	c.lost = slices.Delete(c.lost, at, at+1)
	return by
}

// accessOnly reports what is lost without that a sidecar forgets it.
func (c *checker) accessOnly() {
	for _, l := range c.lost {
		c.accessLost(l.call, l.by, l.had)
	}
}
