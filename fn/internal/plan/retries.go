package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// safe lists the conditions that say that the call did not reach the application, so that repeating it cannot execute
// anything twice.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
func safe() []string { return []string{"connect-failure", "refused-stream", "reset-before-request"} }

// safeConditions are the default for every call. Istio's own note on reset-before-request is that it does not suit
// streams, so it stays away from gRPC and from ports that may turn out to be gRPC.
func safeConditions(protocol facts.Protocol) string {
	if protocol == facts.HTTP {
		return "connect-failure,refused-stream,reset-before-request"
	}
	return "connect-failure,refused-stream"
}

// wideConditions are the default for calls that may be executed twice.
func wideConditions(protocol facts.Protocol) string {
	if protocol == facts.HTTP {
		return "connect-failure,refused-stream,reset,gateway-error"
	}
	return "connect-failure,refused-stream,unavailable"
}

// retries decides the retries of a port: those of every call, and those of read-only methods where they differ.
func (p *planner) retries(in *spec.Service, port *spec.Port, timeout Value[v1alpha1.Duration]) (readRetries, Retries) {
	asked := port.Traffic.Retries
	attempts := given(asked.Attempts, port.Origins.Of("retries.attempts"))
	if asked.Off() {
		attempts = Value[int32]{0, port.Origins.Of("retries")}
	}
	attempts = attempts.or(2, "")
	if attempts.V == 0 {
		return readRetries{}, Retries{Attempts: attempts}
	}
	idempotent, methods := p.idempotence(in, port)
	on := given(asked.RetryOn, port.Origins.Of("retries.retryOn"))
	p.refuseUnsafe(in, port, on, idempotent || methods != nil)

	wide := Retries{Attempts: attempts, On: on.or(wideConditions(port.Facts.Protocol), "idempotent")}
	if idempotent || methods != nil {
		wide.PerTryTimeout = p.perTry(port, wide, timeout)
	}
	if idempotent {
		return readRetries{}, wide
	}
	narrow := Retries{Attempts: attempts, On: on.or(safeConditions(port.Facts.Protocol), "")}
	if methods != nil {
		// A write that timed out is not repeated, so a limit per try would only shorten its timeout.
		narrow.On = Value[string]{safeConditions(port.Facts.Protocol), spec.Origin{Layer: spec.BuiltIn, Note: "methods"}}
		return readRetries{wide, methods}, narrow
	}
	narrow.PerTryTimeout = p.perTry(port, narrow, timeout)
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
			p.skip(in, port, "retries.methods", "a higher layer says idempotent", ofMethods)
			methods = nil
		case ofMethods.Layer > ofAll.Layer:
			p.skip(in, port, "retries.idempotent", "a higher layer says methods", ofAll)
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
	if methods != nil && port.Facts.Protocol == facts.GRPC {
		if ofMethods.Explicit() {
			p.report(diag.Finding{
				Code: diag.RetryConflict, Source: ofMethods.At,
				Message: fmt.Sprintf("retries.methods cannot tell reads from writes on gRPC port %q of Service %q, where every call is a POST",
					port.Facts.Key(), in.Facts.Name),
				Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
				Try:     "idempotent: true, when every call of this port may be executed twice; otherwise remove methods",
			})
		} else {
			p.skip(in, port, "retries.methods", "every call of a gRPC port is a POST", ofMethods)
		}
		methods = nil
	}
	return all, methods
}

// refuseUnsafe refuses conditions under which a call that was executed may be executed again.
func (p *planner) refuseUnsafe(in *spec.Service, port *spec.Port, on Value[string], allowed bool) {
	if on.IsZero() || allowed {
		return
	}
	var unsafe []string
	for condition := range strings.SplitSeq(on.V, ",") {
		if condition = strings.TrimSpace(condition); !slices.Contains(safe(), condition) {
			unsafe = append(unsafe, condition)
		}
	}
	if len(unsafe) == 0 {
		return
	}
	p.report(diag.Finding{
		Code: diag.UnsafeRetry, Source: on.From.At,
		Message: fmt.Sprintf("retryOn %q may execute a call twice on port %q of Service %q; safe without more: %s",
			strings.Join(unsafe, ","), port.Facts.Key(), in.Facts.Name, strings.Join(safe(), ", ")),
		Because: []string{"these conditions include answers of a server that has already done the work"},
		Try:     "methods: [GET, HEAD] to repeat only reads, or idempotent: true when every call may be executed twice",
	})
}

