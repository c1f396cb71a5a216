package changes

import (
	"maps"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// What is said of a sidecar; unknown where the build does not decide.
const (
	yes     = "true"
	no      = "false"
	unknown = ""
)

// podsOfBoth lists the workloads that are in both builds.
func (c *comparison) podsOfBoth() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.new.pods)), func(subject string) bool { return c.old.pods[subject] == nil })
}

// sidecar says whether pods have a proxy of Istio's. A gateway is one.
func (b *build) sidecar(subject string) string {
	pod := b.pods[subject]
	if slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer && c.Image != "auto" }) {
		return yes
	}
	switch b.View.Injection(pod).Sidecar {
	case facts.Yes:
		return yes
	case facts.No:
		return no
	case facts.Unknown:
	}
	return unknown
}

// sidecars tells whose pods gain or lose their sidecar.
func (c *comparison) sidecars() {
	for _, subject := range c.podsOfBoth() {
		before, after := c.old.sidecar(subject), c.new.sidecar(subject)
		if before == after {
			continue
		}
		about := c.about(subject)
		change := Change{Effect: Sidecar, Setting: "sidecar", Old: before, New: after, Text: gains(before, after)}
		change.Text += " (" + c.whenReplaced(subject) + ")"
		deciders := []string{about, subject}
		for _, service := range c.new.pods[subject].Services {
			deciders = append(deciders, service.Item.Resource().String())
		}
		for _, decider := range deciders {
			if change.At.File == "" {
				change = c.decided(change, decider, "sidecar", "stage")
			}
			c.tell(decider, "sidecar")
		}
		c.tell(subject, "restart")
		c.add(about, change)
	}
}

func gains(before, after string) string {
	switch [2]string{before, after} {
	case [2]string{no, yes}:
		return "gains a sidecar"
	case [2]string{unknown, yes}:
		return "gains a sidecar, unless its namespace gave it one already"
	case [2]string{yes, no}:
		return "loses its sidecar"
	case [2]string{unknown, no}:
		return "loses its sidecar, if its namespace gave it one"
	case [2]string{yes, unknown}:
		return "keeps its sidecar only where its namespace gives it one"
	}
	return "gains a sidecar, if its namespace gives it one"
}

// whenReplaced is when pods become what their template says.
func (c *comparison) whenReplaced(subject string) string {
	pod := c.new.pods[subject]
	switch {
	case len(c.templateFields(subject)) == 0:
		return "once its pods are created anew"
	case pod.Kind == "CronJob":
		return "from its next run on"
	case pod.Kind == "Job":
		return "its template cannot change, so it has to be created anew"
	case pod.Kind == "Pod":
		return "the Pod has to be created anew"
	}
	return "its pods restart"
}

// mtls tells what pods accept from now on.
func (c *comparison) mtls() {
	for _, subject := range c.podsOfBoth() {
		before, after := c.old.modes(subject), c.new.modes(subject)
		for _, port := range slices.Sorted(maps.Keys(merge(before, after))) {
			old, now := before[port], after[port]
			if old == "" || now == "" { // A port of which nobody says more is as all are.
				old, now = orAll(old, before), orAll(now, after)
			}
			if old == now || port != "" && old == before[""] && now == after[""] {
				continue
			}
			c.accepts(subject, port, old, now)
		}
	}
}

func orAll(mode string, modes map[string]string) string {
	if mode == "" {
		return modes[""]
	}
	return mode
}

func (c *comparison) accepts(subject, port, old, now string) {
	strict := cluster.StrictMTLS.String()
	// Who has no sidecar takes what comes, and so does who is PERMISSIVE.
	if lost := c.old.sidecar(subject) != c.new.sidecar(subject); lost && old != strict && now != strict {
		return
	}
	about := c.about(subject)
	change := Change{Effect: MTLS, Setting: "mutual TLS", Old: old, New: now, Text: accepted(old, now)}
	if port != "" {
		change.Setting += " of port " + port
		change.Text = "pod port " + port + ": " + change.Text
	}
	c.add(about, c.decided(change, about, "stage"))
}

func accepted(old, now string) string {
	switch strict, off := cluster.StrictMTLS.String(), cluster.DisableMTLS.String(); {
	case now == strict:
		return "from now on plain text is refused"
	case now == off:
		return "mutual TLS is off, and every call is plain text"
	case old == strict:
		return "plain text is accepted again"
	case old == off:
		return "mutual TLS is accepted, beside plain text"
	case now == "":
		return "what is accepted follows the mesh; it was " + old
	}
	return "mutual TLS is " + now + " whatever the mesh says, and plain text is accepted"
}

// modes are what pods accept, "" for all ports, and by number where something else holds. Without a sidecar it is nothing but
// plain text, which nobody says.
func (b *build) modes(subject string) map[string]string {
	out := map[string]string{"": ""}
	if b.sidecar(subject) == no {
		return out
	}
	mtls := b.View.MTLSOf(b.pods[subject])
	if mtls.Known() {
		out[""] = mtls.Mode.String()
	}
	for port, mode := range mtls.Ports {
		if mode != cluster.UnsetMTLS && mode != mtls.Mode {
			out[strconv.FormatUint(uint64(port), 10)] = mode.String()
		}
	}
	return out
}

func merge[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
