package extensions

import (
	"fmt"
	"slices"

	envoyfilter "istio.io/api/networking/v1alpha3"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

type envoyFilter = cluster.Object[*envoyfilter.EnvoyFilter]

// patches checks EnvoyFilters. Istio applies them by priority, then by age, which a build does not show.
func (c *checker) patches() {
	versioned := c.versionedFilters()
	for _, object := range c.EnvoyFilters {
		c.report(diag.Finding{
			Code: diag.UncheckedPatch, Severity: diag.Warning, Source: object.At("metadata.name"),
			Message: fmt.Sprintf("nobody can check beforehand what %s does to the proxies, and the next release of Istio may break it", object.Resource),
			Because: []string{"it patches the configuration that Istio writes for Envoy, which is no API"},
			Try:     c.instead(object),
		})
		var relative []int
		for i, patch := range object.Spec.GetConfigPatches() {
			if c.misused(object, patch, diag.At("spec.configPatches", i)) {
				relative = append(relative, i)
			}
		}
		if len(relative) > 0 && object.Spec.GetPriority() == 0 {
			c.relative(object, relative, versioned)
		}
	}
}

// instead is the API that says what some EnvoyFilters say.
func (c *checker) instead(object *envoyFilter) string {
	const extensionMinor = 30
	for _, patch := range object.Spec.GetConfigPatches() {
		name := filterName(patch)
		switch {
		case slices.Contains([]string{"envoy.lua", "envoy.filters.http.lua", "envoy.filters.http.wasm"}, name) && c.Istio.Minor >= extensionMinor:
			return "a TrafficExtension, if Lua or a plugin is all that you need"
		case name == "envoy.filters.http.local_ratelimit", name == "envoy.filters.http.ratelimit":
			return "keep it in one object per namespace, and test it with each release: Istio has no other API for rate limits"
		}
	}
	return "Telemetry, ProxyConfig, DestinationRule or TrafficExtension, where one of them says the same"
}

// misused finds operations that Istio does not carry out, and reports whether the patch depends on others.
func (c *checker) misused(object *envoyFilter, patch *envoyfilter.EnvoyFilter_EnvoyConfigObjectPatch, field string) (relative bool) {
	what, operation := patch.GetApplyTo(), patch.GetPatch().GetOperation()
	if problem := incomplete(patch); problem != "" {
		c.report(diag.Finding{
			Code: diag.IncompletePatch, Source: object.At(field),
			Message: fmt.Sprintf("Istio would refuse %s: the patch has no %s", object.Resource, problem),
		})
		return false
	}
	switch operation {
	case envoyfilter.EnvoyFilter_Patch_ADD:
		c.routePatch(object, patch, field, diag.AddPatch, "operation: INSERT_FIRST or INSERT_BEFORE for a route, MERGE for a route configuration")
	case envoyfilter.EnvoyFilter_Patch_REMOVE:
		return !c.routePatch(object, patch, field, diag.RemovePatch, "a VirtualService without the route, or operation: MERGE")
	case envoyfilter.EnvoyFilter_Patch_REPLACE:
		if replaceable(what) {
			return true
		}
		c.report(diag.Finding{
			Code: diag.ReplacePatch, Source: object.At(field + ".patch.operation"),
			Message: fmt.Sprintf("Istio ignores this patch: it cannot REPLACE a %s; allowed with applyTo HTTP_FILTER, LISTENER_FILTER, NETWORK_FILTER or VIRTUAL_HOST", what),
			Try:     "operation: MERGE", Proposed: "MERGE",
		})
	case envoyfilter.EnvoyFilter_Patch_INSERT_BEFORE, envoyfilter.EnvoyFilter_Patch_INSERT_AFTER:
		return true
	case envoyfilter.EnvoyFilter_Patch_INVALID, envoyfilter.EnvoyFilter_Patch_MERGE, envoyfilter.EnvoyFilter_Patch_INSERT_FIRST,
		envoyfilter.EnvoyFilter_Patch_MERGE_AND_REPLACE_LIST:
	}
	return false
}

// replaceable lists what the code of Istio replaces, which is more than its reference says.
// https://github.com/istio/istio/tree/master/pilot/pkg/networking/core/envoyfilter
func replaceable(what envoyfilter.EnvoyFilter_ApplyTo) bool {
	return slices.Contains([]envoyfilter.EnvoyFilter_ApplyTo{
		envoyfilter.EnvoyFilter_HTTP_FILTER, envoyfilter.EnvoyFilter_NETWORK_FILTER,
		envoyfilter.EnvoyFilter_LISTENER_FILTER, envoyfilter.EnvoyFilter_VIRTUAL_HOST,
	}, what)
}

// routePatch reports ADD and REMOVE of routes and route configurations. The reference says that both are ignored; the code
// of today ignores them for route configurations only.
func (c *checker) routePatch(object *envoyFilter, patch *envoyfilter.EnvoyFilter_EnvoyConfigObjectPatch, field string, code diag.Code, try string) bool {
	operation := patch.GetPatch().GetOperation()
	finding := diag.Finding{Code: code, Source: object.At(field + ".patch.operation"), Try: try}
	routes, route := patch.GetApplyTo() == envoyfilter.EnvoyFilter_ROUTE_CONFIGURATION, patch.GetApplyTo() == envoyfilter.EnvoyFilter_HTTP_ROUTE
	switch {
	case routes:
		finding.Message = fmt.Sprintf("Istio ignores this patch: there is no %s for a ROUTE_CONFIGURATION", operation)
	case route:
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("Istio documents that it ignores %s for an HTTP_ROUTE; whether it does depends on the release", operation)
	default:
		return false
	}
	c.report(finding)
	return true
}

// incomplete names what Istio's webhook misses in a patch.
// https://github.com/istio/istio/blob/master/pkg/config/validation/envoyfilter/envoyfilter.go
func incomplete(patch *envoyfilter.EnvoyFilter_EnvoyConfigObjectPatch) string {
	operation := patch.GetPatch().GetOperation()
	switch {
	case patch.GetMatch().GetContext() == envoyfilter.EnvoyFilter_WAYPOINT:
	case patch.GetApplyTo() == envoyfilter.EnvoyFilter_INVALID:
		return "applyTo"
	case operation == envoyfilter.EnvoyFilter_Patch_INVALID:
		return "operation"
	case patch.GetPatch().GetValue() == nil && operation != envoyfilter.EnvoyFilter_Patch_REMOVE:
		return "value"
	}
	return ""
}

// relative reports the patches of an object that another one may have to come before: those of filters that are also
// patched for one version of the proxy, and the others.
func (c *checker) relative(object *envoyFilter, patches []int, versioned map[string][]versionedPatch) {
	plain := diag.Finding{
		Code: diag.RelativePatch, Severity: diag.Warning, Try: "priority: 10, or operation: INSERT_FIRST",
		Message: fmt.Sprintf("%s has no priority, and where its patch goes depends on another filter", object.Resource),
		Because: []string{"a patch is skipped when the filter that it is relative to is not there yet"},
	}
	upgrade := diag.Finding{Code: diag.RelativePatchVersion, Severity: diag.Warning, Try: plain.Try, Because: plain.Because}
	for _, i := range patches {
		patch := object.Spec.GetConfigPatches()[i]
		place := object.At(diag.At("spec.configPatches", i) + ".patch.operation")
		others := versioned[filterName(patch)]
		other := slices.IndexFunc(others, func(other versionedPatch) bool { return other.patch != patch })
		if filterName(patch) == "" || other < 0 {
			put(&plain, place)
			continue
		}
		put(&upgrade, place)
		if upgrade.Message == "" {
			upgrade.Message = fmt.Sprintf("%s has no priority, and %s patches the same filter %q for one version of the proxy only",
				object.Resource, others[other].object.Resource, filterName(patch))
			upgrade.Related = append(upgrade.Related, others[other].object.At("spec.configPatches"))
		}
	}
	if allFirst(object, patches) {
		plain.Severity = diag.Info
		plain.Message = fmt.Sprintf("%s puts its filter before all others, which EnvoyFilters after it may do too", object.Resource)
		plain.Because = []string{"without a priority, the order of EnvoyFilters is that of their creation"}
		plain.Try = "priority: 10, where another EnvoyFilter adds a filter too"
	}
	for _, finding := range []diag.Finding{plain, upgrade} {
		if finding.Source != (diag.Source{}) {
			c.report(finding)
		}
	}
}

// allFirst reports whether patches name no filter that they go before. Istio then puts theirs before all of them, and skips
// none. https://github.com/istio/istio/blob/master/pilot/pkg/networking/core/envoyfilter/listener_patch.go
func allFirst(object *envoyFilter, patches []int) bool {
	for _, i := range patches {
		patch := object.Spec.GetConfigPatches()[i]
		filter := patch.GetMatch().GetListener().GetFilterChain().GetFilter()
		named := filter.GetName()
		if patch.GetApplyTo() == envoyfilter.EnvoyFilter_HTTP_FILTER {
			named = filter.GetSubFilter().GetName()
		}
		if patch.GetPatch().GetOperation() != envoyfilter.EnvoyFilter_Patch_INSERT_BEFORE || named != "" ||
			patch.GetApplyTo() != envoyfilter.EnvoyFilter_HTTP_FILTER && patch.GetApplyTo() != envoyfilter.EnvoyFilter_NETWORK_FILTER {
			return false
		}
	}
	return true
}

// put adds a place to a finding, the first as its own.
func put(finding *diag.Finding, place diag.Source) {
	if finding.Source == (diag.Source{}) {
		finding.Source = place
		return
	}
	finding.Related = append(finding.Related, place)
}

// versionedPatch is a patch for one version of the proxy.
type versionedPatch struct {
	object *envoyFilter
	patch  *envoyfilter.EnvoyFilter_EnvoyConfigObjectPatch
}

// versionedFilters lists, by filter, the patches for one version of the proxy.
func (c *checker) versionedFilters() map[string][]versionedPatch {
	filters := map[string][]versionedPatch{}
	for _, object := range c.EnvoyFilters {
		for _, patch := range object.Spec.GetConfigPatches() {
			if name := filterName(patch); patch.GetMatch().GetProxy().GetProxyVersion() != "" {
				filters[name] = append(filters[name], versionedPatch{object, patch})
			}
		}
	}
	return filters
}

// filterName is the filter that a patch adds or changes: the one in its value, else the one that it looks for.
func filterName(patch *envoyfilter.EnvoyFilter_EnvoyConfigObjectPatch) string {
	if name := patch.GetPatch().GetValue().GetFields()["name"].GetStringValue(); name != "" {
		return name
	}
	return patch.GetMatch().GetListener().GetFilterChain().GetFilter().GetName()
}
