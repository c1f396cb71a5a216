package plan

import (
	"fmt"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Ejection is when a pod that keeps failing is taken out of load balancing.
type Ejection struct {
	GatewayErrors Value[int32]             `json:"gatewayErrors,omitzero"`
	ServerErrors  Value[int32]             `json:"serverErrors,omitzero"`
	SplitLocal    Value[bool]              `json:"splitLocal,omitzero"`
	LocalFailures Value[int32]             `json:"localFailures,omitzero"`
	Interval      Value[v1alpha1.Duration] `json:"interval,omitzero"`
	BaseTime      Value[v1alpha1.Duration] `json:"baseTime,omitzero"`
	MaxPercent    Value[int32]             `json:"maxPercent,omitzero"`
	MinHealthy    Value[int32]             `json:"minHealthy,omitzero"`
	Rest          Value[string]            `json:"rest,omitzero"` // what the mesh has besides, in its own words
	Off           Value[bool]              `json:"off,omitzero"`  // there is none, whatever the mesh has, and nothing else is set
	From          spec.Origin              `json:"-"`             // who asked for it
}

// ejects reports whether the policy takes out pods.
func (p *Policy) ejects() bool { return p.Ejection != nil && !p.Ejection.Off.V }

// explicit is why there are values that are the same as Istio's own.
const explicit = "Istio's own, said explicitly"

// The values of outlier detection that nobody gave.
const (
	defaultGatewayErrors = 5
	defaultInterval      = 10 * time.Second
	defaultEjectionTime  = 30 * time.Second
	// usualShare is how many percent of many pods may be out at a time.
	usualShare = 30
	// shareOfAddresses is how many percent of the addresses that DNS has for a host outside the mesh may be out. Nobody knows
	// how many there are: of one it ejects none, of two one. Istio's own 10 would eject none of nine.
	shareOfAddresses = 50
)

// ejection decides the outlier detection of a port, as one group of all pods of the Service.
func (p *planner) ejection(in *spec.Service, port *spec.Port) *Ejection {
	asked := port.Traffic.OutlierDetection
	locality := asksLocality(port)
	if asked == nil && locality {
		asked = &v1alpha1.OutlierDetection{}
	}
	if asked == nil {
		return nil
	}
	if asked.Off() {
		return p.noEjection(port, port.Origins.Of("outlierDetection"))
	}
	if !p.canEject(in, port) {
		return nil
	}
	origin := func(field string) spec.Origin { return port.Origins.Of("outlierDetection." + field) }
	from := askedEjection(port)
	filled := func(field, why string) spec.Origin { return spec.Filled("outlierDetection."+field, why, from) }
	e := &Ejection{
		GatewayErrors: given(asked.ConsecutiveGatewayErrors, origin("consecutiveGatewayErrors")),
		ServerErrors:  given(asked.Consecutive5xxErrors, origin("consecutive5xxErrors")),
		SplitLocal:    given(asked.SplitExternalLocalOriginErrors, origin("splitExternalLocalOriginErrors")),
		LocalFailures: given(asked.ConsecutiveLocalOriginFailures, origin("consecutiveLocalOriginFailures")),
		Interval:      span(asked.Interval, origin("interval")),
		BaseTime:      span(asked.BaseEjectionTime, origin("baseEjectionTime")),
		MaxPercent:    given(asked.MaxEjectionPercent, origin("maxEjectionPercent")),
		MinHealthy:    given(asked.MinHealthPercent, origin("minHealthPercent")),
		From:          from,
	}
	e.repeat(p.baseline("outlierDetection"), asked, sum(in.Facts.Workloads).Known)
	e.GatewayErrors = e.GatewayErrors.or(defaultGatewayErrors, filled("consecutiveGatewayErrors", explicit))
	// Zero has to be said: Istio's own default of 5 would eject a pod for answers 500 that the caller provoked.
	e.ServerErrors = e.ServerErrors.or(0, filled("consecutive5xxErrors", "Istio's own 5 would eject a pod for answers 500 that the caller provoked"))
	e.Interval = e.Interval.or(v1alpha1.Duration(defaultInterval), filled("interval", explicit))
	e.BaseTime = e.BaseTime.or(v1alpha1.Duration(defaultEjectionTime), filled("baseEjectionTime", explicit))
	p.checkLocal(e)
	p.checkCounts(e)
	if outside(in) {
		e.MaxPercent = e.MaxPercent.or(shareOfAddresses, filled("maxEjectionPercent", "half of the addresses of a host, so that the only one is never cut off"))
		return e
	}
	if len(in.Versions) > 0 { // Each split has its own number of pods, see ejectPerSplit.
		return e
	}
	sized := p.sized(port, e, in.Facts.Workloads, fmt.Sprintf("Service %q", in.Facts.Name))
	if sized == nil || sized.Off.V {
		p.skipEjection(in, port)
	}
	return sized
}

// skipEjection notes that there are not enough pods to take one out.
func (p *planner) skipEjection(in *spec.Service, port *spec.Port) {
	p.skip(in, port, "outlierDetection", "it may run with one pod, and ejecting the last one would leave none", askedEjection(port))
}

// canEject refuses outlier detection where callers choose the pod themselves.
func (p *planner) canEject(in *spec.Service, port *spec.Port) bool {
	if !p.applies(in, port, "outlierDetection") {
		return false
	}
	if !in.Facts.Headless {
		return true
	}
	origin := port.Origins.Within("outlierDetection")
	if !origin.Explicit() {
		p.skip(in, port, "outlierDetection", "callers of a headless Service choose the pod themselves", origin)
		return false
	}
	p.report(diag.Finding{
		Code: diag.WrongProtocol, Source: origin.At,
		Message: fmt.Sprintf("outlierDetection has no effect on headless Service %q, whose callers choose the pod themselves", in.Facts.Name),
		Related: []diag.Source{in.Facts.Source("spec.clusterIP")},
		Try:     "outlierDetection: false, or give the Service a cluster IP",
	})
	return false
}

// checkLocal refuses a count that Istio would reject: failures to connect are only counted apart when asked to.
func (p *planner) checkLocal(e *Ejection) {
	if e.LocalFailures.IsZero() || e.SplitLocal.V {
		return
	}
	p.report(diag.Finding{
		Code: diag.OutlierSplit, Source: e.LocalFailures.From.At,
		Message: "consecutiveLocalOriginFailures counts only with splitExternalLocalOriginErrors: true",
		Try:     "splitExternalLocalOriginErrors: true",
	})
}

// checkCounts refuses outlier detection that counts nothing.
func (p *planner) checkCounts(e *Ejection) {
	if e.GatewayErrors.V > 0 || e.ServerErrors.V > 0 || e.SplitLocal.V {
		return
	}
	p.report(diag.Finding{
		Code: diag.OutlierPercent, Source: e.GatewayErrors.From.At,
		Message: "outlierDetection never ejects a pod: consecutiveGatewayErrors and consecutive5xxErrors are both 0",
		Try:     "consecutive5xxErrors: 5 to count every answer 500 to 599, or outlierDetection: false",
	})
}

// askedEjection is who asked for outlier detection: its own setting, or locality, which does not work without.
func askedEjection(port *spec.Port) spec.Origin {
	if asked := port.Origins.Within("outlierDetection"); asked.Layer != spec.Unset {
		return asked
	}
	return port.Origins.Within("loadBalancer.locality")
}
