package check

import (
	"slices"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/check/routing"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// What Istio does on a route that says nothing about retries, or nothing about their conditions.
// https://github.com/istio/istio/blob/1.31.0/pilot/pkg/networking/core/route/retry/retry.go
const (
	istioAttempts   = 2
	istioConditions = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
)

// routeReadings lists what a VirtualService says about settings. What it does not reach any more it says nothing about.
func (l *limiter) routeReadings(spec *networking.VirtualService) []reading {
	reach := strings.Join(slices.Concat(spec.Hosts, []string{"at"}, spec.Gateways, []string{"for"}, spec.ExportTo), " ")
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
		for _, to := range route.Route {
			share := textOf(to.ProtoReflect())
			shares = append(shares, share)
			ports = append(ports, strconv.Itoa(int(to.GetDestination().GetPort().GetNumber())))
		}
		namespace := l.view.Resolve(route.Route[0].GetDestination().GetHost(), l.object.Resource.Namespace).Namespace
		for _, r := range oneRoute(route) {
			r.field, r.scope, r.namespace = diag.At("spec.http", i)+"."+r.field, reach+" to "+strings.Join(ports, " "), namespace
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
		reached := slices.Concat(spec.Gateways, []string{"for"}, spec.ExportTo)
		all = append(all, l.way("hosts", "spec.hosts", spec.Hosts), l.way("paths", "spec.http", matches), l.way("", "spec", reached))
	}
	return all
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
