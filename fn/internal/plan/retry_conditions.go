package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// safe lists the conditions that say that the call did not reach the application, so that repeating it cannot execute
// anything twice.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
func safe() []string { return []string{"connect-failure", "refused-stream", "reset-before-request"} }

// allConditions lists what Istio takes besides status codes; it refuses a route with any other word.
// https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
func allConditions() []string {
	return append(safe(),
		"5xx", "gateway-error", "reset", "retriable-4xx", "retriable-status-codes", "retriable-headers",
		"envoy-ratelimited", "http3-post-connect-failure",
		"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
	)
}

// safeConditions are the default for every call. Istio's own note on reset-before-request is that it does not suit
// streams, so it stays away from gRPC and from ports that may turn out to be gRPC.
func safeConditions(protocol facts.Protocol) string {
	if protocol == facts.HTTP {
		return "connect-failure,refused-stream,reset-before-request"
	}
	return "connect-failure,refused-stream"
}

// safely is why a call is repeated only under some conditions.
const safely = "under which the call did not reach the application, so that nothing is executed twice"

// conditionsFor is the origin of conditions that nobody gave, and which settings they follow from.
func conditionsFor(port *spec.Port, which string, settings ...string) spec.Origin {
	var from []spec.Origin
	for _, setting := range settings {
		from = append(from, port.Origins["retries."+setting])
	}
	return spec.Computed("retries.retryOn", "conditions "+which, from...)
}

// allowed notes which settings make conditions acceptable that were asked for.
func allowed(port *spec.Port, on Value[string], settings ...string) Value[string] {
	if on.IsZero() {
		return on
	}
	on.From.Computed = &spec.Inputs{}
	for _, setting := range settings {
		if origin := port.Origins["retries."+setting]; origin.Layer != spec.Unset {
			on.From.Computed.Settings = append(on.From.Computed.Settings, origin)
		}
	}
	return on
}

// wideConditions are the default for calls that may be executed twice.
func wideConditions(protocol facts.Protocol) string {
	if protocol == facts.GRPC {
		return "connect-failure,refused-stream,unavailable"
	}
	return "connect-failure,refused-stream,reset,gateway-error"
}

// conditions reads the conditions that were asked for, without the blanks that Istio would refuse.
func (p *planner) conditions(port *spec.Port) Value[string] {
	asked := port.Traffic.Retries.RetryOn
	if asked == nil {
		return Value[string]{}
	}
	from := port.Origins.Of("retries.retryOn")
	var conditions []string
	for condition := range strings.SplitSeq(*asked, ",") {
		condition = strings.TrimSpace(condition)
		if !slices.Contains(allConditions(), condition) && !statusOfFailure(condition) {
			p.unknownCondition(condition, from)
			return Value[string]{}
		}
		conditions = append(conditions, condition)
	}
	return Value[string]{strings.Join(conditions, ","), from}
}

// statusOfFailure reports whether a text is a status code of a failed call. Istio takes only those of the IANA registry.
// https://www.iana.org/assignments/http-status-codes/
func statusOfFailure(text string) bool {
	code, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return false
	case code >= 400 && code <= 418, code >= 421 && code <= 426, code >= 500 && code <= 508:
		return true
	}
	return slices.Contains([]int{428, 429, 431, 451, 510, 511}, code)
}

func (p *planner) unknownCondition(condition string, from spec.Origin) {
	finding := diag.Finding{
		Code: diag.BadValue, Source: from.At,
		Message: fmt.Sprintf("retryOn: %q is not a condition; allowed, separated by commas: %s, and the HTTP status codes of failures such as 503",
			condition, strings.Join(allConditions(), ", ")),
		Try: "remove retryOn, which leaves the safe conditions",
	}
	if condition == "" {
		finding.Message = "retryOn has an empty condition; allowed: conditions separated by commas, such as connect-failure,refused-stream"
	}
	if nearest, ok := diag.Nearest(condition, allConditions()); ok {
		finding.Try = fmt.Sprintf("%s instead of %s", nearest, condition)
	}
	p.report(finding)
}

// withoutUnsafe refuses conditions under which a call that was executed may be executed again. Those that were written
// for the methods of other ports pass a gRPC port by.
func (p *planner) withoutUnsafe(in *spec.Service, port *spec.Port, on Value[string]) Value[string] {
	if on.IsZero() {
		return on
	}
	unsafe := slices.DeleteFunc(strings.Split(on.V, ","), func(condition string) bool { return slices.Contains(safe(), condition) })
	if len(unsafe) == 0 {
		return on
	}
	if port.Traffic.Retries.Methods != nil && skippable(in, on.From, tellsMethods) {
		p.skip(in, port, "retries.retryOn", "it holds for methods, and every call of a gRPC port is a POST", on.From)
		return Value[string]{}
	}
	try := "methods: [GET, HEAD] to repeat only reads, or idempotent: true when every call may be executed twice"
	if port.Facts.Protocol == facts.GRPC {
		try = "idempotent: true when every call may be executed twice"
	}
	p.report(diag.Finding{
		Code: diag.UnsafeRetry, Source: on.From.At,
		Message: fmt.Sprintf("retryOn %q may execute a call twice on port %q of Service %q; safe without more: %s",
			strings.Join(unsafe, ","), port.Facts.Key(), in.Facts.Name, strings.Join(safe(), ", ")),
		Because: []string{"these conditions include answers of a server that has already done the work"},
		Try:     try,
	})
	return on
}

// repeatsTimedOutTries reports whether Envoy repeats a try that ended by its own timeout.
func repeatsTimedOutTries(on string) bool {
	return slices.ContainsFunc(strings.Split(on, ","), func(condition string) bool {
		return condition == "5xx" || condition == "gateway-error" || condition == "reset"
	})
}
