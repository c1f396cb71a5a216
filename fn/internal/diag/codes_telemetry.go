package diag

// Telemetry that cannot hold (MF025x).
const (
	TelemetryConflict Code = "MF0250"
	TelemetryValue    Code = "MF0251"
	NoSelector        Code = "MF0252"
	SpanProvider      Code = "MF0253"
)

func telemetrySettingEntries() []Entry {
	return []Entry{
		{
			Code: TelemetryConflict, Title: "Contradiction about telemetry",
			Text: "Two places say different things about what the sidecars of the same pods report, or the pods get no sidecar.",
			See:  []string{"https://istio.io/latest/docs/reference/config/telemetry/"},
		},
		{
			Code: TelemetryValue, Title: "A telemetry setting that cannot be",
			Text: "A value is empty, an expression is not written in CEL, or two settings exclude each other. Envoy would log nothing, or " +
				"report a tag without a value.",
			See: []string{
				"https://istio.io/latest/docs/reference/config/telemetry/",
				"https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes",
			},
		},
		{
			Code: NoSelector, Title: "Pods that nothing tells apart",
			Text: "An object of Istio's is for the pods with some labels. The pods of the workload have none, or others have them too, so the " +
				"object would be for more than was meant.",
			See: []string{"https://istio.io/latest/docs/reference/config/type/workload-selector/"},
		},
		{
			Code: SpanProvider, Title: "Tracing without a known provider",
			Text: "Spans go to the provider that the Telemetry names, or one above it, or else to the default one of the mesh, of which a new " +
				"installation has none. Nothing is traced then, also where the MeshConfig has enableTracing.",
			See: []string{"https://istio.io/latest/docs/reference/config/telemetry/#Tracing"},
		},
	}
}
