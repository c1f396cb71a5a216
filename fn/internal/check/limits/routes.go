package limits

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/check/routing"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// What Istio does on a route that says nothing about retries, or nothing about their conditions.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/core/route/retry/retry.go
const (
	istioAttempts   = 2
	istioConditions = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
)

// routeReadings lists what a VirtualService says about settings, for the calls to each port.
func (l *limiter) routeReadings(spec *networking.VirtualService) []reading {
	var all []reading
	var shares, matches []string
	for i, route := range spec.Http {
		for _, match := range route.Match {
			matches = append(matches, textOf(match.ProtoReflect()))
		}
		if len(route.Route) == 0 {
			continue
		}
		var ports []string
		namespace := ""
		for _, to := range route.Route {
			shares = append(shares, textOf(to.ProtoReflect()))
			host := l.view.Resolve(to.GetDestination().GetHost(), l.object.Resource.Namespace)
			namespace = cmp.Or(host.Namespace, l.object.Resource.Namespace) // Outside hosts have none.
			ports = append(ports, portOf(to.GetDestination(), &host))
		}
		slices.Sort(ports)
		for _, r := range oneRoute(route) {
			r.field, r.scope, r.namespace = diag.At("spec.http", i)+"."+r.field, strings.Join(slices.Compact(ports), " "), namespace
			all = append(all, r)
		}
	}
	for _, route := range spec.Tcp {
		for _, to := range route.Route {
			shares = append(shares, textOf(to.ProtoReflect()))
		}
	}
	slices.Sort(shares)
	versions := reading{path: "versions", values: slices.Compact(shares), field: "spec.http", namespace: l.owner(), extent: whole}
	all = append(all, versions)
	if l.object.Way != "" {
		reach := slices.Concat(spec.Gateways, []string{"for"}, spec.ExportTo)
		all = append(all, l.way("hosts", "spec.hosts", spec.Hosts), l.way("paths", "spec.http", matches), l.way("", "spec", reach))
	}
	return all
}

// portOf is the port that calls are sent to: the only one of the Service, where none is said.
func portOf(to *networking.Destination, host *cluster.Host) string {
	number := int(to.GetPort().GetNumber())
	if number == 0 && host.Service != nil && len(host.Service.Ports) == 1 {
		number = int(host.Service.Ports[0].Number)
	}
	return strconv.Itoa(number)
}

// oneRoute is what one route says.
func oneRoute(route *networking.HTTPRoute) []reading {
	var all []reading
	add := func(path, field string, values ...string) {
		all = append(all, reading{path: path, field: field, via: field, values: values})
	}
	for _, of := range routeFields() {
		add(of.path, of.field, wordsAt(route.ProtoReflect(), of.field)...)
	}
	attempts, conditions := istioAttempts, istioConditions
	if given := route.GetRetries(); given != nil {
		attempts = int(given.Attempts)
		if given.RetryOn != "" {
			conditions = given.RetryOn
		}
	}
	add("retries.attempts", "retries.attempts", strconv.Itoa(attempts))
	on := strings.Split(conditions, ",")
	if attempts == 0 {
		on = nil
	}
	add("retries.retryOn", "retries.retryOn", on...)
	methods, repeats := routing.Methods(route.GetMatch()), slices.ContainsFunc(on, routing.MayRepeat)
	switch {
	case !repeats:
		add("retries.methods", "retries.retryOn")
		add("retries.idempotent", "retries.retryOn")
	case routing.ReadsOnly(route.GetMatch()):
		add("retries.methods", "retries.retryOn", methods...)
		add("retries.idempotent", "retries.retryOn")
	default:
		add("retries.methods", "retries.retryOn")
		add("retries.idempotent", "retries.retryOn", "true")
	}
	return withBlocks(all)
}
