package limits

import (
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// policyReadings lists what a DestinationRule says about settings, for the host and each subset, for each port that has
// settings of its own and all others: what holds there after Istio laid the levels over each other.
func (l *limiter) policyReadings(spec, like *networking.DestinationRule) []reading {
	var all []reading
	for _, subset := range append([]*networking.Subset{nil}, like.Subsets...) {
		name := subset.GetName()
		for _, port := range portsOf(spec, like) {
			holds := effective(spec, name, port)
			for _, r := range onePolicy(holds) {
				r.scope, r.namespace = name+" / "+strconv.Itoa(int(port)), l.object.Resource.Namespace
				all = append(all, r)
			}
		}
	}
	versions := reading{path: "versions", field: "spec.subsets", namespace: l.owner(), extent: whole}
	for _, subset := range spec.Subsets {
		only := &networking.Subset{Name: subset.Name, Labels: subset.Labels}
		versions.values = append(versions.values, textOf(only.ProtoReflect()))
	}
	return append(all, versions)
}

// portsOf lists the ports that have settings of their own in one of two rules, and 0 for all others.
func portsOf(rules ...*networking.DestinationRule) []uint32 {
	ports := []uint32{0}
	add := func(policy *networking.TrafficPolicy) {
		for _, level := range policy.GetPortLevelSettings() {
			ports = append(ports, level.GetPort().GetNumber())
		}
	}
	for _, rule := range rules {
		add(rule.GetTrafficPolicy())
		for _, subset := range rule.Subsets {
			add(subset.GetTrafficPolicy())
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// policy is the settings that hold somewhere: the blocks of a traffic policy by their names, and where each is written.
type policy struct {
	at     string // the innermost level
	blocks map[string]blockAt
}

type blockAt struct {
	message protoreflect.Message
	at      string
}

// effective lays the levels of a rule over each other as Istio does: the settings of a port stand for themselves, and the
// blocks of a subset replace those of the host.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/util/util.go
func effective(rule *networking.DestinationRule, subset string, port uint32) policy {
	out := policy{at: "spec.trafficPolicy", blocks: map[string]blockAt{}}
	out.lay(rule.GetTrafficPolicy(), "spec.trafficPolicy", port)
	for i, candidate := range rule.Subsets {
		if candidate.Name == subset && candidate.TrafficPolicy != nil {
			out.lay(candidate.TrafficPolicy, diag.At("spec.subsets", i)+".trafficPolicy", port)
		}
	}
	return out
}

// lay puts one level over those below it. Settings of a port leave nothing of the host's blocks, apart from a retry budget
// above the subset.
func (p *policy) lay(over *networking.TrafficPolicy, at string, port uint32) {
	for i, level := range over.GetPortLevelSettings() {
		if port == 0 || level.GetPort().GetNumber() != port {
			continue
		}
		for _, block := range blocksOfPorts() {
			delete(p.blocks, block)
		}
		p.put(level.ProtoReflect(), diag.At(at+".portLevelSettings", i), blocksOfPorts()...)
		return
	}
	if over != nil {
		p.put(over.ProtoReflect(), at, append(blocksOfPorts(), retryBudget)...)
	}
}

func blocksOfPorts() []string { return []string{"connectionPool", "outlierDetection", "loadBalancer"} }

func (p *policy) put(from protoreflect.Message, at string, blocks ...string) {
	p.at = at
	for _, block := range blocks {
		if field := from.Descriptor().Fields().ByJSONName(block); field != nil && from.Has(field) {
			p.blocks[block] = blockAt{from.Get(field).Message(), at + "." + block}
		}
	}
}

// onePolicy is what holds somewhere.
func onePolicy(p policy) []reading {
	detects := p.detects()
	var all []reading
	for _, of := range policyFields() {
		name, inside, _ := strings.Cut(of.field, ".")
		block, there := p.blocks[name]
		r := reading{path: of.path, via: of.field, field: p.at + "." + of.field}
		switch {
		case of.path == "circuitBreaker.maxRetries" && p.blocks[retryBudget].at != "":
			r.field, r.values = p.blocks[retryBudget].at, []string{"0"}
		case !there || name == "outlierDetection" && !detects:
		default:
			r.field, r.values = block.at+"."+inside, normal(of.path, wordsAt(block.message, inside))
		}
		all = append(all, r)
	}
	return withBlocks(all)
}

// detects reports whether outlier detection counts anything.
func (p *policy) detects() bool {
	block, there := p.blocks["outlierDetection"]
	if !there {
		return false
	}
	for _, path := range turnsOn()["outlierDetection"] {
		values := normal(path, wordsAt(block.message, strings.TrimPrefix(path, "outlierDetection.")))
		if len(values) > 0 && !isNone(values) {
			return true
		}
	}
	return false
}

// normal is a value as the spec would say it: with Istio's own where nothing is said, and without its old words.
func normal(path string, values []string) []string {
	defaulted, has := istioDefaults()[path]
	switch {
	case has && len(values) == 0:
		return []string{defaulted}
	case path == "loadBalancer.simple" && slices.Equal(values, []string{"LEAST_CONN"}):
		return []string{"LEAST_REQUEST"}
	case path == "loadBalancer.locality" && slices.Equal(values, []string{"false"}):
		return nil
	}
	return values
}