// perTry decides how long one try may take. A share of the timeout is only useful where a try that timed out is repeated:
// Envoy does that on these conditions alone, and under any others the share would become the whole timeout.
func (p *planner) perTry(port *spec.Port, retries Retries, timeout Value[v1alpha1.Duration]) Value[v1alpha1.Duration] {
	asked := port.Traffic.Retries.PerTryTimeout
	if asked != nil && *asked != 0 {
		value := given(asked, port.Origins.Of("retries.perTryTimeout"))
		if !timeout.IsZero() && whole(value) > whole(timeout) {
			p.report(diag.Finding{
				Code: diag.PerTryTooLong, Source: value.From.At,
				Message: fmt.Sprintf("perTryTimeout %s is longer than the timeout %s, so it never ends a try", whole(value), whole(timeout)),
				Because: []string{"timeout is set by " + timeout.From.String()},
				Try:     "perTryTimeout: " + share(timeout, retries.Attempts.V).String(), Proposed: share(timeout, retries.Attempts.V).String(),
			})
			return value
		}
		p.warnNotRepeated(value, retries)
		p.warnOutlasting(value, retries, timeout)
		return value
	}
	if timeout.IsZero() || !repeatsTimedOutTries(retries.On.V) {
		return Value[v1alpha1.Duration]{}
	}
	return Value[v1alpha1.Duration]{
		v1alpha1.Duration(share(timeout, retries.Attempts.V)),
		spec.Origin{Layer: spec.BuiltIn, Note: fmt.Sprintf("timeout / (%d attempts + 1)", retries.Attempts.V)},
	}
}

func share(timeout Value[v1alpha1.Duration], attempts int32) time.Duration {
	return max((whole(timeout) / time.Duration(attempts+1)).Truncate(time.Millisecond), time.Millisecond)
}

func repeatsTimedOutTries(on string) bool {
	for condition := range strings.SplitSeq(on, ",") {
		switch condition = strings.TrimSpace(condition); condition {
		case "5xx", "gateway-error", "reset":
			return true
		}
	}
	return false
}

// warnNotRepeated says when a limit per try is really a timeout: under these conditions the call ends with it.
func (p *planner) warnNotRepeated(perTry Value[v1alpha1.Duration], retries Retries) {
	if repeatsTimedOutTries(retries.On.V) {
		return
	}
	p.report(diag.Finding{
		Code: diag.PerTryIsTimeout, Severity: diag.Warning, Source: perTry.From.At,
		Message: fmt.Sprintf("perTryTimeout %s ends the whole call: under the conditions %q a try that timed out is not repeated",
			whole(perTry), retries.On.V),
		Because: []string{"Envoy repeats a try that timed out only under 5xx, gateway-error or reset"},
		Try:     "timeout: " + whole(perTry).String() + " instead, or methods: [GET, HEAD] to repeat reads",
	})
}

// warnOutlasting says when the timeout ends the call before all the retries that were asked for.
func (p *planner) warnOutlasting(perTry Value[v1alpha1.Duration], retries Retries, timeout Value[v1alpha1.Duration]) {
	needed := whole(perTry) * time.Duration(retries.Attempts.V+1)
	if timeout.IsZero() || whole(perTry) > whole(timeout) || needed <= whole(timeout) || !repeatsTimedOutTries(retries.On.V) {
		return
	}
	p.report(diag.Finding{
		Code: diag.RetriesOutlast, Severity: diag.Warning, Source: perTry.From.At,
		Message: fmt.Sprintf("%d tries of %s need %s, and the timeout ends the call after %s",
			retries.Attempts.V+1, whole(perTry), needed, whole(timeout)),
		Because: []string{"timeout is set by " + timeout.From.String()},
		Try:     "attempts: " + strconv.Itoa(max(0, int(whole(timeout)/whole(perTry))-1)) + ", or a shorter perTryTimeout",
	})
}
