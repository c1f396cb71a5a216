package changes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// access tells who may call from now on, and who may not any more. It goes by the identities that the policies have, because
// it is these that open and close doors.
func (c *comparison) access() {
	for _, subject := range slices.Sorted(maps.Keys(c.new.services)) {
		if c.old.services[subject] == nil {
			continue
		}
		before, wasRestricted := c.old.allowed(c, subject)
		after, restricted := c.new.allowed(c, subject)
		switch {
		case restricted && wasRestricted:
			c.accessChanges(subject, before, after)
		case restricted:
			list := orNobody(slices.Sorted(maps.Keys(after)))
			c.accessChange(subject, Change{
				Old: "everybody", New: list, Lost: []string{"everybody else"}, Text: "from now on these may call: " + list + "; everybody could",
			})
		case wasRestricted:
			list := orNobody(slices.Sorted(maps.Keys(before)))
			c.accessChange(subject, Change{
				Old: list, New: "everybody", Gained: []string{"everybody else"}, Text: "from now on everybody may call; these could: " + list,
			})
		}
	}
}

// accessChange tells one. Where nothing was said at the callee, it is the one caller that says whom it calls from now on.
func (c *comparison) accessChange(subject string, change Change, callers ...string) {
	change.Effect, change.Setting = Access, "callers"
	c.tell(subject, "callers", "callersComplete")
	if old, now := c.old.line(subject, "callers"), c.new.line(subject, "callers"); len(callers) == 1 && holding(old) == holding(now) {
		if caller := c.callers[callers[0]]; caller != "" {
			change = c.decided(change, caller, "dependsOn")
		}
	}
	if change.At == (diag.Source{}) && change.OldAt == (diag.Source{}) {
		change = c.decided(change, subject, "callers", "stage")
	}
	c.add(subject, change)
}

func (c *comparison) accessChanges(subject string, before, after map[string]string) {
	var gained, lost, told []string
	for _, who := range slices.Sorted(maps.Keys(merge(before, after))) {
		old, was := before[who]
		now, is := after[who]
		switch {
		case !is:
			lost, told = append(lost, who+in(old)), append(told, c.new.caller(who))
			c.call(who, subject, "access", false)
		case !was:
			gained = append(gained, who+in(now))
			c.call(who, subject, "access", true)
		case old != now:
			text := fmt.Sprintf("what %s may call changes: %s → %s", who, orAnything(old), orAnything(now))
			c.accessChange(subject, Change{Old: who + in(old), New: who + in(now), Text: text}, who)
		}
	}
	if len(lost) > 0 {
		text := counted(len(lost), "caller loses", "callers lose") + " access: " + strings.Join(told, ", ")
		c.accessChange(subject, Change{Lost: lost, Old: strings.Join(lost, ", "), Text: text}, lost...)
	}
	if len(gained) > 0 {
		text := counted(len(gained), "caller gains", "callers gain") + " access: " + strings.Join(gained, ", ")
		c.accessChange(subject, Change{Gained: gained, New: strings.Join(gained, ", "), Text: text}, gained...)
	}
}

// caller names a caller, and says where it is gone itself.
func (b *build) caller(who string) string {
	if b.gone[who] {
		return who + " (gone)"
	}
	return who
}

func in(what string) string {
	if what == "" {
		return ""
	}
	return " (" + what + ")"
}

func orAnything(what string) string {
	if what == "" {
		return "anything"
	}
	return what
}

// allowed lists who may call a Service and what, "" for everything; restricted is false where everybody may.
func (b *build) allowed(c *comparison, subject string) (who map[string]string, restricted bool) {
	service := b.services[subject]
	if service == nil || service.Callers == nil || !b.guarded(subject) {
		return nil, false
	}
	all := map[string][]string{}
	for i := range service.Callers {
		caller := &service.Callers[i]
		name := c.callerName(caller)
		all[name] = append(all[name], permitted(caller))
	}
	return together(all), true
}

// callerName is how people call an identity: the Service or workload that has it, else what it is.
func (c *comparison) callerName(caller *v1alpha1.Caller) string {
	switch {
	case caller.ServiceAccount != nil:
		return c.account(*caller.ServiceAccount)
	case caller.Namespace != nil:
		return "everybody in namespace " + string(*caller.Namespace)
	case caller.Gateway != nil:
		return "gateway " + *caller.Gateway
	}
	return "whoever sends plain text"
}

// account is who runs as a service account, in both builds: an account that others take over stays the same identity.
func (c *comparison) account(account string) string {
	who := map[string]bool{}
	for _, b := range []*build{c.old, c.new} {
		for _, subject := range b.accounts[account] {
			who[subject] = true
		}
	}
	if len(who) != 1 {
		if len(who) == 0 {
			return account
		}
		return "account " + account
	}
	for subject := range who {
		name := c.names.short(subject)
		c.callers[name] = subject
		if len(c.old.accounts[account]) > 0 && len(c.new.accounts[account]) == 0 {
			c.new.leave(name)
		}
		return name
	}
	return account
}

// leave notes that a caller is gone.
func (b *build) leave(name string) {
	if b.gone == nil {
		b.gone = map[string]bool{}
	}
	b.gone[name] = true
}

// permitted is what a caller may call, "" for everything.
func permitted(caller *v1alpha1.Caller) string {
	var parts []string
	if what := strings.TrimSpace(methods(caller.Methods) + " " + paths(caller.Paths)); what != "" {
		parts = append(parts, what)
	}
	if len(caller.Ports) > 0 {
		var ports []string
		for _, port := range caller.Ports {
			ports = append(ports, string(port))
		}
		parts = append(parts, "port "+strings.Join(ports, ", "))
	}
	return strings.Join(parts, " on ")
}

func methods(in []v1alpha1.Method) string {
	var out []string
	for _, method := range in {
		out = append(out, string(method))
	}
	return strings.Join(out, ", ")
}

func paths(in []v1alpha1.PathMatch) string {
	var out []string
	for i := range in {
		switch path := &in[i]; {
		case path.Prefix != nil:
			out = append(out, *path.Prefix)
		case path.Exact != nil:
			out = append(out, "exactly "+*path.Exact)
		case path.Regex != nil:
			out = append(out, "regex "+*path.Regex)
		}
	}
	return strings.Join(out, ", ")
}

// guarded reports whether the pods of a Service let nobody in but those whom a Mesh allows.
func (b *build) guarded(subject string) bool {
	if b.guards == nil {
		b.guards = map[string]bool{}
		for _, policy := range b.View.AuthorizationPolicies {
			_, generated := policy.Annotations[v1alpha1.SourceAnnotation]
			if !generated || policy.Annotations["istio.io/dry-run"] == "true" || policy.Spec.GetAction() != security.AuthorizationPolicy_ALLOW {
				continue
			}
			for _, pod := range b.View.Selected(policy.Namespace, policy.Spec.GetSelector().GetMatchLabels()) {
				for _, service := range pod.Services {
					b.guards[service.Item.Resource().String()] = true
				}
			}
		}
	}
	return b.guards[subject]
}
