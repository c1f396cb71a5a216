// Package changes says what is different for whom between two builds, in the words of the spec.
package changes

import (
	"slices"

	"github.com/meshfn/meshfn/fn/internal/compare/fields"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Change is one thing that is different, for one or for many: what changes alike for several, and for the same reason, is told
// once.
type Change struct {
	Effect   Effect      `json:"effect"`             // what it is about
	Who      string      `json:"who"`                // for whom, as people say it: web, all 11 Services of shop
	Subjects []Subject   `json:"subjects"`           // everybody whom it is about
	Setting  string      `json:"setting,omitempty"`  // the setting, in the words of the spec
	Old      string      `json:"old,omitempty"`      // absent where there was nothing
	New      string      `json:"new,omitempty"`      // absent where there is nothing any more
	Gained   []string    `json:"gained,omitempty"`   // the entries of a list that are new
	Lost     []string    `json:"lost,omitempty"`     // the entries of a list that are gone
	Text     string      `json:"text"`               // as people say it: timeout 3s → 5s
	Layer    string      `json:"layer,omitempty"`    // the layer that decides: profile, entry, port
	At       diag.Source `json:"at,omitzero"`        // where the new value is written; for what is gone, where the old one was
	OldAt    diag.Source `json:"oldAt,omitzero"`     // where the old value is written, if it is anywhere else
	OldLayer string      `json:"oldLayer,omitempty"` // the layer that decided before
}

// Subject is a Service, workload, host, Namespace or object that a change is about.
type Subject struct {
	Name  string   `json:"name"`            // Service shop/web, Deployment shop/worker, host shop.example.com
	Ports []string `json:"ports,omitempty"` // of a Service, where the change is not about all of them
}

// Call is a call that begins or ends to be possible, or to be said.
type Call struct {
	From string `json:"from"` // as people call it: web, CronJob/nightly, gateway public
	To   string `json:"to"`
	What string `json:"what"` // access or dependency
	New  bool   `json:"new"`  // whether it begins
}

// Of lists what is different, who is affected most first; and the calls that change. The objects are those that differ.
func Of(from, to *side.Side, differ []objects.Object) ([]Change, []Call) {
	c := &comparison{old: newBuild(from), new: newBuild(to), callers: map[string]string{}}
	c.names = newNames(c.old, c.new)
	// What a setting causes is told first. The setting itself is then not told again.
	c.existence()
	c.sidecars()
	c.mtls()
	c.stages()
	c.access()
	c.exposure()
	c.dependencies()
	c.ports()
	c.accounts()
	c.namespaces()
	c.settings()
	c.objects(differ)
	c.restarts()
	all := c.grouped()
	c.placeByHand(all, differ)
	slices.SortStableFunc(all, compare)
	slices.SortFunc(c.calls, compareCalls)
	return all, slices.Compact(c.calls)
}

// comparison collects what is found.
type comparison struct {
	old, new *build
	names    *names
	found    []Change
	calls    []Call
	told     map[string]map[string]bool // settings whose effect on a subject is told

	callers   map[string]string              // the subjects that have an identity, by how people call them
	templates map[string][]fields.Difference // of pod templates, by workload
}

// add notes a change of one subject, with the places of a setting that decides it.
func (c *comparison) add(subject string, change Change) {
	change.Subjects = []Subject{{Name: subject}}
	c.found = append(c.found, change)
}

// decided adds who decides a setting of a subject.
func (c *comparison) decided(change Change, subject string, settings ...string) Change {
	for _, setting := range settings {
		old, now := c.old.line(subject, setting), c.new.line(subject, setting)
		if old == nil && now == nil {
			continue
		}
		change.place(old, now)
		return change
	}
	return change
}

// tell notes that a setting of a subject is told by what it causes.
func (c *comparison) tell(subject string, settings ...string) {
	if c.told == nil {
		c.told = map[string]map[string]bool{}
	}
	if c.told[subject] == nil {
		c.told[subject] = map[string]bool{}
	}
	for _, setting := range settings {
		c.told[subject][setting] = true
	}
}
