package changes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// ports tells which ports a Service has from now on, and what Istio takes them for.
func (c *comparison) ports() {
	for _, subject := range slices.Sorted(maps.Keys(c.new.services)) {
		if c.old.services[subject] == nil {
			continue
		}
		before, after := c.old.services[subject].Ports, c.new.services[subject].Ports
		for _, name := range slices.Sorted(maps.Keys(merge(before, after))) {
			old, now := before[name], after[name]
			change := Change{Effect: Ports, Setting: "port " + name}
			switch {
			case old == nil:
				change.New = fmt.Sprintf("%d %s", now.Number, now.Protocol)
				change.Text = "port " + name + " is new: " + change.New
			case now == nil:
				change.Old = fmt.Sprintf("%d %s", old.Number, old.Protocol)
				change.Text = "port " + name + " is gone: " + change.Old
			case *old == *now:
				continue
			default:
				change.Old, change.New = fmt.Sprintf("%d %s", old.Number, old.Protocol), fmt.Sprintf("%d %s", now.Number, now.Protocol)
				change.Text = fmt.Sprintf("port %s: %s → %s", name, change.Old, change.New)
			}
			c.add(subject, change)
		}
	}
}

// accounts tells as whom pods run from now on: policies know them by their accounts.
func (c *comparison) accounts() {
	for _, subject := range c.podsOfBoth() {
		before := c.old.View.Facts.AccountOf(c.old.pods[subject].Workload).String()
		after := c.new.View.Facts.AccountOf(c.new.pods[subject].Workload).String()
		if before != after {
			text := fmt.Sprintf("runs as %s (it was %s), by which policies know it", after, before)
			c.add(c.about(subject), Change{Effect: Identity, Setting: "service account", Old: before, New: after, Text: text})
		}
	}
}

// namespaces tells what changes for all pods of a Namespace.
func (c *comparison) namespaces() {
	before, after := c.old.namespaces(), c.new.namespaces()
	for _, name := range slices.Sorted(maps.Keys(merge(before, after))) {
		for _, label := range []string{"istio-injection", facts.RevisionLabel, "istio.io/dataplane-mode"} {
			old, now := before[name][label], after[name][label]
			if old == now {
				continue
			}
			change := Change{Effect: Namespaces, Setting: "label " + label, Old: old, New: now}
			change.Text = setText("label "+label, old, now)
			c.add("Namespace "+name, change)
		}
	}
}

func (b *build) namespaces() map[string]map[string]string {
	out := map[string]map[string]string{}
	if b.View != nil && b.View.Facts != nil {
		for _, namespace := range b.View.Facts.Namespaces {
			out[namespace.Name] = namespace.Labels
		}
	}
	return out
}

// setText is the text for a value that was set, changed or taken away.
func setText(what, old, now string) string {
	old, now = shortened(old), shortened(now)
	switch {
	case old == "":
		return strings.TrimSpace(what+" "+now) + " (was not set)"
	case now == "":
		return what + " is not set any more (was " + old + ")"
	}
	return what + " " + old + " → " + now
}

// longest is how much of a value stands in a line. The whole value is in JSON.
const longest = 120

func shortened(value string) string {
	letters := []rune(value)
	if len(letters) <= longest {
		return value
	}
	return string(letters[:longest-1]) + "…"
}
