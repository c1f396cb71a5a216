package transition

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// access finds callers of OLD that policies of NEW refuse: because their pods still have another identity or none, or because
// nobody permits them any more. Policies hold at once; an identity is that with which a pod was started.
func (c *checker) access() {
	said := map[[2]string]bool{}
	for _, one := range c.calls {
		key := [2]string{one.subject, one.callee()}
		service := c.now.Service(one.name, one.in)
		if !one.was || !one.stays() || service == nil || said[key] || c.strict[one] {
			continue
		}
		for _, pod := range podsBehind(c.now, service) {
			if pod.Gateway() || !proxied(c.now, pod) || said[key] {
				continue
			}
			said[key] = c.accessOf(one, pod, c.targets(one, service, pod))
		}
	}
}

// accessOf compares what the pods of a caller may do at the pods of a callee. It reports whether there was something to say.
func (c *checker) accessOf(one *call, pod *cluster.Pod, ports []uint32) bool {
	if len(ports) == 0 {
		return false
	}
	for _, before := range one.before {
		after := c.podsAfter[podName(before)]
		if after == nil || brief(before) {
			continue
		}
		sure := c.without(before, after)
		if sure == has && !proxied(c.old, before) {
			continue // Its identity is not known.
		}
		had := identity{proxy: sure == has, account: c.old.Facts.AccountOf(before.Workload)}
		will := identity{proxy: proxied(c.now, after), account: c.now.Facts.AccountOf(after.Workload)}
		refused := c.refusing(c.now, pod, had, ports)
		if refused == nil || c.wasRefused(pod, had, ports) {
			continue
		}
		switch {
		case c.refusing(c.now, pod, will, ports) == nil:
			c.identityLate(one, before, refused, had, will, sure)
		case sure == has && !one.is:
			c.lost = append(c.lost, lostAccess{one, refused, had})
		case sure == has:
			c.accessLost(one, refused, had)
		default:
			continue
		}
		return true
	}
	return false
}

// wasRefused reports whether OLD refused the caller already.
func (c *checker) wasRefused(pod *cluster.Pod, who identity, ports []uint32) bool {
	before := c.podsBefore[podName(pod)]
	return proxied(c.old, before) && c.refusing(c.old, before, who, ports) != nil
}

// refusing is a policy by which pods refuse a caller on all of some ports, nil where a port is open to it.
func (c *checker) refusing(v *cluster.View, pod *cluster.Pod, who identity, ports []uint32) *policy {
	var by *policy
	for _, port := range ports {
		if by = refusedBy(v, pod, who, port); by == nil {
			return nil
		}
	}
	return by
}

// policyAt is where a policy was written that refuses a caller of a Service.
func (c *checker) policyAt(one *call, by *policy) diag.Source {
	return written(c.to, by.Meta, "spec", one.callee(), "callers")
}

func (c *checker) identityLate(one *call, before *cluster.Pod, by *policy, had, will identity, sure sureness) {
	finding := diag.Finding{
		Code: diag.IdentityLate, Source: c.policyAt(one, by),
		Message: fmt.Sprintf("%s refuses the pods of %s that run: they call as %s until they are replaced, and %s is what is permitted", one.callee(), one.subject, had, will),
		Because: []string{by.String() + " holds at once, and a pod has the identity with which it was started"},
		Related: []diag.Source{c.sidecarAt(before), one.said()},
		Try: steps(
			fmt.Sprintf("permit both: {serviceAccount: %s} among the callers too", had.account),
			fmt.Sprintf("once all pods of %s are replaced, remove the old one", one.subject),
		),
	}
	if !had.proxy {
		finding.Message = fmt.Sprintf("%s refuses the pods of %s that run: without a sidecar they have no identity until they are replaced", one.callee(), one.subject)
		finding.Try = steps(
			fmt.Sprintf("give %s its sidecar, and leave who may call %s as it is", one.subject, one.callee()),
			"once all its pods are replaced, refuse everybody else",
		)
	}
	if sure == perhaps {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("not known whether the pods of %s that run have a sidecar: if not, %s refuses them until they are replaced", one.subject, one.callee())
	}
	c.report(finding)
}

func (c *checker) accessLost(one *call, by *policy, had identity) {
	finding := diag.Finding{
		Code: diag.AccessLost, Source: c.policyAt(one, by),
		Message: fmt.Sprintf("%s calls %s, and is refused from now on: no caller listed there is %s", one.subject, one.callee(), had),
		Because: []string{by.String() + " holds at once"},
		Related: []diag.Source{one.said()},
		Try:     fmt.Sprintf("{serviceAccount: %s} among the callers", had.account),
	}
	if !one.is {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("%s no longer says that it calls %s, and its pods that run may do so until they are replaced: they are refused at once", one.subject, one.callee())
		finding.Try = steps(
			fmt.Sprintf("take %s out of dependsOn of %s, and keep it among the callers", one.callee(), one.subject),
			"once its pods are replaced, take it out of the callers",
		)
	}
	c.report(finding)
}

// identity is who calls.
type identity struct {
	proxy   bool // without one, nobody knows
	account facts.Account
}

func (i identity) String() string {
	if !i.proxy {
		return "nobody, without a sidecar"
	}
	return i.account.String()
}
