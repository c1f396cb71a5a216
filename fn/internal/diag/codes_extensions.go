package diag

import "slices"

// Telemetry, EnvoyFilters and other extensions (MF10xx).
const (
	TelemetryNoProvider      Code = "MF1001"
	SeveralTelemetries       Code = "MF1002"
	SeveralTelemetryDefaults Code = "MF1003"
	TelemetryNoWorkload      Code = "MF1004"
	ExtensionNoWorkload      Code = "MF1005"
	UncheckedPatch           Code = "MF1006"
	RelativePatch            Code = "MF1007"
	RelativePatchVersion     Code = "MF1008"
	ReplacePatch             Code = "MF1009"
	AddPatch                 Code = "MF1010"
	RemovePatch              Code = "MF1011"
	DeprecatedField          Code = "MF1012"
	RemovedKind              Code = "MF1013"
	AmbientWasmNoWaypoint    Code = "MF1014"
	AmbientWasmSelector      Code = "MF1015"
	AmbientTraceNoWaypoint   Code = "MF1016"
	AmbientTraceSelector     Code = "MF1017"
	UnknownRegistry          Code = "MF1018"
	IncompletePatch          Code = "MF1019"
	UnknownProvider          Code = "MF1031"
)

func extensionEntries() []Entry {
	return slices.Concat(telemetryEntries(), patchEntries(), outdatedEntries())
}

// telemetryEntries describe findings about Telemetry, WasmPlugin and their like.
func telemetryEntries() []Entry {
	const telemetry = "https://istio.io/latest/docs/reference/config/telemetry/"
	return []Entry{
		{
			Code: TelemetryNoProvider, Title: "Access logging without a provider", Also: []string{"IST0157"},
			Text: "Access logs go to the providers that the entry names, or else to those of a Telemetry above it, or else to the default " +
				"ones of the mesh, of which a new installation has none. Nothing is logged.",
			See: []string{telemetry + "#AccessLogging", "https://istio.io/latest/docs/reference/config/analysis/ist0157/"},
		},
		{
			Code: SeveralTelemetries, Title: "Several Telemetry objects for one workload", Also: []string{"IST0159", "KIA0003"},
			Text: "Istio does not say what happens when the selectors of two Telemetry objects match the same workload. Today it takes both, " +
				"in no order that anybody chose.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0159/"},
		},
		{
			Code: SeveralTelemetryDefaults, Title: "Several Telemetry objects for a whole namespace", Also: []string{"IST0160", "KIA0002"},
			Text: "Istio takes one Telemetry without a selector for a namespace and ignores the others. Which one depends on the order in " +
				"which they reached the cluster.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0160/"},
		},
		{
			Code: TelemetryNoWorkload, Title: "A Telemetry that selects no workload", Also: []string{"IST0101", "KIA0004"},
			Text: "No pod template of the namespace has the labels of the selector, so the Telemetry has no effect.",
			See:  []string{telemetry + "#Telemetry"},
		},
		{
			Code: UnknownProvider, Title: "Telemetry for a provider that the mesh does not have",
			Text: "A Telemetry names a provider of the mesh's configuration. Istio knows none of this name, and passes over it: nothing is " +
				"logged, traced or counted there.",
			See: []string{"https://istio.io/latest/docs/tasks/observability/telemetry/"},
		},
		{
			Code: ExtensionNoWorkload, Title: "An extension that selects no workload",
			Text: "No pod template of the namespace has the labels of the selector, so the object has no effect.",
			See:  []string{"https://istio.io/latest/docs/reference/config/type/workload-selector/"},
		},
		{
			Code: AmbientWasmNoWaypoint, Title: "A WasmPlugin in ambient mode without a waypoint", Also: []string{"KIA1111"},
			Text: "In ambient mode only a waypoint runs plugins. Calls to the target do not go through one, so the plugin never runs.",
			See:  []string{"https://istio.io/latest/docs/ambient/usage/extend-waypoint-wasm/"},
		},
		{
			Code: AmbientWasmSelector, Title: "A WasmPlugin with a selector in ambient mode", Also: []string{"KIA1116"},
			Text: "In ambient mode only a waypoint runs plugins, and a waypoint takes only objects with targetRefs. The plugin never runs.",
			See:  []string{"https://istio.io/latest/docs/ambient/usage/extend-waypoint-wasm/"},
		},
		{
			Code: AmbientTraceNoWaypoint, Title: "Telemetry of requests in ambient mode without a waypoint", Also: []string{"KIA1112"},
			Text: "In ambient mode only a waypoint sees requests. Calls to the target do not go through one, so nothing is traced or logged.",
			See:  []string{"https://istio.io/latest/docs/ambient/usage/l7-features/"},
		},
		{
			Code: AmbientTraceSelector, Title: "Telemetry of requests with a selector in ambient mode", Also: []string{"KIA1117"},
			Text: "In ambient mode only a waypoint sees requests, and a waypoint takes only objects with targetRefs. Nothing is traced or logged.",
			See:  []string{"https://istio.io/latest/docs/ambient/usage/l7-features/"},
		},
	}
}

