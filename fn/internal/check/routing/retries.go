package routing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// manyAttempts is how many retries may add up to an outage where nothing limits how many run at a time.
const manyAttempts = 5

// retries checks the retries of routes kept by hand. Those of generated ones are decided, and checked, from the compact spec.
func (c *checker) retries() {
	_, rules := c.rules()
	for _, vs := range c.VirtualServices {
		if vs.Generated != nil {
			continue
		}
		for i, route := range vs.Spec.Http {
			field := diag.At("spec.http", i)
			c.repeatsWrites(vs, route, field)
			c.tries(vs, route, field)
			c.limitless(vs, route, field, rules)
		}
	}
}

// repeatsWrites finds conditions under which a call that was executed is sent again, on a route that takes writes too.
// https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
func (c *checker) repeatsWrites(vs *virtualService, route *networking.HTTPRoute, field string) {
	var unsafe []string
	for condition := range strings.SplitSeq(route.GetRetries().GetRetryOn(), ",") {
		if MayRepeat(condition) {
			unsafe = append(unsafe, condition)
		}
	}
	if len(unsafe) == 0 || ReadsOnly(route.GetMatch()) {
		return
	}
	c.report(diag.Finding{
		Code: diag.RepeatsWrites, Severity: diag.Warning, Source: vs.At(field + ".retries.retryOn"),
		Message: fmt.Sprintf("retries of %s may execute a write twice: %s of %s include answers of a server that has already done the work",
			vs.Resource, strings.Join(unsafe, ", "), field),
		Because: []string{"the route takes calls of every method"},
		Try:     "retryOn: connect-failure,refused-stream,reset-before-request, or a route of its own with method: {regex: GET|HEAD} for these retries",
	})
}

// MayRepeat reports whether the server may have done the work when a condition holds. A connection that failed, a stream
// that was refused and a call turned away for its rate were not executed.
func MayRepeat(condition string) bool {
	if code, err := strconv.Atoi(condition); err == nil {
		return code >= 500
	}
	return slices.Contains([]string{
		"5xx", "gateway-error", "reset", "cancelled", "deadline-exceeded", "internal", "unavailable",
	}, condition)
}

// ReadsOnly reports whether a route takes only methods that change nothing.
func ReadsOnly(matches []*networking.HTTPMatchRequest) bool {
	methods := Methods(matches)
	return len(methods) > 0 && allIn(methods, []string{"GET", "HEAD", "OPTIONS", "TRACE"})
}

// Methods lists the methods that a route takes, in order and once each, none where it takes calls of any.
func Methods(matches []*networking.HTTPMatchRequest) []string {
	var all []string
	for _, match := range matches {
		var methods []string
		switch method := match.GetMethod().GetMatchType().(type) {
		case *networking.StringMatch_Exact:
			methods = []string{method.Exact}
		case *networking.StringMatch_Regex:
			methods = strings.Split(strings.Trim(method.Regex, "^$()"), "|")
		}
		if len(methods) == 0 {
			return nil
		}
		all = append(all, methods...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tries finds retries that the timeout of the route leaves no time for.
func (c *checker) tries(vs *virtualService, route *networking.HTTPRoute, field string) {
	timeout, try := route.GetTimeout().AsDuration(), route.GetRetries().GetPerTryTimeout().AsDuration()
	if timeout <= 0 || try <= 0 {
		return
	}
	finding := diag.Finding{
		Code: diag.TriesTooLong, Severity: diag.Warning, Source: vs.At(field + ".retries.perTryTimeout"),
		Related: []diag.Source{vs.At(field + ".timeout")},
	}
	attempts := time.Duration(route.GetRetries().GetAttempts())
	needed := try * (attempts + 1)
	switch {
	case try > timeout:
		finding.Message = fmt.Sprintf("perTryTimeout %s of %s is longer than the timeout %s, so it never ends a try", try, vs.Resource, timeout)
		finding.Try = "perTryTimeout: " + (timeout / (attempts + 1)).Truncate(time.Millisecond).String()
	case needed > timeout && repeatsSlow(route.GetRetries().GetRetryOn()):
		finding.Message = fmt.Sprintf("%d tries of %s need %s, and the timeout of %s ends the call after %s", attempts+1, try, needed, vs.Resource, timeout)
		finding.Try = "perTryTimeout: " + (timeout / (attempts + 1)).Truncate(time.Millisecond).String()
		if fitting := timeout/try - 1; fitting > 0 {
			finding.Try += fmt.Sprintf(", or attempts: %d", fitting)
		}
	default:
		return
	}
	c.report(finding)
}

// repeatsSlow reports whether a try that ended by its own timeout is repeated.
func repeatsSlow(on string) bool {
	return slices.ContainsFunc(strings.Split(on, ","), func(condition string) bool {
		return slices.Contains([]string{"5xx", "gateway-error", "reset"}, condition)
	})
}

// limitless finds many retries to a host whose callers have no limit of retries at a time. Istio sets none, unlike Envoy.
func (c *checker) limitless(vs *virtualService, route *networking.HTTPRoute, field string, rules map[string][]*destinationRule) {
	attempts := route.GetRetries().GetAttempts()
	if attempts <= manyAttempts || len(route.GetRoute()) == 0 {
		return
	}
	host := route.GetRoute()[0].GetDestination().GetHost()
	for _, rule := range rules[c.meant(host, vs.Namespace)] {
		for _, one := range levelsOf(rule.Spec) {
			if one.pool.GetHttp().GetMaxRetries() > 0 || one.budget != nil {
				return
			}
		}
	}
	c.report(diag.Finding{
		Code: diag.LimitlessRetries, Severity: diag.Warning, Source: vs.At(field + ".retries.attempts"),
		Message: fmt.Sprintf("each call of %s may become %d, and nothing limits how many retries to %q run at a time: a host in trouble gets more calls the worse it is",
			vs.Resource, attempts+1, host),
		Because: []string{"Istio sets no limit of concurrent retries where the DestinationRule has none"},
		Try:     "attempts: 2, or connectionPool.http.maxRetries or retryBudget in the DestinationRule of the host",
	})
}
