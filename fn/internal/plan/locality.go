package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Locality keeps calls near the caller.
type Locality struct {
	Off        Value[bool]                          `json:"off,omitzero"` // calls go anywhere, and nothing else is set
	Failover   Value[[]v1alpha1.LocalityFailover]   `json:"failover,omitzero"`
	Priority   Value[[]string]                      `json:"priority,omitzero"`
	Distribute Value[[]v1alpha1.LocalityDistribute] `json:"distribute,omitzero"`
	From       spec.Origin                          `json:"-"`
}

func asksLocality(port *spec.Port) bool {
	asked := port.Traffic.LoadBalancer
	return asked != nil && !asked.Off() && asked.Locality != nil && !asked.Locality.Off()
}

// localityOff turns off the order that outlier detection brings with it, because a mesh has it on unless it says otherwise.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting
func localityOff(port *spec.Port, policy *Policy) *Locality {
	asked := port.Traffic.LoadBalancer.Locality
	if asked == nil || !asked.Off() || !policy.ejects() {
		return nil
	}
	origin := port.Origins.Of("loadBalancer.locality")
	return &Locality{Off: Value[bool]{true, origin}, From: origin}
}

// locality decides how calls stay near. Without outlier detection Envoy would not know when to leave, so ejection was
// turned on with it.
func (p *planner) locality(in *spec.Service, port *spec.Port, asked *v1alpha1.Locality, policy *Policy) *Locality {
	origin := func(field string) spec.Origin { return port.Origins.Of("loadBalancer.locality." + field) }
	locality := &Locality{From: port.Origins.Within("loadBalancer.locality")}
	if asked.Failover != nil {
		locality.Failover = given(&asked.Failover, origin("failover"))
	}
	if asked.FailoverPriority != nil {
		locality.Priority = given(&asked.FailoverPriority, origin("failoverPriority"))
	}
	if asked.Distribute != nil {
		locality.Distribute = given(&asked.Distribute, origin("distribute"))
	}
	p.oneOrder(in, port, locality)
	p.checkDistribute(locality.Distribute)
	p.checkFailover(locality)
	if !policy.ejects() && locality.Distribute.IsZero() && !p.stays(in, port, locality) {
		return nil
	}
	return locality
}

// stays decides about locality where there is no outlier detection to make it work.
func (p *planner) stays(in *spec.Service, port *spec.Port, locality *Locality) bool {
	detection := port.Traffic.OutlierDetection
	off := port.Origins.Of("outlierDetection")
	switch {
	case detection == nil || !detection.Off():
		const why = "it needs outlier detection, which the Service does not get"
		p.skip(in, port, "loadBalancer.locality", why, locality.From)
		if locality.From.Explicit() {
			p.report(diag.Finding{
				Code: diag.LoadBalancerChoice, Severity: diag.Warning, Source: locality.From.At,
				Message: fmt.Sprintf("locality has no effect on Service %q: %s", in.Facts.Name, why),
			})
		}
	case off.Layer > locality.From.Layer:
		p.skip(in, port, "loadBalancer.locality", "it needs outlier detection, which is turned off", locality.From)
	default:
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: locality.From.At,
			Message: "locality needs outlier detection to know which pods are healthy, and outlierDetection is turned off",
			Related: []diag.Source{off.At},
			Try:     "remove outlierDetection: false",
		})
	}
	return false
}

// oneOrder settles distribute against the other two: the higher layer speaks.
func (p *planner) oneOrder(in *spec.Service, port *spec.Port, locality *Locality) {
	failover := stronger(locality.Failover.From, locality.Priority.From)
	distribute := locality.Distribute.From
	switch {
	case failover.Layer == spec.Unset || distribute.Layer == spec.Unset:
	case failover.Layer > distribute.Layer:
		p.skip(in, port, "loadBalancer.locality.distribute", "failover of a higher layer replaces it", distribute)
		locality.Distribute = Value[[]v1alpha1.LocalityDistribute]{}
	case failover.Layer < distribute.Layer:
		const why = "distribute of a higher layer replaces it"
		p.skip(in, port, "loadBalancer.locality.failover", why, failover)
		p.skip(in, port, "loadBalancer.locality.failoverPriority", why, failover)
		locality.Failover, locality.Priority = Value[[]v1alpha1.LocalityFailover]{}, Value[[]string]{}
	default:
		p.report(diag.Finding{
			Code: diag.LoadBalancerChoice, Source: distribute.At,
			Message: "distribute excludes failover and failoverPriority", Related: []diag.Source{failover.At},
			Try: "keep distribute, or the other two",
		})
	}
}

func (p *planner) checkDistribute(distribute Value[[]v1alpha1.LocalityDistribute]) {
	refuse := func(problem, try string) {
		p.report(diag.Finding{Code: diag.LoadBalancerChoice, Source: distribute.From.At, Message: problem, Try: try})
	}
	for i, rule := range distribute.V {
		for _, before := range distribute.V[:i] {
			if overlap(before.From, rule.From) {
				refuse(fmt.Sprintf("distribute from %q and from %q overlap, and a caller can be in only one of them", before.From, rule.From),
					"keep one of the two, or narrow the wider one")
			}
		}
		total := int32(0)
		for _, place := range slices.Sorted(maps.Keys(rule.To)) {
			total += rule.To[place]
			if rule.To[place] == 0 {
				refuse(fmt.Sprintf("the weight of %q in distribute from %q is 0; allowed: 1 to 100", place, rule.From),
					"leave out a locality that is to get no calls")
			}
		}
		if total != 100 {
			refuse(fmt.Sprintf("the weights of distribute from %q add up to %d; they must add up to 100", rule.From, total),
				"change the weights so that they add up to 100")
		}
	}
}

// overlap reports whether a place can be in both of two localities, region/zone/subzone with what follows left out or *.
func overlap(a, b string) bool {
	left, right := strings.Split(a, "/"), strings.Split(b, "/")
	for i := range min(len(left), len(right)) {
		if left[i] == "*" || right[i] == "*" {
			return true
		}
		if left[i] != right[i] {
			return false
		}
	}
	return true
}

// checkFailover refuses rules that Istio would refuse.
func (p *planner) checkFailover(locality *Locality) {
	refuse := func(at diag.Source, problem, try string) {
		p.report(diag.Finding{Code: diag.LoadBalancerChoice, Source: at, Message: problem, Try: try})
	}
	for _, rule := range locality.Failover.V {
		switch {
		case rule.From == rule.To:
			refuse(locality.Failover.From.At, fmt.Sprintf("failover from %q goes to the same region", rule.From), "give another region in to")
		case strings.ContainsAny(rule.From+rule.To, "/*"):
			refuse(locality.Failover.From.At, fmt.Sprintf("failover from %q to %q must name whole regions, without zones and without *", rule.From, rule.To),
				"failover: [{from: eu-west, to: eu-central}]")
		}
	}
	if locality.Failover.IsZero() {
		return
	}
	for _, label := range locality.Priority.V {
		if label == "topology.kubernetes.io/region" || label == "topology.kubernetes.io/zone" || label == "topology.istio.io/subzone" {
			refuse(locality.Priority.From.At, fmt.Sprintf("failoverPriority cannot name %s together with failover, which orders regions itself", label),
				"remove failover, or the label")
		}
	}
}