// patchEntries describe findings about EnvoyFilters.
func patchEntries() []Entry {
	const filter = "https://istio.io/latest/docs/reference/config/networking/envoy-filter/"
	const operations = filter + "#EnvoyFilter-Patch-Operation"
	return []Entry{
		{
			Code: UncheckedPatch, Title: "An EnvoyFilter, which nobody can check beforehand",
			Text: "An EnvoyFilter changes the configuration of proxies as Istio writes it today. Names and fields change with each release " +
				"of Istio and Envoy, and a patch that no longer fits is ignored or breaks the listener.",
			See: []string{filter, "https://istio.io/latest/docs/ops/common-problems/upgrade-issues/#envoyfilter-migration"},
		},
		{
			Code: RelativePatch, Title: "A patch that depends on the order of EnvoyFilters", Also: []string{"IST0151"},
			Text: "The patch is placed relative to a filter, or changes one, that may itself come from a patch. Without a priority, it can be " +
				"applied before that filter is there, and is then skipped.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0151/"},
		},
		{
			Code: RelativePatchVersion, Title: "A patch that depends on one for some proxies only", Also: []string{"IST0155"},
			Text: "Another EnvoyFilter patches the same filter for one version of the proxy. Without a priority, this patch can be skipped " +
				"during an upgrade, when proxies of both versions run.",
			See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0155/"},
		},
		{
			Code: ReplacePatch, Title: "REPLACE where Istio cannot replace", Also: []string{"IST0152"},
			Text: "Istio replaces filters and virtual hosts. A patch that replaces anything else is ignored.",
			See:  []string{operations},
		},
		{
			Code: AddPatch, Title: "ADD where Istio cannot add", Also: []string{"IST0153"},
			Text: "Istio ignores a patch that adds a route configuration, and promises nothing for one that adds a route.",
			See:  []string{operations},
		},
		{
			Code: RemovePatch, Title: "REMOVE where Istio cannot remove", Also: []string{"IST0154"},
			Text: "Istio ignores a patch that removes a route configuration, and promises nothing for one that removes a route.",
			See:  []string{operations},
		},
		{
			Code: IncompletePatch, Title: "An EnvoyFilter that Istio would refuse", Also: []string{"IST0106"},
			Text: "A patch needs applyTo, an operation, and a value unless it removes something. Istio's webhook refuses the object otherwise.",
			See:  []string{filter},
		},
	}
}

// outdatedEntries describe findings about what Istio no longer has.
func outdatedEntries() []Entry {
	return []Entry{
		{
			Code: DeprecatedField, Title: "A deprecated field", Also: []string{"IST0002"},
			Text: "Istio keeps the field for old objects and may drop it. Some of these fields have no effect any more.",
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0002/"},
		},
		{
			Code: RemovedKind, Title: "A kind that Istio no longer has", Also: []string{"IST0002"},
			Text: "No release that still gets fixes knows this kind. The object is refused, or stays in the cluster without any effect.",
			See:  []string{"https://istio.io/latest/docs/reference/config/analysis/ist0002/"},
		},
		{
			Code: UnknownRegistry, Title: "A network of a cluster that is not known", Also: []string{"IST0126"},
			Text: "fromRegistry names the cluster whose endpoints belong to a network. With another name than that of the cluster, Istio " +
				"takes its endpoints for local ones and calls them without the gateway between the networks.",
			See: []string{"https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#Network-NetworkEndpoints"},
		},
	}
}
