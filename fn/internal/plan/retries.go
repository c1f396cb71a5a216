package plan

import (
	"fmt"
	"strconv"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Retries says when a failed call is repeated. Attempts is always decided; zero turns retries off.
type Retries struct {
	Attempts      Value[int32]             `json:"attempts,omitzero"`
	PerTryTimeout Value[v1alpha1.Duration] `json:"perTryTimeout,omitzero"`
	On            Value[string]            `json:"on,omitzero"`
}

// IsZero reports whether there is nothing to say, as on a connection that is passed through.
func (r Retries) IsZero() bool { return r.Attempts.IsZero() }

// readRetries are the retries of read-only methods, where the route is split by method.
type readRetries struct {
	Retries
	methods []string
}

// canRetry decides whether a port has calls that can be repeated. To turn retries off where there are none is no mistake.
func (p *planner) canRetry(in *spec.Service, port *spec.Port) bool {
	asked := port.Traffic.Retries
	if !port.Facts.Protocol.Routable() && (asked.Off() || asked.Attempts != nil && *asked.Attempts == 0) {
		p.skip(in, port, "retries", missing(spec.NeedOf("retries"), port), port.Origins.Within("retries"))
		return false
	}
	return p.applies(in, port, "retries")
}

// retries decides the retries of a port: those of every call, and those of read-only methods where they differ.
func (p *planner) retries(in *spec.Service, port *spec.Port, timeout Value[v1alpha1.Duration]) (readRetries, Retries) {
	asked := port.Traffic.Retries
	attempts := given(asked.Attempts, port.Origins.Of("retries.attempts"))
	if asked.Off() {
		attempts = Value[int32]{0, port.Origins.Of("retries")}
	}
	attempts = attempts.or(2, spec.Filled("retries.attempts", "Istio's own number, said explicitly", port.Origins.Within("retries")))
	if attempts.V == 0 {
		p.warnWithoutAttempts(in, port, attempts.From)
		return readRetries{}, Retries{Attempts: attempts}
	}
	idempotent, methods := p.idempotence(in, port)
	on := p.conditions(port)
	if !idempotent && methods == nil {
		on = p.withoutUnsafe(in, port, on)
	} else {
		on = allowed(port, on, "idempotent", "methods")
	}

	wide := Retries{Attempts: attempts, On: on.or(wideConditions(port.Facts.Protocol), conditionsFor(port, "that suit calls that may be executed twice", "idempotent", "methods"))}
	if idempotent || methods != nil {
		wide.PerTryTimeout = p.perTry(in, port, wide, timeout)
	}
	if idempotent {
		return readRetries{}, wide
	}
	narrow := Retries{Attempts: attempts, On: on.or(safeConditions(port.Facts.Protocol), conditionsFor(port, safely))}
	if methods != nil {
		// A write that timed out is not repeated, so a limit per try would only shorten its timeout.
		narrow.On = Value[string]{safeConditions(port.Facts.Protocol), conditionsFor(port, safely, "methods")}
		return readRetries{wide, methods}, narrow
	}
	narrow.PerTryTimeout = p.perTry(in, port, narrow, timeout)
	return readRetries{}, narrow
}

// idempotence decides whether every call may be repeated, or those of some methods. Where two layers disagree, the
// higher one speaks.
func (p *planner) idempotence(in *spec.Service, port *spec.Port) (all bool, methods []string) {
	asked := port.Traffic.Retries
	if asked.Idempotent != nil && *asked.Idempotent {
		all = true
	}
	methods = asked.Methods
	ofAll, ofMethods := port.Origins.Of("retries.idempotent"), port.Origins.Of("retries.methods")
	if all && methods != nil {
		switch {
		case ofAll.Layer > ofMethods.Layer:
			p.replaced(in, port, "retries.methods", "a higher layer says idempotent", ofMethods, ofAll)
			methods = nil
		case ofMethods.Layer > ofAll.Layer:
			p.replaced(in, port, "retries.idempotent", "a higher layer says methods", ofAll, ofMethods)
			all = false
		default:
			p.report(diag.Finding{
				Code: diag.RetryConflict, Source: ofMethods.At,
				Message: "retries.methods limits what retries.idempotent allows for every method",
				Related: []diag.Source{ofAll.At},
				Try:     "keep methods when only reads may be repeated, idempotent when every call may",
			})
		}
	}
	if methods != nil && !tellsMethods(port.Facts.Protocol) {
		p.withoutMethods(in, port, ofMethods)
		methods = nil
	}
	return all, methods
}

// tellsMethods reports whether reads and writes differ in their method. Every gRPC call is a POST.
func tellsMethods(protocol facts.Protocol) bool { return protocol.Routable() && protocol != facts.GRPC }

func (p *planner) withoutMethods(in *spec.Service, port *spec.Port, from spec.Origin) {
	if skippable(in, from, tellsMethods) {
		p.skip(in, port, "retries.methods", "every call of a gRPC port is a POST", from)
		return
	}
	p.report(diag.Finding{
		Code: diag.RetryConflict, Source: from.At,
		Message: fmt.Sprintf("retries.methods cannot tell reads from writes on gRPC port %q of Service %q, where every call is a POST",
			port.Facts.Key(), in.Facts.Name),
		Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
		Try:     "idempotent: true, when every call of this port may be executed twice; otherwise remove methods",
	})
}

// warnWithoutAttempts says which settings of retries do nothing, because the same layer or a lower one turns retries off.
func (p *planner) warnWithoutAttempts(in *spec.Service, port *spec.Port, off spec.Origin) {
	for _, field := range []string{"perTryTimeout", "retryOn", "idempotent", "methods"} {
		origin := port.Origins["retries."+field]
		if origin.Layer != spec.Unset {
			p.skip(in, port, "retries."+field, "attempts: 0 turns retries off", origin)
		}
		if origin.Layer < max(off.Layer, spec.MeshDefaults) {
			continue
		}
		p.report(diag.Finding{
			Code: diag.RetryConflict, Severity: diag.Warning, Source: origin.At,
			Message: fmt.Sprintf("%s has no effect, because attempts: 0 turns retries off", field),
			Related: []diag.Source{off.At},
			Try:     "remove " + field + ", or give attempts a number above 0",
		})
	}
}

// perTry decides how long one try may take. A share of the timeout is only useful where a try that timed out is repeated:
// Envoy does that on these conditions alone, and under any others the share would become the whole timeout.
func (p *planner) perTry(in *spec.Service, port *spec.Port, retries Retries, timeout Value[v1alpha1.Duration]) Value[v1alpha1.Duration] {
	value := span(port.Traffic.Retries.PerTryTimeout, port.Origins.Of("retries.perTryTimeout"))
	longer := !timeout.IsZero() && whole(value) > whole(timeout)
	if longer && !value.From.Explicit() && value.From.Layer < timeout.From.Layer {
		p.skip(in, port, "retries.perTryTimeout", fmt.Sprintf("it is longer than the timeout %s", whole(timeout)), value.From)
		value = Value[v1alpha1.Duration]{}
	}
	switch {
	case value.IsZero():
		return derivedPerTry(retries, timeout)
	case longer:
		p.refuseLongTry(value, retries, timeout)
	case !repeatsTimedOutTries(retries.On.V):
		p.warnNotRepeated(port, value, retries)
	default:
		p.warnOutlasting(value, retries, timeout)
	}
	return value
}

// derivedPerTry shares the timeout out evenly.
func derivedPerTry(retries Retries, timeout Value[v1alpha1.Duration]) Value[v1alpha1.Duration] {
	if timeout.IsZero() || !repeatsTimedOutTries(retries.On.V) {
		return Value[v1alpha1.Duration]{}
	}
	note := fmt.Sprintf("timeout / (%d attempts + 1)", retries.Attempts.V)
	why := spec.Computed("retries.perTryTimeout", note, timeout.From, retries.Attempts.From)
	return Value[v1alpha1.Duration]{v1alpha1.Duration(share(timeout, retries.Attempts.V)), why}
}

func (p *planner) refuseLongTry(perTry Value[v1alpha1.Duration], retries Retries, timeout Value[v1alpha1.Duration]) {
	finding := diag.Finding{
		Code: diag.PerTryTooLong, Source: perTry.From.At,
		Message: fmt.Sprintf("perTryTimeout %s is longer than the timeout %s, so it never ends a try", whole(perTry), whole(timeout)),
		Because: []string{"timeout is set by " + timeout.From.String()},
		Try:     "remove perTryTimeout, or give a longer timeout",
	}
	if repeatsTimedOutTries(retries.On.V) {
		finding.Proposed = share(timeout, retries.Attempts.V).String()
		finding.Try = "perTryTimeout: " + finding.Proposed
	}
	p.report(finding)
}

func share(timeout Value[v1alpha1.Duration], attempts int32) time.Duration {
	return max((whole(timeout) / time.Duration(attempts+1)).Truncate(time.Millisecond), time.Millisecond)
}

// warnNotRepeated says when a limit per try is really a timeout: under these conditions the call ends with it.
func (p *planner) warnNotRepeated(port *spec.Port, perTry Value[v1alpha1.Duration], retries Retries) {
	try := "methods: [GET, HEAD] to repeat reads, or idempotent: true when every call may be executed twice"
	if port.Facts.Protocol == facts.GRPC {
		try = "idempotent: true and retryOn: reset when every call may be executed twice"
	}
	p.report(diag.Finding{
		Code: diag.PerTryIsTimeout, Severity: diag.Warning, Source: perTry.From.At,
		Message: fmt.Sprintf("perTryTimeout %s ends the whole call: under these conditions a try that timed out is not repeated", whole(perTry)),
		Because: []string{
			"Envoy repeats a try that timed out only under 5xx, gateway-error or reset, and the conditions are " + retries.On.V,
		},
		Try: "timeout: " + whole(perTry).String() + " instead, " + try,
	})
}

// warnOutlasting says when the timeout ends the call before all the retries that were asked for. A default does not have
// to fit every timeout.
func (p *planner) warnOutlasting(perTry Value[v1alpha1.Duration], retries Retries, timeout Value[v1alpha1.Duration]) {
	needed := whole(perTry) * time.Duration(retries.Attempts.V+1)
	if timeout.IsZero() || needed <= whole(timeout) || !perTry.From.Explicit() && perTry.From.Layer < timeout.From.Layer {
		return
	}
	try := "perTryTimeout: " + share(timeout, retries.Attempts.V).String()
	if fitting := int(whole(timeout)/whole(perTry)) - 1; fitting > 0 {
		try += ", or attempts: " + strconv.Itoa(fitting)
	}
	p.report(diag.Finding{
		Code: diag.RetriesOutlast, Severity: diag.Warning, Source: perTry.From.At,
		Message: fmt.Sprintf("%d tries of %s need %s, and the timeout ends the call after %s",
			retries.Attempts.V+1, whole(perTry), needed, whole(timeout)),
		Because: []string{"timeout is set by " + timeout.From.String()},
		Try:     try,
	})
}
