// Package limits holds what comes out against the rules of the profile, so that no patch and no template evades them.
package limits

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"
	security "istio.io/api/security/v1"
	telemetry "istio.io/api/telemetry/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// Check reports what the settings of a Mesh have come to against the rules, and what patches made of it.
func Check(v *cluster.View) diag.List {
	if v.Rules.Empty() {
		return nil
	}
	findings := podLimits(v)
	for _, object := range v.Objects() {
		if !object.ByHand() {
			l := &limiter{view: v, object: object.Generated}
			l.check()
			findings = append(findings, l.findings...)
		}
	}
	return findings
}

// limiter holds one generated object against the rules.
type limiter struct {
	view     *cluster.View
	object   *manifest.Object
	findings diag.List
	implied  []implied
}

// reading is what an object says about one setting.
type reading struct {
	path      string   // of the setting
	values    []string // none where nothing is said
	field     string   // of the object
	scope     string   // the calls that it holds for
	via       string   // the field of Istio's that says it, where several can
	namespace string   // whose rules hold
	extent    extent
	elsewhere bool // it is gone, because the object does not hold for the same calls any more
}

// extent is how much of the spec a reading speaks of.
type extent int

const (
	oneSetting extent = iota
	block             // whether anything in a block is on
	whole             // all that is below the path
)

// key tells apart what can differ within an object.
func (r *reading) key() [3]string { return [3]string{r.scope, r.path, r.via} }

// check looks at the object as it was rendered, and then at what each patch changed.
func (l *limiter) check() {
	from, states := l.object.From, make([]any, 0, len(l.object.Patches)+1)
	if len(l.object.Patches) > 0 {
		from = l.object.Patches[0].From
	}
	for _, patch := range l.object.Patches {
		states = append(states, patch.Before)
	}
	states = append(states, l.object.Typed)
	for _, r := range l.readings(states[0], states[0]) {
		if r.extent == whole {
			continue
		}
		for _, finding := range l.view.Rules.In(r.namespace).Written(r.path, r.values) {
			finding.Source = from
			finding.Message = "what the settings come to in " + l.object.Resource.String() + " breaks a rule: " + finding.Message
			l.findings = append(l.findings, finding)
		}
	}
	for i, patch := range l.object.Patches {
		from := len(l.findings)
		before, after := l.readings(states[i], states[i+1]), l.readings(states[i+1], states[i+1])
		if l.lost(states[i], states[i+1]) {
			l.gone(&patch, before)
		} else {
			l.changes(&patch, before, after)
		}
		l.settle(from)
	}
}

// changes finds what a patch changed and may not. Routes have no names, so the values of all routes to a port are compared
// with all that were there. What is in a new place may be what it was in any.
func (l *limiter) changes(patch *manifest.Patch, before, after []reading) {
	was, is := byKey(before), byKey(after)
	for _, r := range after {
		olds := was[r.key()]
		if olds == nil {
			olds = slices.Collect(slices.Values(before))
			olds = slices.DeleteFunc(olds, func(old reading) bool { return old.path != r.path || old.via != r.via })
		}
		if slices.ContainsFunc(olds, func(old reading) bool { return slices.Equal(old.values, r.values) }) {
			continue
		}
		var old []string
		for _, o := range olds {
			if old == nil {
				old = o.values
			}
		}
		l.changed(patch, &r, old, r.values)
	}
	for _, old := range before {
		if is[old.key()] == nil {
			old.field = "spec"
			l.changed(patch, &old, old.values, nil)
		}
	}
}

// gone says that an object does not hold for its calls any more, so that it says nothing about them.
func (l *limiter) gone(patch *manifest.Patch, before []reading) {
	for _, old := range before {
		old.field, old.elsewhere = "spec", true
		l.changed(patch, &old, old.values, nil)
	}
}

func (l *limiter) changed(patch *manifest.Patch, r *reading, before, after []string) {
	rules := l.view.Rules.In(r.namespace)
	judge := rules.Changed
	switch r.extent {
	case block:
		judge = rules.ChangedBlock
	case whole:
		judge = rules.ChangedWhole
	case oneSetting:
	}
	for _, finding := range judge(r.path, before, after) {
		finding.Source = patch.At(r.field)
		finding.Message = "patched " + l.object.Resource.String() + ": " + finding.Message
		if r.elsewhere {
			finding.Because = append([]string{"the patch changes for which calls the object holds"}, finding.Because...)
		}
		if strings.HasSuffix(r.field, "."+retryBudget) {
			finding.Because = append([]string{"a retryBudget takes the place of the number of retries"}, finding.Because...)
		}
		l.report(finding, patch, r.field)
	}
}

func byKey(all []reading) map[[3]string][]reading {
	out := map[[3]string][]reading{}
	for _, r := range all {
		out[r.key()] = append(out[r.key()], r)
	}
	return out
}

// readings lists what an object says about settings. Like is the object whose ports and subsets count.
func (l *limiter) readings(typed, like any) []reading {
	switch spec := typed.(type) {
	case *networking.VirtualService:
		return l.routeReadings(spec)
	case *networking.DestinationRule:
		return l.policyReadings(spec, like.(*networking.DestinationRule))
	case *telemetry.Telemetry:
		return l.telemetryReadings(spec)
	case *networking.Gateway:
		return l.gatewayReadings(spec)
	case *security.AuthorizationPolicy:
		return l.callerReadings(spec)
	}
	return nil
}

// gatewayReadings lists what a Gateway says about a way in: the hosts, and the rest as a whole.
func (l *limiter) gatewayReadings(spec *networking.Gateway) []reading {
	rest, hosts := spec.DeepCopy(), []string(nil)
	for _, server := range rest.Servers {
		hosts, server.Hosts = append(hosts, server.Hosts...), nil
	}
	return []reading{l.way("hosts", "spec.servers", hosts), l.way("", "spec.servers", []string{textOf(rest.ProtoReflect())})}
}

// way is what an object says about a field of a way in, or about everything in it that has no reading of its own.
func (l *limiter) way(name, field string, values []string) reading {
	r := reading{path: diag.Join("expose", l.object.Way), values: values, field: field, via: name, namespace: l.owner(), extent: whole}
	if name != "" {
		r.path, r.extent = r.path+"."+name, oneSetting
	}
	return r
}

// owner is the namespace of the Mesh that the object came from.
func (l *limiter) owner() string {
	namespace, _, ok := strings.Cut(l.object.Owner, "/")
	if !ok {
		return ""
	}
	return namespace
}
